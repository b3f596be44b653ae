import type { Role } from '../../placement.ts';
import { holdsExams, placesOf, type ConditionDefinition, type SiteFacts } from '../condition.ts';
import type { ConditionId } from '../../texts/readiness-texts.ts';
import { tally, unreadable, type Place } from '../places.ts';
import { sightOf } from '../station.ts';
import { carriedDueMs, stationOf } from './reading.ts';

/** Every main workstation of some roles is heard, or was brought by flash drive of late. */
function heard(
  id: ConditionId,
  roles: readonly Role[],
  appliesTo: (facts: SiteFacts) => boolean,
): ConditionDefinition {
  return {
    id,
    roles,
    checks: [],
    stages: [],
    appliesTo: (facts) => appliesTo(facts) && placesOf(facts, roles).length > 0,
    judge: (facts, nowMs) => {
      const planned = placesOf(facts, roles);
      const places = planned.map((each): Place => {
        const sight = sightOf(stationOf(facts, each), nowMs);
        const roomCode = each.room.code;
        if (sight.kind !== 'readable') return unreadable(roomCode, sight);
        return { roomCode, verdict: 'ok', reason: 'ok', atMs: sight.atMs };
      });
      return { ...tally(places), dueMs: carriedDueMs(facts, planned, nowMs) };
    },
  };
}

/** A ППЭ of a rehearsal has a Штаб station whether the list of workstations names it or not. */
const hqHeard = heard('hqOnline', ['hq', 'rcoi'], () => true);

/** The Штаб is on the network: without it nothing else of the ППЭ is seen. */
export const hqOnline: ConditionDefinition = {
  ...hqHeard,
  appliesTo: (facts) => holdsExams(facts) || hqHeard.appliesTo(facts),
  judge: (facts, nowMs) => {
    if (placesOf(facts, ['hq', 'rcoi']).length > 0) return hqHeard.judge(facts, nowMs);
    return tally([{ roomCode: null, verdict: 'fail', reason: 'notPlanned', atMs: null }]);
  },
};
export const organizersHeard = heard('organizersHeard', ['organizer', 'print'], holdsExams);
export const scanHeard = heard('scanHeard', ['scan'], holdsExams);
export const kegeHeard = heard('kegeHeard', ['kege'], ({ tracks }) => tracks.includes('kege'));
export const speakingHeard = heard('speakingHeard', ['speaking'], ({ tracks }) =>
  tracks.includes('speaking'),
);
export const videoHeard = heard('videoHeard', ['video'], ({ tracks }) => tracks.includes('video'));
