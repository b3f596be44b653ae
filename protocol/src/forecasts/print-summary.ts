import type { Forecast } from './forecast.ts';
import { judgePrintEta, printEtaMs } from './room-printed.ts';

/** One room of a summary: printed already, or forecast. */
export interface PrintedRoom {
  readonly roomCode: string;
  readonly doneAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly limitMs: number | null;
  /** Undefined once it is printed. */
  readonly forecast: Forecast | undefined;
}

/** «N of M rooms printed, last one 0012 at 10:07, 7 min late.» */
export interface PrintSummary {
  readonly done: number;
  readonly total: number;
  /** The room that is (or was) printed last; null without rooms or where nothing is known. */
  readonly lastRoomCode: string | null;
  /** When: the truth once it is printed, the middle of the forecast before. */
  readonly lastAtMs: number | null;
  /** Its range; both ends are the truth once it is printed. */
  readonly lastLowMs: number | null;
  readonly lastHighMs: number | null;
  /** After the limit; negative before it, null without one. */
  readonly lateMs: number | null;
  readonly isForecast: boolean;
  /** Check 15, the worst room: `unknown` where no room can be forecast. */
  readonly verdict: 'ok' | 'warn' | 'fail' | 'unknown';
  /** Rooms that cannot be forecast. */
  readonly unknown: number;
}

interface End {
  readonly room: PrintedRoom;
  readonly atMs: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/** Sums the rooms of a site up. */
export function printSummary(rooms: readonly PrintedRoom[]): PrintSummary {
  const ends = rooms.flatMap((room) => endOf(room) ?? []);
  const last = ends.reduce<End | undefined>(
    (latest, each) => (latest && latest.atMs >= each.atMs ? latest : each),
    undefined,
  );
  const limitMs = last?.room.limitMs ?? null;
  return {
    done: rooms.filter(({ doneAtMs }) => doneAtMs !== null).length,
    total: rooms.length,
    lastRoomCode: last?.room.roomCode ?? null,
    lastAtMs: last?.atMs ?? null,
    lastLowMs: last?.lowMs ?? null,
    lastHighMs: last?.highMs ?? null,
    lateMs: last && limitMs !== null ? last.atMs - limitMs : null,
    isForecast: last !== undefined && last.room.doneAtMs === null,
    verdict: worstOf(rooms),
    unknown: rooms.length - ends.length,
  };
}

function endOf(room: PrintedRoom): End | undefined {
  const { doneAtMs, forecast } = room;
  if (doneAtMs !== null) return { room, atMs: doneAtMs, lowMs: doneAtMs, highMs: doneAtMs };
  if (!forecast) return undefined;
  return { room, atMs: forecast.mid, lowMs: forecast.low, highMs: forecast.high };
}

function worstOf(rooms: readonly PrintedRoom[]): PrintSummary['verdict'] {
  const etas = rooms.flatMap(({ doneAtMs, startedAtMs, forecast }) => {
    if (doneAtMs !== null) return startedAtMs === null ? [] : [doneAtMs - startedAtMs];
    return forecast ? [printEtaMs(forecast)] : [];
  });
  return etas.length === 0 ? 'unknown' : judgePrintEta(Math.max(...etas));
}
