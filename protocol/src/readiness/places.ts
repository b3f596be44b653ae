import type { Evidence } from '../messages/shared.ts';
import type { Verdict } from '../truth.ts';
import type { Judged } from './condition.ts';
import type { Sight } from './station.ts';

/** How one place of a condition stands: a workstation, a room, a camera, a role. */
export interface Place {
  readonly roomCode: string | null;
  readonly verdict: Verdict;
  readonly reason: string;
  /** When it was read, null for never. */
  readonly atMs: number | null;
  /** Nobody hears it: another thing than heard and not measured. */
  readonly isUnheard?: boolean;
}

/**
 * How much a verdict spoils the whole. Other than in `truth.ts` a place that is silent by rule, or
 * takes no part, is not met however good the others are.
 */
const weight: Record<Verdict, number> = {
  ok: 0,
  notInvolved: 1,
  silentByRule: 2,
  unknown: 3,
  warn: 4,
  fail: 5,
};

/** The worse of two for readiness. */
export function isWorse(verdict: Verdict, than: Verdict): boolean {
  return weight[verdict] > weight[than];
}

/** The verdict that spoils readiness most; `notInvolved` for none. */
export function spoilingVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict | undefined;
  for (const each of verdicts) {
    if (worst === undefined || isWorse(each, worst)) worst = each;
  }
  return worst ?? 'notInvolved';
}

/** A place that cannot be read, as its sight says. */
export function unreadable(
  roomCode: string | null,
  sight: Exclude<Sight, { kind: 'readable' }>,
): Place {
  const isUnheard = sight.kind === 'unheard';
  const verdict = sight.kind === 'unheard' ? 'unknown' : sight.kind;
  return { roomCode, verdict, reason: sight.reason, atMs: null, isUnheard };
}

/** What all places together say: every one must be `ok`. The commonest reason of the worst is told. */
export function tally(places: readonly Place[], more: Evidence = {}): Judged {
  const counts = { ok: 0, warn: 0, fail: 0, unheard: 0, unmeasured: 0, silent: 0 };
  const rooms = new Set<string>();
  let readAtMs: number | null = null;
  let total = 0;
  for (const place of places) {
    if (place.verdict === 'notInvolved') continue;
    total += 1;
    if (place.verdict === 'silentByRule') counts.silent += 1;
    else if (place.verdict !== 'unknown') counts[place.verdict] += 1;
    else if (place.isUnheard === true) counts.unheard += 1;
    else counts.unmeasured += 1;
    if (place.verdict !== 'ok' && place.roomCode !== null) rooms.add(place.roomCode);
    if (place.atMs !== null) readAtMs = Math.min(readAtMs ?? Infinity, place.atMs);
  }
  const verdict = spoilingVerdict(places.map((each) => each.verdict));
  return {
    verdict,
    reason: commonestReason(places, verdict),
    evidence: { ...evidenceOf(counts, total), ...more },
    readAtMs,
    rooms: [...rooms],
    dueMs: Infinity,
  };
}

/** The place that stands best: of a thing that one workstation of several must show. */
export function bestOf(places: readonly Place[]): Place | undefined {
  let best: Place | undefined;
  for (const each of places) if (!best || isWorse(best.verdict, each.verdict)) best = each;
  return best;
}

/** The place that stands worst. */
export function worstOf(places: readonly Place[]): Place | undefined {
  let worst: Place | undefined;
  for (const each of places) if (!worst || isWorse(each.verdict, worst.verdict)) worst = each;
  return worst;
}

interface Counts {
  readonly ok: number;
  readonly warn: number;
  readonly fail: number;
  readonly unheard: number;
  readonly unmeasured: number;
  readonly silent: number;
}

/** Zeros are left out, but for the count of what is met. */
function evidenceOf(counts: Counts, total: number): Evidence {
  return {
    met: counts.ok,
    total,
    ...(counts.fail > 0 ? { failed: counts.fail } : {}),
    ...(counts.warn > 0 ? { attention: counts.warn } : {}),
    ...(counts.unheard > 0 ? { unheard: counts.unheard } : {}),
    ...(counts.unmeasured > 0 ? { unmeasured: counts.unmeasured } : {}),
    ...(counts.silent > 0 ? { silent: counts.silent } : {}),
  };
}

function commonestReason(places: readonly Place[], verdict: Verdict): string {
  if (verdict === 'ok') return 'ok';
  const counts = new Map<string, number>();
  let best = verdict === 'notInvolved' ? 'notInvolved' : 'notMeasured';
  for (const place of places) {
    if (place.verdict !== verdict) continue;
    const count = (counts.get(place.reason) ?? 0) + 1;
    counts.set(place.reason, count);
    if (count > (counts.get(best) ?? 0)) best = place.reason;
  }
  return best;
}
