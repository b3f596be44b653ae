import { appRunning } from './app.ts';
import { audioHeadset, audioOut } from './audio.ts';
import { cameraOutage, cameraOverlay, cameraStream } from './camera.ts';
import type { CheckDefinition } from './check.ts';
import { deviceId, splitDeviceId } from './devices.ts';
import type { Subject } from '../facts/facts.ts';
import type { FactsCheck } from './facts-check.ts';
import { clockSkew, pcCpu, pcDisk, pcRam } from './host.ts';
import { isoInternet, netEmEta, netPortal, netReserve, netUplinkHeadroom } from './line.ts';
import { netDown, netLoss, netRtt } from './net.ts';
import { clockZone, pcScreen, pcSoftware, pcUps } from './pc.ts';
import { printerEta, printerPaper, printerState, printerTestPage } from './printer.ts';
import { scannerState } from './scanner.ts';

/**
 * Every check that is judged from measurements, in the order people read them. A new check is a
 * definition in its family's file and one line here.
 */
export const checks: readonly CheckDefinition[] = [
  netDown,
  netRtt,
  netLoss,
  clockSkew,
  pcCpu,
  pcRam,
  pcDisk,
  appRunning,
];

/** A definition of any subject, typed by its own. */
export type AnyFactsCheck = { [S in Subject]: FactsCheck<S> }[Subject];

/** Every check that is judged from facts, in the order people read them. */
export const factsChecks: readonly AnyFactsCheck[] = [
  printerState,
  printerPaper,
  printerEta,
  printerTestPage,
  scannerState,
  audioOut,
  audioHeadset,
  cameraStream,
  cameraOutage,
  cameraOverlay,
  netPortal,
  netReserve,
  netEmEta,
  netUplinkHeadroom,
  isoInternet,
  clockZone,
  pcScreen,
  pcSoftware,
  pcUps,
];

const mainMetrics: ReadonlyMap<string, string> = new Map([
  ...checks.map((each): [string, string] => [each.id, each.metrics[0]]),
  ...factsChecks.map((each): [string, string] => [each.id, each.mainMetric]),
]);

/** Every id of a definition, without devices' numbers. */
export const checkIds: readonly string[] = [...mainMetrics.keys()];

/**
 * The metric that a check's chart shows, of the same device; undefined for `heartbeat` and for ids
 * of a newer peer.
 */
export function mainMetricOf(checkId: string): string | undefined {
  const split = splitDeviceId(checkId);
  const main = split && mainMetrics.get(split.base);
  return main === undefined || split === undefined ? undefined : deviceId(main, split.device);
}
