import { HQ_ROOM_CODE, metricOf, mainMetricOf, type LiveSite } from '@ppe-pulse/protocol';
import { formatDuration, formatValue } from '@ppe-pulse/protocol/texts';
import { cellText, shortReason } from '../rooms/cell-text.ts';
import { coarseAge } from '../rooms/coarse-age.ts';
import {
  camerasOf,
  factOf,
  heardOf,
  standingOf,
  suppliesOf,
  type Fact,
} from '../rooms/room-facts.ts';
import type { Column } from '../rooms/columns.ts';
import { roomsOf, type Room } from '../rooms/rooms.ts';
import type { ShownCell, ShownRoom } from '../rooms/RoomTable.tsx';
import type { RoomStation } from '../rooms/standing.ts';
import type { FactColumn } from './ppe-columns.ts';
import type { PpeWords } from './use-ppe-words.ts';

/**
 * Rooms of a site but its Штаб, which stands apart: those that have a PC, and those that the registry
 * knows and nobody connected. Pure.
 */
export function siteRooms(
  stations: readonly RoomStation[],
  site: Pick<LiveSite, 'rooms'> | undefined,
): Room[] {
  const rooms = roomsOf({ workstations: stations }).filter(({ code }) => code !== HQ_ROOM_CODE);
  const known = new Set(rooms.map(({ code }) => code));
  const empty = (site?.rooms ?? [])
    .filter(({ code }) => code !== HQ_ROOM_CODE && !known.has(code))
    .map(({ code }): Room => ({
      code,
      verdict: 'unknown',
      workstations: [],
      parts: [],
      cells: {},
    }));
  return [...rooms, ...empty].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** A room as the table shows it. Pure. */
export function shownRoom(words: PpeWords, room: Room, nowMs: number): ShownRoom {
  const { code, verdict } = room;
  const cells: Partial<Record<FactColumn, ShownCell | undefined>> = {
    state: stateCell(words, room),
    printer: deviceCell(words, room, { column: 'printer', nowMs }),
    supplies: suppliesCell(words, room),
    scanner: deviceCell(words, room, { column: 'scanner', nowMs }),
    cameras: camerasCell(words, room),
    audio: deviceCell(words, room, { column: 'audio', nowMs }),
    disk: numberCell(words, factOf(room, 'pc.disk'), 'pc.disk'),
    clock: numberCell(words, factOf(room, 'clock.skew'), 'clock.skew'),
    line: numberCell(words, factOf(room, 'net.rtt'), 'net.rtt'),
    heard: heardCell(words, room, nowMs),
  };
  const isQuiet = heardOf(room)?.hearing === 'byRule';
  const known = Object.entries(cells).flatMap(([id, cell]) => {
    if (!cell) return [];
    // That nobody hears the room by the rules is said once, and not by each of its devices.
    const isSaid = isQuiet && id !== 'state' && id !== 'heard' && cell.verdict === 'silentByRule';
    return [[id, isSaid ? { ...cell, isSilent: true } : cell] as const];
  });
  return { code, verdict, cells: Object.fromEntries(known) };
}

function stateCell(words: PpeWords, room: Room): ShownCell {
  const worst = standingOf(room);
  if (!worst) return { verdict: room.verdict, text: words.own.noStations };
  const { verdict, reason } = worst;
  const isByRule = verdict === 'silentByRule' && !worst.isCarried;
  return {
    verdict: room.verdict,
    text: isByRule ? words.own.silentByRule : wordOf(words, { verdict, reason }),
    href: hrefOf(worst.workstationId),
    isCarried: worst.isCarried,
  };
}

function deviceCell(
  words: PpeWords,
  room: Room,
  { column, nowMs }: { readonly column: Column; readonly nowMs: number },
): ShownCell | undefined {
  const cell = room.cells[column];
  return (
    cell && {
      verdict: cell.verdict,
      text: cellText(words, column, cell, nowMs),
      href: hrefOf(cell.workstationId),
      isCarried: cell.carriedNewestMs !== null,
    }
  );
}

function suppliesCell(words: PpeWords, room: Room): ShownCell | undefined {
  const { own, language, number } = words;
  const supplies = suppliesOf(room);
  if (!supplies) return undefined;
  const { verdict, reason, tonerRatio, sheets, workstationId, isCarried } = supplies;
  const numbers = [
    ...(tonerRatio === undefined ? [] : [formatValue(tonerRatio, 'ratio', language)]),
    ...(sheets === undefined ? [] : [own.sheets(number(sheets))]),
  ].join(' · ');
  const isMeasured = verdict === 'ok' || verdict === 'warn' || verdict === 'fail';
  const word = wordOf(words, { verdict, reason });
  const told =
    verdict === 'ok' ? numbers || own.notTold : [numbers, word].filter(Boolean).join(' · ');
  return {
    verdict,
    text: isMeasured ? told : word,
    href: hrefOf(workstationId),
    isCarried,
  };
}

function camerasCell(words: PpeWords, room: Room): ShownCell | undefined {
  const cameras = camerasOf(room);
  if (!cameras) return undefined;
  const { on, total, verdict, reason, workstationId, isCarried } = cameras;
  const isMeasured = verdict === 'ok' || verdict === 'warn' || verdict === 'fail';
  const count = `${on}/${total}`;
  const word = wordOf(words, { verdict, reason });
  return {
    verdict,
    text: verdict === 'ok' ? count : isMeasured ? `${count} · ${word}` : word,
    href: hrefOf(workstationId),
    isCarried,
  };
}

/** A number in the unit of its check, with a word once something is the matter with it. */
function numberCell(
  words: PpeWords,
  fact: Fact | undefined,
  checkId: string,
): ShownCell | undefined {
  if (!fact) return undefined;
  const { verdict, value, workstationId, isCarried } = fact;
  const isMeasured = verdict === 'ok' || verdict === 'warn' || verdict === 'fail';
  const word = wordOf(words, fact);
  const number = value === undefined ? undefined : numberText(words, value, checkId);
  const text = isMeasured && number !== undefined ? number : word;
  return { verdict, text, title: `${text} · ${word}`, href: hrefOf(workstationId), isCarried };
}

/** In the unit of the check's main number. */
export function numberText({ language }: PpeWords, value: number, checkId: string): string {
  const unit = metricOf(mainMetricOf(checkId) ?? '')?.unit ?? 'count';
  return formatValue(value, unit, language);
}

/** The word of a verdict where there is no number to show. */
export function wordOf(
  words: PpeWords,
  { verdict, reason }: Pick<Fact, 'verdict' | 'reason'>,
): string {
  if (verdict === 'ok') return words.rooms.fine;
  if (verdict === 'silentByRule') return words.rooms.quiet;
  if (verdict === 'notInvolved')
    return reason === 'noPlan' ? words.rooms.waitsForPlan : words.domain.verdicts.notInvolved;
  return shortReason(words, reason);
}

function heardCell(words: PpeWords, room: Room, nowMs: number): ShownCell | undefined {
  const { own, rooms, page, language, domain } = words;
  const heard = heardOf(room);
  if (!heard) return undefined;
  const { hearing, station, silent } = heard;
  const href = hrefOf(station.id);
  const total = room.workstations.length;
  const age = (atMs: number): string =>
    coarseAge(Math.max(0, nowMs - atMs), language, rooms.underMinute);
  switch (hearing) {
    case 'live':
      return { verdict: 'ok', text: sinceText(words, station, nowMs), href };
    case 'silent': {
      const text =
        station.lastSeenMs === null ? own.neverHeard : own.silentFor(age(station.lastSeenMs));
      const some = total > 1 ? own.silentOf(silent, total) : text;
      return { verdict: 'unknown', text: some, title: text, href };
    }
    case 'carried': {
      const text = rooms.fromStick(age(station.carried?.newestAtMs ?? nowMs));
      return { verdict: 'silentByRule', text, href, isCarried: true };
    }
    case 'byRule': {
      const { lastSeenMs } = station;
      const text = lastSeenMs === null ? own.neverHeard : page.ago(age(lastSeenMs));
      return { verdict: 'silentByRule', text, href };
    }
    case 'notInvolved':
      return { verdict: 'notInvolved', text: domain.verdicts.notInvolved, href };
  }
}

function sinceText({ language, page }: PpeWords, station: RoomStation, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - (station.lastSeenMs ?? nowMs));
  return page.ago(formatDuration(ageMs, language));
}

function hrefOf(workstationId: string): string {
  return `/workstations/${workstationId}`;
}
