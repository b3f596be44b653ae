import { CLONE_CHECK, HEARTBEAT_CHECK } from '@ppe-pulse/protocol';
import type { CheckVerdict, HqWorkstation } from '@ppe-pulse/protocol';

/** A workstation as a table of rooms needs it: a relay's, or the collector's in its shape. */
export type RoomStation = Pick<
  HqWorkstation,
  'id' | 'placement' | 'verdict' | 'reason' | 'lastSeenMs' | 'checks' | 'carried' | 'clones'
>;

/** How a workstation is known now. */
export type Hearing =
  | 'live'
  /** It should be heard and is not. */
  | 'silent'
  /** It is not heard, and a flash drive brought something newer than what was heard. */
  | 'carried'
  /** It is not heard because the plan says so. */
  | 'byRule'
  | 'notInvolved';

export function hearingOf(workstation: RoomStation): Hearing {
  const { verdict } = workstation;
  if (verdict === 'notInvolved') return 'notInvolved';
  if (verdict !== 'silentByRule' && heartbeatOf(workstation).verdict !== 'unknown') return 'live';
  if (isCarriedNewer(workstation)) return 'carried';
  return verdict === 'silentByRule' ? 'byRule' : 'silent';
}

/** The verdict about being heard; a relay that leaves it out says it by the whole's verdict. */
export function heartbeatOf({ checks, verdict, reason, lastSeenMs }: RoomStation): CheckVerdict {
  const said = checks.find(({ id }) => id === HEARTBEAT_CHECK);
  if (said) return said;
  const isUnheard = lastSeenMs === null || (verdict === 'unknown' && checks.length === 0);
  return {
    id: HEARTBEAT_CHECK,
    verdict: isUnheard ? 'unknown' : 'ok',
    reason: isUnheard ? reason : 'ok',
    evidence: {},
    ageMs: 0,
  };
}

/** The verdict about a second PC with the same key, undefined for there is none. */
export function cloneOf({ checks, clones }: RoomStation): CheckVerdict | undefined {
  const said = checks.find(({ id }) => id === CLONE_CHECK);
  if (said ?? clones === 0) return said;
  return { id: CLONE_CHECK, verdict: 'fail', reason: 'cloned', evidence: {}, ageMs: 0 };
}

/** Checks that the workstation itself judged. */
export function ownChecks({ checks }: RoomStation): readonly CheckVerdict[] {
  return checks.filter(({ id }) => id !== HEARTBEAT_CHECK && id !== CLONE_CHECK);
}

/** True for a check that is not as it should be; one that waits for a plan is nobody's fault. */
export function isUpset({ verdict, reason }: Pick<CheckVerdict, 'verdict' | 'reason'>): boolean {
  return (verdict === 'fail' || verdict === 'warn' || verdict === 'unknown') && reason !== 'noPlan';
}

const silences: ReadonlySet<string> = new Set(['silent', 'notYetHeard', 'notReturned']);

/** True for the reasons of a PC that should be heard and is not. */
export function isSilent(reason: string): boolean {
  return silences.has(reason);
}

/** How many workstations take part, are heard, are silent by the plan, are known by flash drive. */
export interface Census {
  readonly total: number;
  readonly live: number;
  readonly byRule: number;
  readonly carried: number;
}

export function censusOf({
  workstations,
}: {
  readonly workstations: readonly RoomStation[];
}): Census {
  const hearings = workstations.map(hearingOf);
  const count = (which: Hearing): number => hearings.filter((each) => each === which).length;
  return {
    total: workstations.length - count('notInvolved'),
    live: count('live'),
    byRule: count('byRule'),
    carried: count('carried'),
  };
}

function isCarriedNewer({ carried, lastSeenMs }: RoomStation): boolean {
  return carried !== null && (lastSeenMs === null || carried.newestAtMs > lastSeenMs);
}
