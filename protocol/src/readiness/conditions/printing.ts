import type { Role } from '../../placement.ts';
import {
  goesThrough,
  placesOf,
  type ConditionDefinition,
  type PlannedStation,
  type SiteFacts,
} from '../condition.ts';
import { tally, worstOf, type Place } from '../places.ts';
import { checksOf, numberOf, sightOf, type ReadinessStation } from '../station.ts';
import { carriedDueMs, readPlace, stationOf } from './reading.ts';

export const printRoles: readonly Role[] = ['organizer', 'print'];
/** Paper that is only low still prints; whether there is enough is a condition of its own. */
const tolerates = ['lowToner', 'lowPaper'] as const;

/** The printer of every room with a written exam is ready. */
export const printersReady: ConditionDefinition = {
  id: 'printersReady',
  roles: printRoles,
  checks: ['printer.state'],
  stages: [],
  appliesTo: (facts) => goesThrough(facts, 'written') && writtenRooms(facts).length > 0,
  judge: (facts, nowMs) => {
    const planned = placesOf(facts, printRoles);
    const rule = { checks: ['printer.state'], need: 'first', tolerates } as const;
    const places = writtenRooms(facts).map((roomCode): Place => {
      const own = planned.filter(({ room }) => room.code === roomCode);
      const found = own.flatMap((each) => readPlace(facts, each, rule, nowMs) ?? []);
      return worstOf(found) ?? { roomCode, verdict: 'fail', reason: 'notPlanned', atMs: null };
    });
    return { ...tally(places), dueMs: carriedDueMs(facts, planned, nowMs) };
  },
};

/** Rooms of a written exam. Where a print station stands in the Штаб, that is the room that prints. */
function writtenRooms(facts: SiteFacts): string[] {
  const printers = facts.planned.get('print') ?? [];
  if (printers.some(({ planned }) => planned.duty === 'main')) {
    return [...new Set(placesOf(facts, printRoles).map(({ room }) => room.code))];
  }
  return facts.site.rooms
    .filter(({ purposes }) => purposes.includes('written'))
    .map(({ code }) => code);
}

/** `domain.md`, check 14: paper for one room, with a tenth to spare. */
export const paperEnough: ConditionDefinition = {
  id: 'paperEnough',
  roles: printRoles,
  checks: ['printer.paper', 'printer.state'],
  watch: paperReason,
  stages: [],
  appliesTo: (facts) => goesThrough(facts, 'written') && placesOf(facts, printRoles).length > 0,
  judge: (facts, nowMs) => {
    const planned = placesOf(facts, printRoles);
    const places = planned.flatMap((each) => {
      // A workstation that holds the plan judges its paper itself.
      const rule = { checks: ['printer.paper'], need: 'first' } as const;
      const own = readPlace(facts, each, rule, nowMs);
      const isOwn = own && own.reason !== 'noPlan' && own.reason !== 'notMeasured';
      return isOwn ? [own] : [byTheTrays(facts, each, nowMs)];
    });
    const neededSheets = sheetsNeeded(facts);
    return { ...tally(places, { neededSheets }), dueMs: carriedDueMs(facts, planned, nowMs) };
  },
};

const SPARE_SHARE = 1.1;

function sheetsNeeded({ plan }: SiteFacts): number {
  return plan.print.setsPerRoom * plan.print.pagesPerSet;
}

/** By what the trays are said to hold, or by the printer's word that they are empty. */
function byTheTrays(facts: SiteFacts, place: PlannedStation, nowMs: number): Place {
  const rule = { checks: ['printer.state'], need: 'first' } as const;
  const state = readPlace(facts, place, rule, nowMs);
  const base = { roomCode: place.room.code, atMs: state?.atMs ?? null };
  if (!state || state.isUnheard === true || state.verdict === 'silentByRule')
    return state ?? { ...base, verdict: 'unknown', reason: 'notMeasured' };
  if (state.reason === 'noPaper') return { ...base, verdict: 'fail', reason: 'noPaper' };
  const station = stationOf(facts, place);
  const reason = station ? paperReason(station, facts) : 'notMeasured';
  if (reason === 'ok') return { ...base, verdict: 'ok', reason };
  if (reason === 'notMeasured') return { ...base, verdict: 'unknown', reason };
  return { ...base, verdict: reason === 'lowPaper' ? 'warn' : 'fail', reason };
}

function paperReason(station: ReadinessStation, facts: SiteFacts): string {
  const sheets = numberOf(station, 'printer.paper.sheets');
  const needed = sheetsNeeded(facts);
  if (sheets === null) return 'notMeasured';
  if (sheets >= needed * SPARE_SHARE) return 'ok';
  return sheets >= needed ? 'lowPaper' : 'noPaper';
}

/** `domain.md`, check 16: a page came out inside the window of the technical control. */
export const testPages: ConditionDefinition = {
  id: 'testPages',
  roles: printRoles,
  checks: ['printer.state'],
  watch: pageReasonOf,
  stages: [],
  appliesTo: (facts) => goesThrough(facts, 'written') && placesOf(facts, printRoles).length > 0,
  judge: (facts, nowMs) => {
    const planned = placesOf(facts, printRoles);
    const places = planned.map((each) => testPageOf(facts, each, nowMs));
    return { ...tally(places), dueMs: carriedDueMs(facts, planned, nowMs) };
  },
};

/** One printer's last page, by the room that it stands in. */
export function testPageOf(facts: SiteFacts, place: PlannedStation, nowMs: number): Place {
  const rule = { checks: ['printer.state'], need: 'first' } as const;
  const state = readPlace(facts, place, rule, nowMs);
  const base = { roomCode: place.room.code, atMs: state?.atMs ?? null };
  if (!state || state.atMs === null)
    return state ?? { ...base, verdict: 'unknown', reason: 'notMeasured' };
  const station = stationOf(facts, place);
  const reason = pageReason(station ? provenAtMs(station, nowMs) : null, facts);
  return { ...base, verdict: reason === 'ok' ? 'ok' : 'warn', reason };
}

/** What the age of the last page says of the technical control. */
function pageReason(provenMs: number | null, { moments }: SiteFacts): string {
  if (provenMs === null) return 'testNever';
  return provenMs >= (moments.controlFromMs ?? -Infinity) ? 'ok' : 'testOld';
}

/** The same of one workstation, for conditions that are judged again when it changes. */
export function pageReasonOf(station: ReadinessStation, facts: SiteFacts): string {
  return pageReason(provenAtMs(station), facts);
}

/** When the newest page of its printers is known to have come out, null for never. */
function provenAtMs(station: ReadinessStation, nowMs = station.heardAtMs ?? 0): number | null {
  const sight = sightOf(station, nowMs);
  if (sight.kind !== 'readable') return null;
  let newest: number | null = null;
  for (const each of checksOf(sight.checks, 'printer.state')) {
    const age = each.evidence['proofAgeMs'];
    if (typeof age !== 'number') continue;
    newest = Math.max(newest ?? -Infinity, sight.atMs - each.ageMs - age);
  }
  return newest;
}
