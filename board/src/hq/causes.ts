import type { CheckVerdict, HqFrame, HqUplink, HqWorkstation, Verdict } from '@ppe-pulse/protocol';
import { columnOf, columns, subjectOf, type Subject } from '../rooms/columns.ts';
import { faultKey, type HqState, type Since } from './hq-state.ts';
import {
  cloneOf,
  hearingOf,
  heartbeatOf,
  isSilent,
  isUpset,
  ownChecks,
} from '../rooms/standing.ts';
import { isUnheard } from './unheard.ts';

/** One thing to put right, wherever it is: the same fault in three rooms is one line. */
export interface Cause {
  readonly key: string;
  /** What is wrong: a device, a thing of the PC, or the Штаб's own line outwards. */
  readonly subject: Subject | 'uplink';
  readonly verdict: Verdict;
  readonly reason: string;
  /** What else the same device says. */
  readonly alsoReasons: readonly string[];
  /** Nobody needs to do anything now. */
  readonly isNote: boolean;
  readonly advice: 'byReason' | 'manySilent' | 'carried';
  readonly places: readonly Place[];
  /** The longest of the places; null for not known. */
  readonly since: Since | null;
}

export interface Place {
  readonly workstation: HqWorkstation;
  readonly number: number;
}

/** Told, but nothing to hurry for: it passes by itself, is on purpose, or is nobody's fault. */
const notes: ReadonlySet<string> = new Set([
  'late',
  'notMeasured',
  'notConfigured',
  'notSupported',
  'restarting',
  'stageOffline',
  'saidGoodbye',
  'asleep',
  'scannerBusy',
  'optionalMissing',
]);
/** Carried data stand in for a PC this long; after that it is looked after again. */
const CARRIED_FRESH_MS = 3_600_000;
/** So many silent PCs at once are one cable or one switch, not so many PCs. */
const MANY_SILENT = 3;

/** What to put right now and what is only to be known, each worst first. Pure. */
export function causesOf({ frame, since }: HqState): Cause[] {
  if (!frame) return [];
  const byKey = new Map<string, Cause>();
  for (const workstation of frame.workstations) {
    for (const fault of faultsOf(workstation, frame.atMs)) {
      const cause = causeOf(workstation, fault, since);
      const known = byKey.get(cause.key);
      byKey.set(cause.key, known ? joined(known, cause) : cause);
    }
  }
  const causes = [...byKey.values()].map((each) => withManySilent(each, frame));
  const uplink = uplinkCause(frame.uplink, frame.atMs);
  return [...(uplink ? [uplink] : []), ...causes].sort(
    (a, b) =>
      rankOf(b) - rankOf(a) ||
      b.places.length - a.places.length ||
      orderOf(a) - orderOf(b) ||
      (a.key < b.key ? -1 : 1),
  );
}

/** A fault of one workstation: a check and what other checks of the same device say. */
interface Fault {
  readonly check: CheckVerdict;
  readonly also: readonly string[];
  readonly isCarried: boolean;
}

function faultsOf(workstation: HqWorkstation, atMs: number): Fault[] {
  const single = (check: CheckVerdict, isCarried = false): Fault => ({
    check,
    also: [],
    isCarried,
  });
  const clone = cloneOf(workstation);
  const faults = clone ? [single(clone)] : [];
  const hearing = hearingOf(workstation);
  const heartbeat = heartbeatOf(workstation);
  if (hearing === 'live') {
    const own = [heartbeat, ...ownChecks(workstation)].filter(isUpset);
    return [...faults, ...byDevice(own)];
  }
  if (hearing === 'silent') return [...faults, single(heartbeat)];
  if (hearing === 'carried' && workstation.verdict !== 'silentByRule') {
    const ageMs = atMs - (workstation.carried?.newestAtMs ?? 0);
    return [...faults, single(heartbeat, ageMs <= CARRIED_FRESH_MS)];
  }
  return faults;
}

/** Checks of one device become one fault, its worst first; checks of the PC stand alone. */
function byDevice(upset: readonly CheckVerdict[]): Fault[] {
  const groups = new Map<string, CheckVerdict[]>();
  for (const check of upset) {
    const { kind, number } = subjectOf(check.id);
    const key = kind === undefined ? check.id : `${kind} ${number}`;
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  return [...groups.values()].flatMap((group) => {
    const [worst, ...rest] = [...group].sort((a, b) => weightOf(b) - weightOf(a));
    if (!worst) return [];
    const also = rest.filter(({ reason }) => reason !== worst.reason && !notes.has(reason));
    return [{ check: worst, also: also.map(({ reason }) => reason), isCarried: false }];
  });
}

function causeOf(
  workstation: HqWorkstation,
  { check, also, isCarried }: Fault,
  since: HqState['since'],
): Cause {
  const { id, verdict, reason } = check;
  const subject = subjectOf(id);
  const isReserveOff = workstation.placement.duty === 'reserve' && reason === 'notYetHeard';
  const isNote = notes.has(reason) || isCarried || isReserveOff;
  const what = subject.kind ?? subject.base;
  return {
    key: [what, reason, verdict, isNote, isCarried].join(' '),
    subject,
    verdict,
    reason,
    alsoReasons: also,
    isNote,
    advice: isCarried ? 'carried' : 'byReason',
    places: [{ workstation, number: subject.number }],
    since: isSilent(reason)
      ? lastHeard(workstation)
      : (since.get(faultKey(workstation.id, id, reason)) ?? null),
  };
}

function lastHeard({ lastSeenMs }: HqWorkstation): Since | null {
  return lastSeenMs === null ? null : { atMs: lastSeenMs, isAtLeast: false };
}

function joined(known: Cause, added: Cause): Cause {
  return {
    ...known,
    alsoReasons: [...new Set([...known.alsoReasons, ...added.alsoReasons])],
    places: [...known.places, ...added.places],
    since: earlier(known.since, added.since),
  };
}

function earlier(a: Since | null, b: Since | null): Since | null {
  if (!a || !b) return a ?? b;
  return a.atMs <= b.atMs ? a : b;
}

function withManySilent(cause: Cause, { workstations }: HqFrame): Cause {
  const others = workstations.filter(({ isRelay }) => !isRelay).length;
  const isMany = cause.places.length >= MANY_SILENT && cause.places.length * 2 >= others;
  return cause.reason === 'silent' && cause.advice === 'byReason' && isMany
    ? { ...cause, advice: 'manySilent' }
    : cause;
}

function uplinkCause(uplink: HqUplink, atMs: number): Cause | undefined {
  if (!isUnheard(uplink, atMs)) return undefined;
  const { state, sinceMs } = uplink;
  return {
    key: 'uplink',
    subject: 'uplink',
    verdict: state === 'stopped' ? 'fail' : 'warn',
    reason: state,
    alsoReasons: [],
    isNote: false,
    advice: 'byReason',
    places: [],
    since: { atMs: sinceMs, isAtLeast: false },
  };
}

/** A PC that should be heard and is not comes before a warning: nobody knows how it fares. */
function weightOf({ verdict, reason }: Pick<CheckVerdict, 'verdict' | 'reason'>): number {
  if (reason === 'outageCritical') return 6;
  if (verdict === 'fail') return 5;
  if (verdict === 'unknown') return isSilent(reason) ? 4 : 2;
  return 3;
}

function rankOf(cause: Cause): number {
  return weightOf(cause) - (cause.isNote ? 10 : 0);
}

/** Among equals what an exam stops without comes first: printing, scanning, video, sound. */
function orderOf({ subject }: Cause): number {
  if (subject === 'uplink') return columns.length;
  const { kind, base } = subject;
  if (kind === undefined) return columnOf(base) === 'pc' ? columns.length - 1 : columns.length;
  return columns.findIndex((each) => each.startsWith(kind));
}
