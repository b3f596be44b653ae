import { appRunning } from './app.ts';
import type { CheckDefinition } from './check.ts';
import { clockSkew, pcCpu, pcDisk, pcRam } from './host.ts';
import { netDown, netLoss, netRtt } from './net.ts';

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

const byId: ReadonlyMap<string, CheckDefinition> = new Map(checks.map((each) => [each.id, each]));

/** The definition of a check, or undefined for `heartbeat` and for ids of a newer peer. */
export function checkOf(id: string): CheckDefinition | undefined {
  return byId.get(id);
}
