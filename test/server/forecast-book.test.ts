import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  planTimes,
  type ForecastKind,
  type Plan,
  type Region,
  type Site,
} from '@ppe-pulse/protocol';
import { createForecastBook, type ForecastBook } from '../../server/src/forecasts/forecast-book.ts';
import type { RoomPrintInput, SiteForecastInputs } from '../../server/src/forecasts/inputs.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { aPlan, aSite } from '../support/plans.ts';
import { tempDir } from '../support/temp-dir.ts';

const plan = aPlan({ emPackage: { bytes: 1.5e9, openFrom: '08:00', deadline: '09:25' } });
const site = aSite({ contractBytesPerSecond: 6e6 }, ['written', 'written', 'hq']);
const other = aSite({ code: '4301', municipality: 'tashtagol' });
const absent = aSite({ code: '4999', period: 'early' });
const zone = 'Asia/Novokuznetsk';
const MINUTE = 60_000;

function at(time: string): number {
  const moment = planTimes(plan).at(time, zone, null);
  if (moment === null) throw new Error(`no moment for ${time}`);
  return moment;
}

function regionOf(...sites: Site[]): Region {
  return { isSample: true, timeZone: zone, municipalities: [], sites };
}

interface World {
  readonly book: ForecastBook;
  plan: Plan | null;
  region: Region;
  /** The collector stops and starts again on the same database. */
  restarted(): ForecastBook;
}

function openWorld(): World {
  const database = openState(join(tempDir(), 'state.db'));
  onTestFinished(() => database.close());
  const open = (): ForecastBook =>
    createForecastBook({ database, plan: () => world.plan, region: () => world.region });
  const world: World = {
    get book() {
      return book;
    },
    plan,
    region: regionOf(site, other, absent),
    restarted: open,
  };
  const book = open();
  return world;
}

const waiting: RoomPrintInput = {
  roomCode: '0001',
  pagesDone: null,
  countedAtMs: null,
  pagesPerMinute: null,
  isStuck: false,
  isWatched: true,
  startedAtMs: null,
  doneAtMs: null,
};
const nothing: SiteForecastInputs = { rooms: [], em: null, uplink: null };

/** A room that prints 300 pages at this speed from the start on, as its counter is read. */
function roomAt(nowMs: number, roomCode: string, pagesPerMinute: number): RoomPrintInput {
  const startMs = at('10:00');
  const doneAtMs = startMs + (300 / pagesPerMinute) * MINUTE;
  const pages = Math.floor(((nowMs - startMs) / MINUTE) * pagesPerMinute);
  return {
    ...waiting,
    roomCode,
    ...(nowMs >= startMs
      ? { pagesDone: Math.min(300, pages), countedAtMs: nowMs, startedAtMs: startMs }
      : {}),
    doneAtMs: nowMs >= doneAtMs ? doneAtMs : null,
  };
}

/** The morning of two rooms in steps of ten seconds, from `from` to `to`. */
function printMorning(book: ForecastBook, from: string, to: string): void {
  for (let now = at(from); now <= at(to); now += 10_000) {
    book.site(
      '4216',
      { ...nothing, rooms: [roomAt(now, '0001', 30), roomAt(now, '0002', 20)] },
      now,
    );
    book.tick(now);
  }
}

const scoredOf = (book: ForecastBook, kind?: ForecastKind) =>
  book.list({ kind, isScored: true, limit: 1_000 });

describe('the book of forecasts', () => {
  it('writes a forecast down when it is first made, at the start and before the limit', () => {
    const { book } = openWorld();
    printMorning(book, '09:00', '10:30');
    const written = book.list({ kind: 'roomPrinted', limit: 100 });
    expect(
      written.filter(({ roomCode }) => roomCode === '0002').map((each) => each.horizon),
    ).toEqual(['T-5', 'T-15', 'start', 'T-30', 'first']);
    // Five minutes before the limit the other room is printed: there is nothing to forecast.
    expect(written.filter(({ roomCode }) => roomCode === '0001')).toHaveLength(4);
    expect(written.find(({ horizon }) => horizon === 'T-5')?.madeAtMs).toBe(at('10:10'));
  });

  it('scores all of them once the outcome is there', () => {
    const { book } = openWorld();
    printMorning(book, '09:00', '10:14');
    const early = book.list({ kind: 'roomPrinted', isScored: true, limit: 100 });
    expect(new Set(early.map(({ roomCode }) => roomCode))).toEqual(new Set(['0001']));
    expect(book.list({ isScored: false, limit: 100 }).length).toBeGreaterThan(0);
    printMorning(book, '10:14', '10:20');
    const scored = scoredOf(book, 'roomPrinted');
    expect(scored).toHaveLength(9);
    for (const each of scored) {
      expect(each.outcome).toBe(at(each.roomCode === '0001' ? '10:10' : '10:15'));
      expect(each.error).toBe((each.outcome ?? 0) - each.mid);
      expect(each.isInRange).toBe(
        (each.outcome ?? 0) >= each.low && (each.outcome ?? 0) <= each.high,
      );
    }
    const [all, ...byHorizon] = book.scores();
    expect(all).toMatchObject({ kind: 'roomPrinted', horizon: null, count: 9 });
    expect(byHorizon.map(({ horizon, count }) => [horizon, count])).toEqual([
      ['first', 2],
      ['start', 2],
      ['T-30', 2],
      ['T-15', 2],
      ['T-5', 1],
    ]);
    expect(book.scores({ kind: 'roomPrinted', siteCode: '4216' })).toEqual(book.scores());
    expect(book.scores({ siteCode: '4301' })).toEqual([]);
    const last = scored.filter(({ horizon, roomCode }) => horizon === 'T-5' && roomCode === '0002');
    expect(Math.abs(last[0]?.error ?? Number.NaN)).toBeLessThan(20_000);
  });

  it('takes an outcome back when its claim is', () => {
    const { book } = openWorld();
    const now = at('10:05');
    const room = { ...waiting, startedAtMs: at('10:00') };
    book.site('4216', { ...nothing, rooms: [room] }, now);
    book.site('4216', { ...nothing, rooms: [{ ...room, doneAtMs: now }] }, now + MINUTE);
    expect(scoredOf(book)).toHaveLength(3);
    book.site('4216', { ...nothing, rooms: [room] }, now + 2 * MINUTE);
    expect(scoredOf(book)).toEqual([]);
  });

  it('sums the rooms up: N of M, the last one, how late', () => {
    const { book } = openWorld();
    printMorning(book, '09:50', '10:11');
    expect(book.current('4216').prints).toMatchObject({
      done: 1,
      total: 2,
      lastRoomCode: '0002',
      isForecast: true,
      verdict: 'warn',
    });
    const lateMs = book.current('4216').prints?.lateMs ?? Number.NaN;
    expect(Math.abs(lateMs)).toBeLessThan(MINUTE);
    printMorning(book, '10:11', '10:16');
    expect(book.current('4216').prints).toMatchObject({ done: 2, lateMs: 0, isForecast: false });
    expect(book.current('4216').forecasts.map(({ kind }) => kind)).not.toContain('roomPrinted');
  });

  it('opens the range of a room whose printer stands', () => {
    const { book } = openWorld();
    printMorning(book, '09:59', '10:05');
    const width = (): number => {
      const found = book.current('4216').forecasts.find(({ roomCode }) => roomCode === '0002');
      return (found?.high ?? 0) - (found?.low ?? 0);
    };
    const running = width();
    const stopped = roomAt(at('10:05'), '0002', 20);
    for (let minute = 6; minute <= 12; minute += 1) {
      const now = at('10:00') + minute * MINUTE;
      const room = { ...stopped, isStuck: true, countedAtMs: now };
      book.site('4216', { ...nothing, rooms: [room] }, now);
    }
    expect(width()).toBeGreaterThan(5 * running);
    const stuck = book.current('4216').forecasts.find(({ roomCode }) => roomCode === '0002');
    expect(stuck?.basis.stuckMs).toBe(6 * MINUTE);
  });

  it('goes on after a restart without writing anything twice', () => {
    const world = openWorld();
    printMorning(world.book, '09:00', '10:05');
    const before = world.book.list({ limit: 1_000 }).length;
    const again = world.restarted();
    printMorning(again, '10:05', '10:09');
    expect(again.list({ limit: 1_000 })).toHaveLength(before);
    printMorning(again, '10:09', '10:20');
    expect(scoredOf(again, 'roomPrinted')).toHaveLength(9);
  });

  it('writes nothing for a moment that passed while it was off', () => {
    const { book } = openWorld();
    printMorning(book, '10:12', '10:12');
    const written = book.list({ kind: 'roomPrinted', limit: 100 });
    expect(new Set(written.map(({ horizon }) => horizon))).toEqual(
      new Set(['first', 'start', 'T-5']),
    );
  });

  it('looks at a site again after five seconds and not sooner', () => {
    const { book } = openWorld();
    const now = at('09:00');
    book.site('4216', { ...nothing, rooms: [waiting] }, now);
    const [first] = book.current('4216').forecasts;
    book.site('4216', { ...nothing, rooms: [{ ...waiting, pagesPerMinute: 60 }] }, now + 1_000);
    book.tick(now + 2_000);
    expect(book.current('4216').forecasts[0]).toBe(first);
    book.tick(now + 5_000);
    expect(book.current('4216').forecasts[0]?.basis.from).toBe('speed');
  });

  it('forecasts the package by contract, by tests, by bytes, and scores it', () => {
    const { book } = openWorld();
    const quiet = { receivedBytes: null, receivedAtMs: null, doneAtMs: null };
    const untested = { downBytesPerSecond: null, downAtMs: null };
    const emOf = (): unknown =>
      book.current('4216').forecasts.find(({ kind }) => kind === 'emHere')?.basis.from;
    const open = at('08:00');
    book.site('4216', { ...nothing, em: { ...quiet, ...untested } }, open - 60 * MINUTE);
    expect(emOf()).toBe('contract');
    const tested = { downBytesPerSecond: 4e6, downAtMs: open - 30 * MINUTE };
    book.site('4216', { ...nothing, em: { ...quiet, ...tested } }, open - 30 * MINUTE);
    expect(emOf()).toBe('tests');
    for (let now = open; now <= open + 500_000; now += 10_000) {
      const receivedBytes = Math.min(1.5e9, ((now - open) / 1_000) * 3e6);
      const doneAtMs = receivedBytes >= 1.5e9 ? open + 500_000 : null;
      const em = { ...tested, receivedBytes, receivedAtMs: now, doneAtMs };
      book.site('4216', { ...nothing, em }, now);
      if (now === open + 100_000) expect(emOf()).toBe('received');
    }
    expect(emOf()).toBeUndefined();
    const scored = scoredOf(book, 'emHere');
    expect(scored.map(({ horizon }) => horizon)).toEqual(['start', 'first']);
    expect(scored.every(({ outcome }) => outcome === open + 500_000)).toBe(true);
  });

  it('knows the region’s packages and the slowest ППЭ', () => {
    const { book } = openWorld();
    const now = at('07:00');
    const em = { receivedBytes: null, receivedAtMs: null, doneAtMs: null, downAtMs: now };
    book.site('4216', { ...nothing, em: { ...em, downBytesPerSecond: 10e6 } }, now);
    book.site('4301', { ...nothing, em: { ...em, downBytesPerSecond: 0.2e6 } }, now);
    const { all, municipalities } = book.regionEm(now);
    expect(all).toMatchObject({ sites: 2, late: 1, slowest: { siteCode: '4301' } });
    expect(municipalities.map(({ municipality }) => municipality)).toEqual([
      'tashtagol',
      'kemerovo',
    ]);
  });

  it('forecasts the load of the uplink and scores it when all cameras send', () => {
    const { book } = openWorld();
    const uplink = {
      cameras: 6,
      cameraBytesPerSecond: null,
      emBytesPerSecond: 0,
      upBytesPerSecond: 1.5e6,
      upAtMs: at('07:00'),
      loadRatio: null,
    };
    book.site('4216', { ...nothing, uplink }, at('07:00'));
    book.site('4216', { ...nothing, uplink: { ...uplink, loadRatio: 0.55 } }, at('08:00'));
    const scored = scoredOf(book, 'uplinkLoad');
    expect(scored.map((each) => each.horizon)).toContain('first');
    expect(scored[0]).toMatchObject({ outcome: 0.55, isInRange: true, limit: 0.7 });
    expect(scored.every(({ madeAtMs }) => madeAtMs < at('08:00'))).toBe(true);
    expect(scored[0]?.mid).toBeCloseTo(0.5);
    // What the line carries an hour later is another question.
    book.site('4216', { ...nothing, uplink: { ...uplink, loadRatio: 0.9 } }, at('09:00'));
    expect(scoredOf(book, 'uplinkLoad')[0]?.outcome).toBe(0.55);
  });

  it('is empty without a plan, and for who takes no part or is not of the region', () => {
    const world = openWorld();
    const rooms = [waiting];
    for (const code of ['4999', '0000']) world.book.site(code, { ...nothing, rooms }, at('09:00'));
    expect(world.book.current('4999').forecasts).toEqual([]);
    expect([...world.book.all()]).toEqual([]);
    world.plan = null;
    world.book.site('4216', { ...nothing, rooms }, at('09:00'));
    world.book.tick(at('09:00'));
    expect(world.book.current('4216')).toEqual({ forecasts: [], prints: null });
  });

  it('follows an edited plan, and begins anew with another rehearsal', () => {
    const world = openWorld();
    const rooms = [waiting];
    world.book.site('4216', { ...nothing, rooms }, at('09:00'));
    world.plan = { ...plan, print: { ...plan.print, setsPerRoom: 30 } };
    world.book.tick(at('09:01'));
    expect(world.book.current('4216').forecasts[0]?.basis.sets).toBe(30);
    world.plan = { ...plan, id: 'another' };
    expect(world.book.list({ limit: 10 })).toEqual([]);
    expect(world.book.current('4216').forecasts).toEqual([]);
    world.plan = plan;
    expect(world.book.list({ limit: 10 }).length).toBeGreaterThan(0);
    world.book.restart();
    expect(world.book.list({ limit: 10 })).toEqual([]);
  });

  it('lists by pages, newest first', () => {
    const { book } = openWorld();
    printMorning(book, '09:00', '10:20');
    const all = book.list({ limit: 100 });
    const first = book.list({ limit: 3 });
    const rest = book.list({ limit: 100, beforeId: first.at(-1)?.id });
    expect([...first, ...rest]).toEqual(all);
    expect(book.list({ siteCode: '4301', limit: 100 })).toEqual([]);
  });
});
