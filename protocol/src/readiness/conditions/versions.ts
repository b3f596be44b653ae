import { roles } from '../../placement.ts';
import { placesOf, type ConditionDefinition, type SiteFacts } from '../condition.ts';
import type { ConditionId, ReadinessReason } from '../../texts/readiness-texts.ts';
import { tally, unreadable, type Place } from '../places.ts';
import { sightOf, type ReadinessStation } from '../station.ts';
import { stationOf } from './reading.ts';

interface VersionRule {
  readonly id: ConditionId;
  readonly reason: ReadinessReason;
  readonly isKnown: (facts: SiteFacts) => boolean;
  readonly isCurrent: (station: ReadinessStation, facts: SiteFacts) => boolean;
}

/** Every planned workstation that is heard holds what it should, reserves too. */
function current({ id, reason, isKnown, isCurrent }: VersionRule): ConditionDefinition {
  return {
    id,
    roles,
    checks: [],
    watch: isCurrent,
    stages: [],
    appliesTo: (facts) => isKnown(facts) && placesOf(facts, roles, 'any').length > 0,
    judge: (facts) => {
      const places = placesOf(facts, roles, 'any').map((each): Place => {
        const station = stationOf(facts, each);
        // What a flash drive brings tells no versions, so no time matters here.
        const sight = sightOf(station && { ...station, carried: null }, 0);
        const roomCode = each.room.code;
        if (!station || sight.kind !== 'readable') {
          return unreadable(roomCode, sight.kind === 'readable' ? unheard : sight);
        }
        return isCurrent(station, facts)
          ? { roomCode, verdict: 'ok', reason: 'ok', atMs: sight.atMs }
          : { roomCode, verdict: 'warn', reason, atMs: sight.atMs };
      });
      return tally(places);
    },
  };
}

const unheard = { kind: 'unheard', reason: 'notYetHeard' } as const;

export const agentsCurrent = current({
  id: 'agentsCurrent',
  reason: 'oldAgent',
  isKnown: ({ versions }) => versions.agent !== null,
  isCurrent: ({ agentVersion }, { versions }) => agentVersion === versions.agent,
});

export const planCurrent = current({
  id: 'planCurrent',
  reason: 'oldPlan',
  isKnown: ({ versions }) => versions.plan !== null,
  isCurrent: ({ planVersion }, { versions }) => planVersion === versions.plan,
});
