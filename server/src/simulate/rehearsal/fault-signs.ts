import { splitDeviceId } from '@ppe-pulse/protocol';
import type { FaultId } from '../fault-catalogue.ts';

/** By what a collector shows that a fault is there. */
export type FaultSign =
  /** A verdict turns bad; `reason` where the check has several faults to tell apart. */
  | {
      readonly kind: 'verdict';
      readonly check: string;
      readonly reason?: string;
      /** What a room that is isolated just then brings back: a counter that stood, and went on. */
      readonly stalled?: string;
    }
  /** A number falls below. */
  | { readonly kind: 'low'; readonly metric: string; readonly below: number }
  /** A claim that the devices do not bear out. */
  | { readonly kind: 'mismatch' }
  /** No machine sees it, or it is no fault. */
  | { readonly kind: 'none' };

const verdict = (check: string, reason?: string): FaultSign =>
  reason === undefined ? { kind: 'verdict', check } : { kind: 'verdict', check, reason };
const silence = verdict('heartbeat');
const printer: FaultSign = {
  kind: 'verdict',
  check: 'printer.state',
  stalled: 'printer.pages.count',
};

/** The sign of every fault of the catalogue. */
export const faultSigns: Readonly<Record<FaultId, FaultSign>> = {
  printerJam: printer,
  outOfPaper: printer,
  noToner: printer,
  stuckQueue: printer,
  slowPrint: { kind: 'low', metric: 'printer.speed.pagesPerMinute', below: 10 },
  scannerAbsent: verdict('scanner.state'),
  adfJam: verdict('scanner.state'),
  cameraOff: verdict('camera.stream'),
  cameraFrozen: verdict('camera.stream', 'frozen'),
  cameraBlack: verdict('camera.stream', 'black'),
  cameraLowFps: verdict('camera.stream'),
  wrongOverlay: { kind: 'none' },
  headsetUnplugged: verdict('audio.headset'),
  lineCut: silence,
  slowLine: verdict('net.down'),
  lossyLine: verdict('net.loss'),
  dnsBroken: verdict('net.portal'),
  portalUnreachable: verdict('net.portal'),
  reserveDead: verdict('net.reserve'),
  slowEm: { kind: 'low', metric: 'net.em.ratio', below: 0.995 },
  hqOff: silence,
  powerCut: silence,
  wrongClock: verdict('clock.skew'),
  wrongZone: verdict('clock.zone'),
  clockStep: verdict('clock.skew'),
  pcAsleep: silence,
  pcRebooted: silence,
  clonedImage: { kind: 'none' },
  diskFull: verdict('pc.disk'),
  agentKilled: silence,
  providerCut: silence,
  collectorCutOff: silence,
  roomsSilentByExam: { kind: 'none' },
  earlyClaim: { kind: 'mismatch' },
};

/** One bucket of a series; `min` and `max` are null where nothing was measured. */
export interface ToldPoint {
  /** RFC 3339, the collector's wall clock. */
  readonly at: string;
  readonly min: number | null;
  readonly max: number | null;
}

/** Growth that is noise of the edges: what came out between two looks. */
const STOOD_WITHIN = 3;

/** When a counter stood within a window and went on after it; undefined when it did not. */
export function stalledAtMs(
  points: readonly ToldPoint[],
  [fromMs, toMs]: readonly [number, number],
): number | undefined {
  const told = points
    .filter(({ min, max }) => min !== null && max !== null)
    .map(({ at, max }) => ({ atMs: Date.parse(at), value: max ?? 0 }));
  const inside = told.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last || first === last || last.value - first.value > STOOD_WITHIN)
    return undefined;
  const went = told.some(({ atMs, value }) => atMs > toMs && value > last.value + STOOD_WITHIN);
  return went ? first.atMs : undefined;
}

/** A flip as the collector's API tells it. */
export interface ToldFlip {
  readonly checkId: string;
  readonly to: string;
  readonly reason: string;
  /** RFC 3339, the collector's wall clock. */
  readonly at: string;
}

/** True when a flip is the sign of a fault. */
export function isSign(sign: FaultSign, { checkId, to, reason }: ToldFlip): boolean {
  if (sign.kind !== 'verdict') return false;
  if (splitDeviceId(checkId)?.base !== sign.check) return false;
  if (to === 'ok' || to === 'silentByRule' || to === 'notInvolved') return false;
  return sign.reason === undefined || sign.reason === reason;
}
