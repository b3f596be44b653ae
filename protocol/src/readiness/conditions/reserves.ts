import type { Role } from '../../placement.ts';
import { holdsExams, placesOf, type ConditionDefinition, type SiteFacts } from '../condition.ts';
import type { ConditionId } from '../../texts/readiness-texts.ts';
import { bestOf, tally, type Place } from '../places.ts';
import { carriedDueMs, readPlace } from './reading.ts';
import { pageReasonOf, testPageOf } from './printing.ts';

/** What shows that a reserve of a role has been tested: this check is good. */
const proofs: Partial<Record<Role, string>> = {
  scan: 'scanner.state',
  kege: 'pc.software',
  speaking: 'audio.headset',
  hq: 'net.down',
};

/** `domain.md`, check 22, of one kind of printer: at least one is there and has printed. */
export const reservePrinterTested = reserves('reservePrinterTested', ['organizer', 'print']);
/** `domain.md`, check 22, of every other role that works on the day. */
export const reservesTested = reserves('reservesTested', ['scan', 'kege', 'speaking', 'hq']);

function reserves(id: ConditionId, roles: readonly Role[]): ConditionDefinition {
  const used = (facts: SiteFacts): Role[] =>
    roles.filter((role) => placesOf(facts, [role]).length > 0);
  return {
    id,
    roles,
    checks: [...Object.values(proofs), 'printer.state'],
    watch: pageReasonOf,
    stages: [],
    appliesTo: (facts) => holdsExams(facts) && used(facts).length > 0,
    judge: (facts, nowMs) => {
      const missing: Role[] = [];
      const places = used(facts).map((role): Place => {
        const found = placesOf(facts, [role], 'reserve').flatMap((each) => {
          const check = proofs[role];
          if (check === undefined) return [testPageOf(facts, each, nowMs)];
          return readPlace(facts, each, { checks: [check], need: 'first' }, nowMs) ?? [];
        });
        const best = bestOf(found);
        if (best?.verdict !== 'ok') missing.push(role);
        // A reserve stands where there is room for it: its room says nothing.
        return best
          ? { ...best, roomCode: null }
          : { roomCode: null, verdict: 'fail', reason: 'noReserve', atMs: null };
      });
      const [first] = missing;
      const planned = placesOf(facts, roles, 'reserve');
      return {
        ...tally(places, first === undefined ? {} : { role: first }),
        dueMs: carriedDueMs(facts, planned, nowMs),
      };
    },
  };
}
