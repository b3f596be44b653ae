import type { Evidence } from '../../messages/shared.ts';
import type { Role } from '../../placement.ts';
import { holdsExams, placesOf, type ConditionDefinition, type SiteFacts } from '../condition.ts';
import { bestOf, unreadable, type Place } from '../places.ts';
import { numberOf, sightOf, type ReadinessStation } from '../station.ts';
import { standingClaims } from './claims.ts';
import { judgedPlace, stationOf } from './reading.ts';

const emRoles: readonly Role[] = ['hq', 'rcoi'];
/** A forecast that ends later than this before the deadline leaves no time for a second try. */
const SPARE_MS = 24 * 3_600_000;

/**
 * The exam materials are here, or will be by the forecast. A person may say that they are: they may
 * have come by another way.
 */
export const emReady: ConditionDefinition = {
  id: 'emReady',
  roles: emRoles,
  checks: [],
  watch: (station, facts) => {
    const { verdict, reason } = readEm(station, facts, 0);
    return `${verdict} ${reason} ${isHere(station)}`;
  },
  stages: ['emDownload'],
  appliesTo: (facts) =>
    holdsExams(facts) &&
    facts.plan.technologies.includes('em-internet') &&
    placesOf(facts, emRoles).length > 0,
  judge: (facts, nowMs) => {
    const claimed = standingClaims(facts, 'emDownload').find((each) => each.roomCode === null);
    if (claimed?.isMade === true) {
      const place: Place = { roomCode: null, verdict: 'ok', reason: 'ok', atMs: claimed.atMs };
      return judgedPlace(place, { claimed: true });
    }
    const found = placesOf(facts, emRoles).map((each) =>
      readEm(stationOf(facts, each), facts, nowMs),
    );
    const best = bestOf(found) as EmPlace;
    const dueMs = facts.moments.emDeadlineMs;
    const isBefore = dueMs !== null && nowMs <= dueMs;
    return judgedPlace(best, best.evidence, isBefore ? dueMs + 1 : Infinity);
  },
};

interface EmPlace extends Place {
  readonly evidence: Evidence;
}

function isHere(station: ReadinessStation): boolean {
  return (numberOf(station, 'net.em.ratio') ?? 0) >= 1;
}

function readEm(
  station: ReadinessStation | undefined,
  { moments, plan }: SiteFacts,
  nowMs: number,
): EmPlace {
  const sight = sightOf(station && { ...station, carried: null }, nowMs);
  if (sight.kind !== 'readable') return { ...unreadable(null, sight), evidence: {} };
  const ratio = numberOf(station, 'net.em.ratio');
  const highSeconds = numberOf(station, 'net.em.high.seconds');
  const place = (verdict: Place['verdict'], reason: string, evidence: Evidence): EmPlace => ({
    roomCode: null,
    verdict,
    reason,
    atMs: sight.atMs,
    evidence,
  });
  const { emDeadlineMs } = moments;
  const isOver = emDeadlineMs !== null && nowMs > emDeadlineMs;
  if (ratio === null) return place(isOver ? 'fail' : 'warn', 'emNotStarted', {});
  const totalBytes = plan.emPackage.bytes;
  const evidence = { receivedRatio: Math.round(ratio * 1e4) / 1e4, totalBytes };
  if (ratio >= 1) return place('ok', 'ok', evidence);
  if (isOver) return place('fail', 'emOverdue', evidence);
  if (highSeconds === null) return place('unknown', 'notMeasured', evidence);
  const leftMs = highSeconds * 1_000;
  const told = { ...evidence, leftMs: Math.round(leftMs) };
  const endsMs = sight.atMs + leftMs;
  if (emDeadlineMs === null || endsMs <= emDeadlineMs - SPARE_MS) return place('ok', 'ok', told);
  return endsMs <= emDeadlineMs ? place('warn', 'emTight', told) : place('fail', 'emLate', told);
}
