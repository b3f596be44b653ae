import { CLONE_CHECK, judgeClone } from '../fleet/clone.ts';
import { splitDeviceId } from '../checks/devices.ts';
import { HEARTBEAT_CHECK } from '../checks/heartbeat.ts';
import type { CheckVerdict, Evidence } from '../messages/shared.ts';
import type { WorkstationState } from '../fleet/workstation-state.ts';
import type { Verdict } from '../truth.ts';
import { isJudgedBy } from '../workstation.ts';
import type { Phase } from './phase.ts';
import { AWAY_AFTER_MS, BLIND_AFTER_MS, alertRuleOf, type AlertRule } from './rules.ts';
import { silentReasons } from './severity.ts';

/** A workstation as the engine looks at it. */
export type SeenStation = Pick<
  WorkstationState,
  'id' | 'placement' | 'heartbeat' | 'checks' | 'clone' | 'problems'
>;

/** Something wrong that may become an incident. */
export interface Upset {
  /** With the device's number. */
  readonly checkId: string;
  readonly rule: AlertRule;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly evidence: Evidence;
  readonly openAfterMs: number;
  /** Cumulative outage of the room's video, ms; 0 for others. */
  readonly outageMs: number;
}

/** Left in order: nobody's fault, unless it happens while the workstation is needed. */
const awayReasons: ReadonlySet<string> = new Set(['saidGoodbye', 'asleep']);
/** What is not measured any more; other unknowns were never measured and are the readiness sheet's. */
const blindReasons: ReadonlySet<string> = new Set([
  'probeFailed',
  'probeDeadline',
  'probeQuarantined',
  'stale',
]);
const CAMERA_STREAM = 'camera.stream';

/**
 * All that is wrong at a workstation and has a rule. Silence by rule and places that take no part have
 * nothing; of a silent workstation only its silence is known. Pure.
 */
export function upsetsOf(station: SeenStation, phase: Phase): Upset[] {
  const { heartbeat, clone } = station;
  if (station.problems.length === 0 || heartbeat.verdict === 'notInvolved') return [];
  const upsets: Upset[] = [];
  const add = (check: CheckVerdict, outageMs = 0): void => {
    const upset = upsetOf(check, { station, phase, outageMs });
    if (upset) upsets.push(upset);
  };
  add(heartbeat);
  if (clone) add(judgeClone(clone));
  if (!isJudgedBy(heartbeat)) return upsets;
  for (const check of station.checks) {
    if (check.verdict === 'ok' || check.reason === 'noPlan') continue;
    add(check, outageOf(check, station));
  }
  return upsets;
}

interface Where {
  readonly station: SeenStation;
  readonly phase: Phase;
  readonly outageMs: number;
}

function upsetOf(check: CheckVerdict, { station, phase, outageMs }: Where): Upset | undefined {
  const base = splitDeviceId(check.id)?.base ?? check.id;
  const rule = alertRuleOf(base);
  const openAfterMs = rule && openAfter(rule, check, { station, phase });
  if (!rule || openAfterMs === undefined) return undefined;
  const { id: checkId, verdict, reason, evidence } = check;
  return { checkId, rule, verdict, reason, evidence, openAfterMs, outageMs };
}

/** Undefined for what opens nothing. */
function openAfter(
  rule: AlertRule,
  { id, verdict, reason }: CheckVerdict,
  { station, phase }: Pick<Where, 'station' | 'phase'>,
): number | undefined {
  if (id === HEARTBEAT_CHECK) {
    if (silentReasons.has(reason)) return rule.openAfterMs;
    const isNeeded = phase === 'opening' || phase === 'exam';
    const isAway = awayReasons.has(reason) && isNeeded && station.placement.duty === 'main';
    return isAway ? AWAY_AFTER_MS : undefined;
  }
  if (id === CLONE_CHECK || verdict === 'fail') return rule.openAfterMs;
  if (verdict === 'warn') return rule.opensOnWarn ? rule.openAfterMs : undefined;
  return blindReasons.has(reason) ? BLIND_AFTER_MS : undefined;
}

/**
 * How long the place of a camera was without any video: a `video` PC looks at rooms that it does not
 * tell apart, so each of its cameras is one; in a room all must be out, and the least of their
 * outages is taken. The agents count, over restarts of the collector and while they are not heard.
 */
function outageOf(check: CheckVerdict, { checks, placement }: SeenStation): number {
  const split = splitDeviceId(check.id);
  if (split?.base !== CAMERA_STREAM || check.verdict !== 'fail') return 0;
  const cameras = checks.filter(({ id }) => splitDeviceId(id)?.base === CAMERA_STREAM);
  const isAlone = placement.role === 'video' || placement.role === 'rcoi';
  const dark = isAlone ? [check] : cameras;
  if (dark.some(({ verdict }) => verdict !== 'fail')) return 0;
  const seconds = dark.map(({ id }) => {
    const device = splitDeviceId(id)?.device;
    const outage = checks.find(({ id: other }) => other === `camera.${device}.outage`);
    const value = outage?.evidence.value;
    return typeof value === 'number' ? value : 0;
  });
  return Math.min(...seconds) * 1_000;
}
