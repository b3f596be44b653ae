import { roles } from '../../placement.ts';
import { goesThrough, holdsExams, placesOf, type ConditionDefinition } from '../condition.ts';
import { tally, type Place } from '../places.ts';
import { carriedDueMs, readPlace } from './reading.ts';
import { stationCondition } from './station-condition.ts';

/** `domain.md`, check 8. */
export const clocksRight = stationCondition({
  id: 'clocksRight',
  roles,
  rule: { checks: ['clock.skew', 'clock.zone'], need: 'first' },
  appliesTo: () => true,
});

/** `domain.md`, check 9: what a PC is, not how busy it is at this second. */
export const pcsFit = stationCondition({
  id: 'pcsFit',
  roles,
  rule: { checks: ['pc.disk', 'pc.ram', 'pc.screen'], need: 'first' },
  appliesTo: () => true,
});

/** `domain.md`, check 10: on reserves too. */
export const softwareInstalled = stationCondition({
  id: 'softwareInstalled',
  roles: ['kege'],
  duty: 'any',
  rule: { checks: ['pc.software'], need: 'first' },
  appliesTo: (facts) => goesThrough(facts, 'kege'),
});

/** `domain.md`, check 11: the Штаб must have a supply; others count where they have one. */
export const powerReady: ConditionDefinition = {
  id: 'powerReady',
  roles,
  checks: ['pc.ups'],
  stages: [],
  appliesTo: (facts) => holdsExams(facts) && placesOf(facts, ['hq']).length > 0,
  judge: (facts, nowMs) => {
    const planned = placesOf(facts, roles);
    const places = planned.flatMap((each): Place[] => {
      const need = each.planned.role === 'hq' ? 'first' : 'whereSent';
      const place = readPlace(facts, each, { checks: ['pc.ups'], need }, nowMs);
      return place ? [place] : [];
    });
    return { ...tally(places), dueMs: carriedDueMs(facts, planned, nowMs) };
  },
};
