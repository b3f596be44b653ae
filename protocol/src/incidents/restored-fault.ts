import { splitDeviceId } from '../checks/devices.ts';
import type { Moment } from '../session/clock-mapping.ts';
import { causeOf, type Fault } from './fault.ts';
import type { KeptFault } from './kept-fault.ts';
import { alertRuleOf } from './rules.ts';

/** A fault that was told before a restart; undefined where its rule no longer exists. */
export function restoredFault(kept: KeptFault, now: Moment): Fault | undefined {
  const rule = alertRuleOf(splitDeviceId(kept.checkId)?.base ?? kept.checkId);
  if (!rule) return undefined;
  return {
    ...kept,
    rule,
    stage: kept.incidentId === null ? 'dismissed' : 'open',
    cause: causeOf(rule, kept.reason),
    outageMs: 0,
    sinceMs: now.monotonicMs - Math.max(0, now.wallMs - kept.sinceAtMs),
    dueMs: 0,
    isUnheard: false,
    flips: [],
  };
}

/** What is written of a fault. */
export function keptOf(fault: Fault): KeptFault {
  const { sourceId, checkId, incidentId, verdict, reason, evidence, sinceAtMs } = fault;
  return { sourceId, checkId, incidentId, verdict, reason, evidence, sinceAtMs };
}
