import type { CheckVerdict, Evidence } from '../../messages/shared.ts';
import { isWorse, unreadable, type Place } from '../places.ts';
import type { Judged, PlannedStation, SiteFacts } from '../condition.ts';
import { CARRIED_FRESH_MS, checksOf, sightOf, type ReadinessStation } from '../station.ts';

/** How the checks of one workstation make its place. */
export interface ReadingRule {
  readonly checks: readonly string[];
  /**
   * `first`: the first check must be there, the others count where they are sent. `whereSent`: a
   * workstation that sends none of them has no part in the condition.
   */
  readonly need: 'first' | 'whereSent';
  /** Reasons of a warning that do not stand in the way: low toner is a warning and prints. */
  readonly tolerates?: readonly string[];
}

/** The station that stands in a planned place. */
export function stationOf(facts: SiteFacts, place: PlannedStation): ReadinessStation | undefined {
  return facts.stations.get(place.planned.id);
}

/** Reads one planned workstation; null where it has no part in the condition. */
export function readPlace(
  facts: SiteFacts,
  place: PlannedStation,
  rule: ReadingRule,
  nowMs: number,
): Place | null {
  const sight = sightOf(stationOf(facts, place), nowMs);
  const roomCode = place.room.code;
  if (sight.kind !== 'readable') {
    // What it would send is not known; nobody is to wait for a device that it may not have.
    return rule.need === 'whereSent' ? null : unreadable(roomCode, sight);
  }
  const found: CheckVerdict[] = [];
  for (const base of rule.checks) {
    found.push(...checksOf(sight.checks, base));
    // The first of them decides whether there is anything to read.
    if (found.length > 0 || base !== rule.checks[0] || rule.need === 'whereSent') continue;
    return { roomCode, verdict: 'unknown', reason: 'notMeasured', atMs: null };
  }
  if (found.length === 0) return null;
  return placeOfChecks(roomCode, tolerated(found, rule.tolerates ?? []), sight.atMs);
}

/** The worst of several verdicts of one workstation, and when the oldest of them was read. */
export function placeOfChecks(
  roomCode: string | null,
  found: readonly CheckVerdict[],
  givenAtMs: number,
): Place {
  let verdict: CheckVerdict['verdict'] = 'ok';
  let reason = 'ok';
  let atMs = givenAtMs;
  for (const each of found) {
    atMs = Math.min(atMs, givenAtMs - each.ageMs);
    if (!isWorse(each.verdict, verdict)) continue;
    ({ verdict, reason } = each);
  }
  return { roomCode, verdict, reason, atMs };
}

/** Verdicts with the warnings that stand in nobody's way turned good. */
function tolerated(
  found: readonly CheckVerdict[],
  reasons: readonly string[],
): readonly CheckVerdict[] {
  if (reasons.length === 0) return found;
  return found.map((each) =>
    each.verdict === 'warn' && reasons.includes(each.reason)
      ? { ...each, verdict: 'ok' as const, reason: 'ok' }
      : each,
  );
}

/** When what flash drives brought of these places grows too old to speak for them. */
export function carriedDueMs(
  facts: SiteFacts,
  places: readonly PlannedStation[],
  nowMs: number,
): number {
  let dueMs = Infinity;
  for (const place of places) {
    const atMs = stationOf(facts, place)?.carried?.atMs;
    if (atMs === undefined) continue;
    const endsMs = atMs + CARRIED_FRESH_MS;
    if (endsMs > nowMs) dueMs = Math.min(dueMs, endsMs);
  }
  return dueMs;
}

/** A condition of one place, with numbers of its own. */
export function judgedPlace(place: Place, evidence: Evidence, dueMs = Infinity): Judged {
  const { verdict, reason, atMs, roomCode, isUnheard } = place;
  return {
    verdict,
    reason,
    evidence: { ...(isUnheard === true ? { unheard: 1 } : {}), ...evidence },
    readAtMs: atMs,
    rooms: verdict === 'ok' || roomCode === null ? [] : [roomCode],
    dueMs,
  };
}
