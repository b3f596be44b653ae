import type { Verdict } from '../truth.ts';
import type { ForecastGround } from './basis.ts';
import type { Forecast } from './forecast.ts';
import {
  assumedPace,
  paceOf,
  timeLeft,
  type Pace,
  type PacePrior,
  type PaceWindow,
} from './pace.ts';
import { chanceOf, laterSpan, spanOfStandstill, sumSpans, type Span } from './spread.ts';

/** Where one room's printing stands. Times are of the rehearsal's clock. */
export interface RoomPrint {
  readonly roomCode: string;
  readonly sets: number;
  readonly pagesPerSet: number;
  /** The plan's, used while nothing better is known. */
  readonly normPagesPerMinute: number;
  /** The printer's own, of a test page or the run; null while never measured. */
  readonly measuredPagesPerMinute: number | null;
  readonly plannedStartMs: number;
  readonly startedAtMs: number | null;
  readonly doneAtMs: number | null;
  /** Since the room began; null where the printer has no counter. */
  readonly pagesDone: number | null;
  /** When the counter was read. */
  readonly countedAtMs: number | null;
  /** Since when nothing comes out: a jam, no paper, a stuck queue. Null while it runs. */
  readonly stuckSinceMs: number | null;
  /** False while nobody hears the room, as by rule during the exam: then no news says nothing. */
  readonly isWatched: boolean;
  /** Of `PaceHistory`, oldest first; empty before the first whole one. */
  readonly windows: readonly PaceWindow[];
  /** When the room should be printed. */
  readonly limitMs: number | null;
}

/**
 * A set takes 20–30 s and a room 10–15 min (`domain.md` [S]): nine of ten lie within a ratio of 1.5,
 * so the logarithm's standard deviation is ln 1.5 / (2 × 1.645). A window is about one set.
 */
const PRINT_VARIATION = Math.log(1.5) / (2 * 1.645);
export const printPrior: PacePrior = {
  windowMs: 30_000,
  variation: PRINT_VARIATION,
  likeness: 0.3,
  weight: 3,
};
/** Ten minutes of windows are kept: as long as a room prints. */
export const PRINT_WINDOWS = 20;
/** A norm knows of a printer as much as one set that somebody watched. */
const NORM_WINDOWS = 1;
/** A printer's own speed is measured over two minutes: windows of them. */
const MEASURED_WINDOWS = 4;
/** Windows before the run itself is the better witness. */
const FEWEST_WINDOWS = 2;
/**
 * A room begins when its key is loaded: 10:00, and one of twenty later than the red limit 10:10.
 * Waiting is without memory, so a mean of ten minutes ÷ ln 20.
 */
const START_MEAN_MS = 600_000 / Math.log(20);
/** A queue is called stuck after a minute: sooner nobody knows. */
const LEAST_STANDSTILL_MS = 60_000;

/** Check 15: how long a room may print. */
export const printEtaOkMs = 600_000;
export const printEtaWarnMs = 900_000;

/** When the room is printed; undefined once it is, and where there is nothing to print. */
export function forecastRoomPrinted(
  siteCode: string,
  room: RoomPrint,
  nowMs: number,
): Forecast | undefined {
  const pages = room.sets * room.pagesPerSet;
  if (room.doneAtMs !== null || pages <= 0) return undefined;
  const { pace, from } = paceOfRoom(room);
  if (!pace) return undefined;
  const leftPages = Math.max(0, pages - (room.pagesDone ?? 0));
  const begin = beginOf(room, nowMs);
  const print = timeLeft(pace, leftPages);
  const stood = standstillOf(room, nowMs);
  const whole = sumSpans(begin.span, print, ...(stood ? [stood] : []));
  const overdue = room.isWatched ? overdueOf(whole, begin, nowMs) : certain;
  const span = laterSpan(shift(whole, begin.atMs - nowMs), overdue);
  const limitMs = room.limitMs;
  return {
    kind: 'roomPrinted',
    siteCode,
    roomCode: room.roomCode,
    madeAtMs: nowMs,
    low: nowMs + span.lowMs,
    mid: nowMs + span.midMs,
    high: nowMs + span.highMs,
    limit: limitMs,
    chance:
      limitMs === null
        ? null
        : chanceOf({ low: span.lowMs, mid: span.midMs, high: span.highMs }, limitMs - nowMs),
    basis: {
      from,
      sets: room.sets,
      pagesPerSet: room.pagesPerSet,
      leftPages,
      pagesPerMinute: rounded(pace.perMs * 60_000, 2),
      variation: rounded(pace.variation, 3),
      windows: rounded(pace.windows, 1),
      startMs: Math.round(begin.startMs),
      ...(stood && room.stuckSinceMs !== null ? { stuckMs: nowMs - room.stuckSinceMs } : {}),
    },
  };
}

/** How long the room prints by a forecast, from its start to the middle of the range. */
export function printEtaMs(forecast: Forecast): number {
  const startMs = forecast.basis.startMs;
  return forecast.mid - (typeof startMs === 'number' ? startMs : forecast.madeAtMs);
}

/** Check 15 `printer.eta`: ≤ 10 min, ≤ 15 min, more. */
export function judgePrintEta(etaMs: number): Extract<Verdict, 'ok' | 'warn' | 'fail'> {
  if (etaMs <= printEtaOkMs) return 'ok';
  return etaMs <= printEtaWarnMs ? 'warn' : 'fail';
}

/** The run's own counter, else the printer's speed, else the norm: whichever is there first. */
function paceOfRoom(room: RoomPrint): {
  readonly pace: Pace | undefined;
  readonly from: ForecastGround;
} {
  const seen = room.windows.length >= FEWEST_WINDOWS ? paceOf(room.windows, printPrior) : undefined;
  if (seen && room.pagesDone !== null) return { pace: seen, from: 'counter' };
  const speed = room.measuredPagesPerMinute;
  if (speed !== null && speed > 0)
    return { pace: assumedPace(speed / 60_000, MEASURED_WINDOWS, printPrior), from: 'speed' };
  const norm = room.normPagesPerMinute;
  const pace = norm > 0 ? assumedPace(norm / 60_000, NORM_WINDOWS, printPrior) : undefined;
  return { pace, from: 'norms' };
}

/** From when the rest is counted, and how sure that moment is. */
interface Begin {
  readonly atMs: number;
  readonly span: Span;
  /** The run's start, seen or expected. */
  readonly startMs: number;
}

const certain: Span = { lowMs: 0, midMs: 0, highMs: 0 };

function beginOf(room: RoomPrint, nowMs: number): Begin {
  if (room.startedAtMs !== null) return restOf(room, room.startedAtMs, nowMs);
  if (!room.isWatched) {
    const wait = waitOf(0);
    const atMs = room.plannedStartMs;
    return { atMs, span: wait, startMs: atMs + wait.midMs };
  }
  const waited = Math.max(0, nowMs - room.plannedStartMs);
  const wait = waitOf(waited);
  const atMs = Math.max(nowMs, room.plannedStartMs);
  return { atMs, span: wait, startMs: atMs + wait.midMs };
}

/** A printer that stands takes its rest up when the standstill is over, not when it was read. */
function restOf(room: RoomPrint, startMs: number, nowMs: number): Begin {
  const { pagesDone, countedAtMs, stuckSinceMs } = room;
  const stoodMs = stuckSinceMs === null ? 0 : Math.max(0, nowMs - stuckSinceMs);
  const hasCount = pagesDone !== null && countedAtMs !== null;
  const fromMs = hasCount ? Math.max(countedAtMs, startMs) : startMs;
  const atMs = hasCount && stuckSinceMs !== null ? nowMs : fromMs + stoodMs;
  return { atMs: Math.min(atMs, nowMs), span: certain, startMs };
}

/** Without memory at first; a room that is later than that by itself says how late it may be. */
function waitOf(waitedMs: number): Span {
  const usual: Span = {
    lowMs: START_MEAN_MS * -Math.log(0.95),
    midMs: START_MEAN_MS * Math.LN2,
    highMs: START_MEAN_MS * Math.log(20),
  };
  return waitedMs > START_MEAN_MS ? laterSpan(usual, spanOfStandstill(waitedMs)) : usual;
}

function standstillOf(room: RoomPrint, nowMs: number): Span | undefined {
  if (room.stuckSinceMs === null) return undefined;
  return spanOfStandstill(Math.max(LEAST_STANDSTILL_MS, nowMs - room.stuckSinceMs));
}

/** A room that should be done by the middle of its range and is not is late by as much again. */
function overdueOf(whole: Span, begin: Begin, nowMs: number): Span {
  const overdueMs = nowMs - begin.atMs - whole.midMs;
  return overdueMs > 0 ? spanOfStandstill(overdueMs) : certain;
}

function shift(span: Span, byMs: number): Span {
  return {
    lowMs: Math.max(0, span.lowMs + byMs),
    midMs: Math.max(0, span.midMs + byMs),
    highMs: Math.max(0, span.highMs + byMs),
  };
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
