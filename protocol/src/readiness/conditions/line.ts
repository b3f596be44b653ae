import type { CheckVerdict, Evidence } from '../../messages/shared.ts';
import type { Role } from '../../placement.ts';
import { defaultThresholds } from '../../checks/thresholds.ts';
import { holdsExams, placesOf, type ConditionDefinition, type SiteFacts } from '../condition.ts';
import type { ConditionId } from '../../texts/readiness-texts.ts';
import { bestOf, unreadable, type Place } from '../places.ts';
import { checksOf, sightOf, type ReadinessStation } from '../station.ts';
import { carriedDueMs, judgedPlace, placeOfChecks, stationOf } from './reading.ts';

/** Workstations that stand at the line of a site. */
const lineRoles: readonly Role[] = ['hq', 'rcoi'];

/** A place with the numbers that it was judged by. */
interface LinePlace extends Place {
  readonly evidence: Evidence;
}

interface LineRule {
  readonly id: ConditionId;
  readonly check: string;
  /** Evidence of the check that is shown. */
  readonly shows: readonly string[];
  /** The site's own judgement of the verdict; the check's where it is left out. */
  readonly refine?: (found: CheckVerdict, facts: SiteFacts) => CheckVerdict;
}

/** The line is one: the best of what the Штаб's workstations see of it counts. */
function lineCondition({ id, check, shows, refine }: LineRule): ConditionDefinition {
  const read = (station: ReadinessStation | undefined, facts: SiteFacts, nowMs: number) => {
    const sight = sightOf(station, nowMs);
    if (sight.kind !== 'readable') return { ...unreadable(null, sight), evidence: {} };
    const raw = checksOf(sight.checks, check)[0];
    if (!raw) return { roomCode: null, ...notMeasured, evidence: {} };
    const found = refine ? refine(raw, facts) : raw;
    const evidence = Object.fromEntries(
      shows.flatMap((key) => {
        const value = found.evidence[key];
        return value === undefined ? [] : [[key, value]];
      }),
    );
    return { ...placeOfChecks(null, [found], sight.atMs), evidence };
  };
  return {
    id,
    roles: lineRoles,
    checks: [check],
    ...(refine ? { watch: (station, facts) => verdictKey(station, facts, { check, refine }) } : {}),
    stages: [],
    appliesTo: (facts) => holdsExams(facts) && placesOf(facts, lineRoles).length > 0,
    judge: (facts, nowMs) => {
      const planned = placesOf(facts, lineRoles);
      const places = planned.map((each): LinePlace => read(stationOf(facts, each), facts, nowMs));
      const best = bestOf(places) as LinePlace;
      return judgedPlace(best, best.evidence, carriedDueMs(facts, planned, nowMs));
    },
  };
}

const notMeasured = { verdict: 'unknown', reason: 'notMeasured', atMs: null } as const;

function verdictKey(
  station: ReadinessStation,
  facts: SiteFacts,
  { check, refine }: Required<Pick<LineRule, 'check' | 'refine'>>,
): string {
  const raw = checksOf(station.checks, check)[0];
  const found = raw && refine(raw, facts);
  return found ? `${found.verdict} ${found.reason}` : '';
}

/** `domain.md`, check 2, against the contract of this very site where it is known. */
export const lineSpeed = lineCondition({
  id: 'lineSpeed',
  check: 'net.down',
  shows: ['measuredBytesPerSecond', 'neededBytesPerSecond'],
  refine: (found, { site }) => {
    const measured = found.evidence['value'];
    const warn = found.evidence['warn'];
    const byCheck = typeof warn === 'number' ? warn : defaultThresholds.downContractBytesPerSecond;
    const needed = site.contractBytesPerSecond ?? byCheck;
    if (typeof measured !== 'number') return found;
    const evidence = {
      measuredBytesPerSecond: Math.round(measured),
      neededBytesPerSecond: Math.round(needed),
    };
    if (found.verdict === 'unknown' || found.verdict === 'fail') return { ...found, evidence };
    return measured >= needed
      ? { ...found, verdict: 'ok', reason: 'ok', evidence }
      : { ...found, verdict: 'warn', reason: 'belowContract', evidence };
  },
});

export const uplinkHeadroom = lineCondition({
  id: 'uplinkHeadroom',
  check: 'net.uplinkHeadroom',
  shows: ['neededBytesPerSecond', 'measuredBytesPerSecond', 'measuredAgeMs'],
});

export const portalsAnswer = lineCondition({
  id: 'portalsAnswer',
  check: 'net.portal',
  shows: ['host', 'certificateDays'],
});

export const reserveRoute = lineCondition({
  id: 'reserveRoute',
  check: 'net.reserve',
  shows: ['answeredAgeMs'],
});
