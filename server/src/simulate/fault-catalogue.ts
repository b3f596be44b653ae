import type { SimulatedWorkstation } from './region.ts';

/**
 * What a fault strikes: one workstation, a ППЭ with all that is in it, or the way of everybody to
 * the collector. `share` counts these.
 */
export type FaultScope = 'workstation' | 'site' | 'region';

/** A failure that the simulator can show; ids follow `domain.md`, «Failures to tell apart». */
export interface FaultDefinition {
  readonly scope: FaultScope;
  /** Workstations of a struck ППЭ (or the workstation itself) that can have it. */
  readonly strikes: (workstation: SimulatedWorkstation) => boolean;
  /** ППЭ that are struck when the script does not say how many; undefined is all that match. */
  readonly sites?: number;
}

const anything = (): boolean => true;
const hasPrinter = (each: SimulatedWorkstation): boolean => each.hasPrinter && each.isInRoom;
const hasScanner = (each: SimulatedWorkstation): boolean => each.hasScanner;
const hasCameras = (each: SimulatedWorkstation): boolean => each.cameras > 0;
const isHq = (each: SimulatedWorkstation): boolean => each.placement.role === 'hq';
const isSpeaking = (each: SimulatedWorkstation): boolean => each.placement.role === 'speaking';
const isInRoom = (each: SimulatedWorkstation): boolean => each.isInRoom;

const one = (strikes: FaultDefinition['strikes']): FaultDefinition => ({
  scope: 'workstation',
  strikes,
});
const site = (strikes: FaultDefinition['strikes']): FaultDefinition => ({ scope: 'site', strikes });

/** Every fault by its id. A new one is a line here and a few where it shows. */
export const faultCatalogue = {
  printerJam: one(hasPrinter),
  outOfPaper: one(hasPrinter),
  noToner: one(hasPrinter),
  stuckQueue: one(hasPrinter),
  slowPrint: one(hasPrinter),
  scannerAbsent: one(hasScanner),
  adfJam: one(hasScanner),
  cameraOff: one(hasCameras),
  cameraFrozen: one(hasCameras),
  cameraBlack: one(hasCameras),
  cameraLowFps: one(hasCameras),
  wrongOverlay: one(hasCameras),
  headsetUnplugged: one(isSpeaking),
  lineCut: site(anything),
  slowLine: site(isHq),
  lossyLine: site(anything),
  dnsBroken: site(isHq),
  portalUnreachable: site(isHq),
  reserveDead: site(isHq),
  slowEm: site(isHq),
  hqOff: site(isHq),
  powerCut: site(anything),
  wrongClock: one(anything),
  wrongZone: one(anything),
  clockStep: one(anything),
  pcAsleep: one(anything),
  pcRebooted: one(anything),
  clonedImage: one(anything),
  diskFull: one(anything),
  agentKilled: one(anything),
  providerCut: { scope: 'site', strikes: anything, sites: 14 },
  collectorCutOff: { scope: 'region', strikes: anything },
  roomsSilentByExam: site(isInRoom),
  earlyClaim: one(hasPrinter),
} as const satisfies Record<string, FaultDefinition>;

export type FaultId = keyof typeof faultCatalogue;

export const faultIds = Object.keys(faultCatalogue) as readonly FaultId[];

/** The definition of a fault, with the optional parts in its type. */
export function faultDefinition(id: FaultId): FaultDefinition {
  return faultCatalogue[id];
}
