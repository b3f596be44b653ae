import type { Role } from '../../placement.ts';
import {
  goesThrough,
  holdsExams,
  placesOf,
  type ConditionDefinition,
  type SiteFacts,
} from '../condition.ts';
import { tally } from '../places.ts';
import { carriedDueMs, readPlace } from './reading.ts';
import { stationCondition } from './station-condition.ts';

const scanRoles: readonly Role[] = ['scan', 'organizer'];

/** Who scans: the stations for it, or where there are none and rooms scan, the organizers. */
function scannersOf(facts: SiteFacts) {
  const own = placesOf(facts, ['scan']);
  if (own.length > 0 || !facts.plan.technologies.includes('scan-in-room')) return own;
  return placesOf(facts, ['organizer']);
}

/** `domain.md`, check 17: the scanner is there and a test scan came out of it. */
export const scannersTested: ConditionDefinition = {
  id: 'scannersTested',
  roles: scanRoles,
  checks: ['scanner.state'],
  stages: [],
  appliesTo: (facts) => goesThrough(facts, 'written') && scannersOf(facts).length > 0,
  judge: (facts, nowMs) => {
    const planned = scannersOf(facts);
    const rule = { checks: ['scanner.state'], need: 'first' } as const;
    const places = planned.flatMap((each) => readPlace(facts, each, rule, nowMs) ?? []);
    return { ...tally(places), dueMs: carriedDueMs(facts, planned, nowMs) };
  },
};

/** Written exams with a listening task, by the name of the subject in the plan. */
const listening = /^(?:english|german|french|spanish|chinese)(?:-written)?$/;

/** `domain.md`, check 18: the organizer's PC plays the listening task. */
export const audioOut = stationCondition({
  id: 'audioOut',
  roles: ['organizer'],
  rule: { checks: ['audio.out'], need: 'first' },
  appliesTo: (facts) =>
    holdsExams(facts) &&
    goesThrough(facts, 'written') &&
    facts.plan.exams.some(({ subject, kind }) => kind === 'written' && listening.test(subject)),
});

/** `domain.md`, check 18: headsets of the speaking stations. */
export const headsets = stationCondition({
  id: 'headsets',
  roles: ['speaking'],
  rule: { checks: ['audio.headset'], need: 'first' },
  appliesTo: (facts) => goesThrough(facts, 'speaking'),
});
