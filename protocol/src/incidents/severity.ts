import type { Duty } from '../placement.ts';
import type { Verdict } from '../truth.ts';
import type { IncidentLevel, Severity } from './incident.ts';
import type { Phase } from './phase.ts';
import type { AlertRule } from './rules.ts';

/** Video that was out for so long counts against the room, `domain.md` check 19: red, and annulled. */
export const OUTAGE_TOLD_MS = 5 * 60_000;
export const OUTAGE_CRITICAL_MS = 15 * 60_000;
export const OUTAGE_ANNULS_MS = 20 * 60_000;

/** What a fault weighs by. */
export interface Weighed {
  readonly rule: AlertRule;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly duty: Duty;
  readonly phase: Phase;
  /** Of the incident that covers it. */
  readonly level: IncidentLevel;
  /** How long its room was without any video, cumulative, ms; 0 for other faults. */
  readonly outageMs: number;
}

const wide: ReadonlySet<IncidentLevel> = new Set(['municipality', 'provider', 'region']);
const collectorWarnings: ReadonlySet<string> = new Set(['diskNearlyFull']);

/** How bad a fault is where it stands and when. Pure. */
export function severityOf(fault: Weighed): Severity {
  const { rule, verdict, phase, duty, level } = fault;
  if (level === 'collector') return collectorWarnings.has(fault.reason) ? 'warning' : 'critical';
  if (phase === 'closed') return 'warning';
  const isRed = verdict === 'fail' || isSilence(fault);
  if (!isRed) return 'warning';
  // Half a municipality at once is a call to make at any hour.
  if (wide.has(level)) return 'critical';
  const isDark = fault.outageMs >= OUTAGE_CRITICAL_MS && (phase === 'opening' || phase === 'exam');
  if (isDark) return 'critical';
  return duty === 'main' && rule.criticalIn.includes(phase) ? 'critical' : 'warning';
}

function isSilence({ rule, reason }: Weighed): boolean {
  return rule.kind === 'heartbeat' && silentReasons.has(reason);
}

/** A workstation that should be heard and is not: both are one cause. */
export const silentReasons: ReadonlySet<string> = new Set(['silent', 'notReturned']);
