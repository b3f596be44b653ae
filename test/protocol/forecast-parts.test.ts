import { describe, expect, it } from 'vitest';
import {
  basisUnits,
  forecastEmHere,
  forecastGrounds,
  forecastHorizons,
  forecastKinds,
  forecastRoomPrinted,
  forecastUplinkLoad,
  printSummary,
  quantileOf,
  scoreForecast,
  scoresOf,
  type Forecast,
  type ForecastHorizon,
  type PrintedRoom,
  type RecordedForecast,
} from '@ppe-pulse/protocol';
import {
  basisText,
  forecastTable,
  forecastTexts,
  languages,
  printSummaryText,
} from '@ppe-pulse/protocol/texts';
import {
  chanceOf,
  nextValue,
  normalCdf,
  spanOfStandstill,
  student95,
  sumSpans,
} from '../../protocol/src/forecasts/spread.ts';

const START = Date.UTC(2024, 4, 15, 3);
const MINUTE = 60_000;

function forecastOf(of: Partial<Forecast> = {}): Forecast {
  return {
    kind: 'roomPrinted',
    siteCode: '4216',
    roomCode: '0012',
    madeAtMs: START,
    low: START + 8 * MINUTE,
    mid: START + 10 * MINUTE,
    high: START + 13 * MINUTE,
    limit: START + 15 * MINUTE,
    chance: 0.9,
    basis: { from: 'norms', startMs: START },
    ...of,
  };
}

function recorded(
  outcome: number | null,
  of: Partial<Forecast> = {},
  horizon: ForecastHorizon = 'first',
): RecordedForecast {
  return { ...scoreForecast(forecastOf(of), outcome), horizon };
}

describe('ranges', () => {
  it.each([
    [3, 2.353],
    [10, 1.812],
    [30, 1.697],
    [1_000, 1.646],
  ])(
    'with %d degrees of freedom reach %d deviations, as Student’s table says',
    (degrees, value) => {
      expect(student95(degrees)).toBeCloseTo(value, 1);
    },
  );

  it.each([
    [0, 0.5],
    [1.645, 0.95],
    [-1.96, 0.025],
  ])('lie under %d deviations with a chance of %d', (z, chance) => {
    expect(normalCdf(z)).toBeCloseTo(chance, 3);
  });

  it('take a chance of one in twenty from either end', () => {
    const range = { low: 8, mid: 10, high: 13 };
    expect(chanceOf(range, 8)).toBeCloseTo(0.05, 2);
    expect(chanceOf(range, 10)).toBeCloseTo(0.5, 3);
    expect(chanceOf(range, 13)).toBeCloseTo(0.95, 2);
    expect(chanceOf(range, 0)).toBe(0);
    expect(chanceOf({ low: 5, mid: 5, high: 5 }, 5)).toBe(1);
    expect(chanceOf({ low: 5, mid: 5, high: 5 }, 4)).toBe(0);
    expect(chanceOf({ low: 0, mid: 0, high: 0 }, 1)).toBe(1);
  });

  it('add up as independent ones do: less than side by side', () => {
    const one = { lowMs: 7, midMs: 10, highMs: 14 };
    expect(sumSpans(one, one)).toEqual({
      lowMs: 20 - Math.hypot(3, 3),
      midMs: 20,
      highMs: 20 + Math.hypot(4, 4),
    });
    expect(sumSpans()).toEqual({ lowMs: 0, midMs: 0, highMs: 0 });
  });

  it('of a standstill are as long again, give or take nineteen times', () => {
    expect(spanOfStandstill(19)).toEqual({ lowMs: 1, midMs: 19, highMs: 361 });
  });

  it('of a next value narrow with what was seen, and pass over a test that another one spoilt', () => {
    const prior = { sd: 0.25, weight: 3 };
    const one = nextValue([10], prior);
    const many = nextValue([10, 10, 10, 10, 10, 10, 10, 1], prior);
    expect(one?.mid).toBeCloseTo(10);
    expect(many?.mid).toBeCloseTo(10);
    const width = (range: typeof one): number => Math.log((range?.high ?? 1) / (range?.low ?? 1));
    expect(width(nextValue([10, 10, 10, 10], prior))).toBeLessThan(width(one));
    expect(nextValue([0, -1], prior)).toBeUndefined();
  });

  it('have quantiles between their values', () => {
    expect(quantileOf([1, 2, 3], 0.5)).toBe(2);
    expect(quantileOf([1, 2], 0.25)).toBe(1.25);
    expect(quantileOf([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.9)).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(quantileOf([], 0.5)).toBeNaN();
  });
});

function cellsOf(line: string | undefined): string[] {
  return (line ?? '').split(/ {2,}/);
}

describe('a forecast after the fact', () => {
  it('has an error, and lies in its range or not', () => {
    expect(scoreForecast(forecastOf(), START + 12 * MINUTE)).toMatchObject({
      error: 2 * MINUTE,
      isInRange: true,
    });
    expect(scoreForecast(forecastOf(), START + 7 * MINUTE)).toMatchObject({
      error: -3 * MINUTE,
      isInRange: false,
    });
    expect(scoreForecast(forecastOf(), null)).toMatchObject({ error: null, isInRange: null });
    // It was over when the forecast was made, and somebody said so only later.
    const { madeAtMs } = forecastOf();
    expect(scoreForecast(forecastOf(), madeAtMs - 1)).toMatchObject({
      outcome: madeAtMs - 1,
      error: null,
      isInRange: null,
    });
  });

  it('is summed up by kind, and by when it was made', () => {
    const scored = [
      recorded(START + 10 * MINUTE),
      recorded(START + 12 * MINUTE),
      recorded(START + 16 * MINUTE, {}, 'T-5'),
      recorded(null),
      recorded(0.6, { kind: 'uplinkLoad', low: 0.4, mid: 0.5, high: 0.7 }),
    ];
    const [prints, first, last, uplink] = scoresOf(scored);
    expect(prints).toMatchObject({
      kind: 'roomPrinted',
      horizon: null,
      count: 3,
      medianAbsError: 2 * MINUTE,
      bias: (8 / 3) * MINUTE,
    });
    expect(prints?.shareInRange).toBeCloseTo(2 / 3);
    expect(prints?.p95AbsError).toBeCloseTo(5.6 * MINUTE, 0);
    expect(first).toMatchObject({ horizon: 'first', count: 2, shareInRange: 1 });
    expect(last).toMatchObject({ horizon: 'T-5', count: 1, shareInRange: 0 });
    expect(uplink).toMatchObject({ kind: 'uplinkLoad', count: 1 });
    expect(uplink?.bias).toBeCloseTo(0.1);
    expect(scoresOf([recorded(null)])).toEqual([]);
  });

  it('ends up in a table for a terminal', () => {
    const scored = [
      recorded(START + 10 * MINUTE),
      recorded(START + 12 * MINUTE, {}, 'T-5'),
      recorded(0.4, { kind: 'uplinkLoad', low: 0.3, mid: 0.5, high: 0.7 }),
    ];
    const [title, head, rule, ...rows] = forecastTable(scored, 'ru').split('\n');
    const promise = rows.pop();
    expect(title).toBe('Ошибки прогнозов');
    expect(cellsOf(head)).toEqual([
      'прогноз',
      'когда сделан',
      'число',
      'в диапазоне',
      'медиана ошибки',
      'p95 ошибки',
      'смещение',
    ]);
    expect(rows.map(cellsOf)).toEqual([
      ['Печать аудитории', 'все', '2', '100,0 %', '1 мин 00 с', '1 мин 54 с', '+1 мин 00 с'],
      ['', 'первый', '1', '100,0 %', '0 с', '0 с', '0 с'],
      ['', 'за 5 мин', '1', '100,0 %', '2 мин 00 с', '2 мин 00 с', '+2 мин 00 с'],
      ['Загрузка исходящего канала', 'все', '1', '100,0 %', '10,0 %', '10,0 %', '−10,0 %'],
      ['', 'первый', '1', '100,0 %', '10,0 %', '10,0 %', '−10,0 %'],
    ]);
    // Columns stand under each other.
    expect(new Set([head, rule, ...rows].map((line) => line?.length)).size).toBe(1);
    expect(promise).toContain('90 %');
    expect(forecastTable(scored, 'en')).toContain('Room printed');
    expect(forecastTable([], 'en')).toBe('Forecast errors\nNo forecast has been checked yet.');
  });
});

describe.each(languages)('texts of forecasts in %s', (language) => {
  it('have a word for every kind and horizon, and none besides', () => {
    const { kinds, horizons } = forecastTexts(language);
    expect(Object.keys(kinds)).toEqual([...forecastKinds]);
    expect(Object.keys(horizons)).toEqual([...forecastHorizons]);
  });

  it('have the keys and the places for values of the other language', () => {
    const shape = (texts: object): unknown =>
      Object.entries(texts).map(([key, text]: [string, unknown]) => [
        key,
        typeof text === 'object' && text !== null
          ? shape(text)
          : [...String(text).matchAll(/\{\w+\}/g)].map(String).sort(),
      ]);
    const [ru, en] = [shape(forecastTexts('ru')), shape(forecastTexts('en'))];
    expect(ru).toEqual(en);
    expect(JSON.stringify(forecastTexts(language))).not.toContain('""');
  });
});

describe('what a forecast rests on', () => {
  const em = {
    totalBytes: 1.5e9,
    receivedBytes: 5e8,
    receivedAtMs: START,
    doneAtMs: null,
    openFromMs: START,
    deadlineMs: null,
    windows: [],
    testedBytesPerSecond: [5e6],
    contractBytesPerSecond: null,
    agentRange: null,
  };
  const room = {
    roomCode: '0012',
    sets: 15,
    pagesPerSet: 20,
    normPagesPerMinute: 30,
    measuredPagesPerMinute: null,
    plannedStartMs: START,
    startedAtMs: START,
    doneAtMs: null,
    pagesDone: 180,
    countedAtMs: START + 6 * MINUTE,
    stuckSinceMs: START + 6 * MINUTE,
    isWatched: true,
    windows: Array.from({ length: 12 }, () => ({ amount: 15, ms: 30_000 })),
    limitMs: null,
  };
  const uplink = {
    cameras: 22,
    cameraBytesPerSecond: null,
    emBytesPerSecond: 0,
    testedBytesPerSecond: [5e6],
    limit: 0.7,
  };
  const agentRange = { lowSeconds: 100, highSeconds: 200, atMs: START };
  const all = [
    forecastEmHere('4216', em, START),
    forecastEmHere('4216', { ...em, agentRange }, START),
    forecastRoomPrinted('4216', room, START + 8 * MINUTE),
    forecastUplinkLoad('4216', uplink, START),
  ];

  it.each(all.map((each) => [String(each?.basis.from), each] as const))(
    'is told by names and units that people know: %s',
    (from, made) => {
      expect(forecastGrounds).toContain(from);
      const { from: _, ...numbers } = made?.basis ?? {};
      expect(Object.keys(basisUnits)).toEqual(expect.arrayContaining(Object.keys(numbers)));
      expect(Object.values(numbers).every((each) => Number.isFinite(each))).toBe(true);
    },
  );

  it('reads as a sentence', () => {
    const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
    expect(basisText(all[2]?.basis ?? {}, 'ru', timeOf)).toBe(
      'по счётчику страниц; комплектов: 15, страниц в комплекте: 20, осталось страниц: 120, ' +
        'скорость печати: 30,0 стр/мин, печать стоит: 2 мин 00 с, начало печати: 03:00, ' +
        'разброс: 6,1 %, интервалов наблюдения: 12',
    );
    expect(basisText({ from: 'tests', tests: 1 }, 'en', timeOf)).toBe(
      'by tests of the line; tests: 1',
    );
    expect(basisText({}, 'en', timeOf)).toBe('');
  });
});

describe('the printing of a site', () => {
  const timeOf = (ms: number): string => new Date(ms + 7 * 3_600_000).toISOString().slice(11, 16);
  const printed = (roomCode: string, minutes: number): PrintedRoom => ({
    roomCode,
    doneAtMs: START + minutes * MINUTE,
    startedAtMs: START,
    limitMs: START,
    forecast: undefined,
  });
  const running = (roomCode: string, minutes: number): PrintedRoom => ({
    ...printed(roomCode, 0),
    doneAtMs: null,
    forecast: forecastOf({ roomCode, mid: START + minutes * MINUTE }),
  });

  it('reads «N of M rooms printed, last one 0012 at 10:07, 7 min late»', () => {
    const summary = printSummary([printed('0011', 6), printed('0012', 7)]);
    expect(summary).toMatchObject({ done: 2, total: 2, lateMs: 7 * MINUTE, isForecast: false });
    expect(printSummaryText(summary, 'en', timeOf)).toBe(
      '2 of 2 rooms printed, last one 0012 at 10:07, 7 min late',
    );
    expect(printSummaryText(summary, 'ru', timeOf)).toBe(
      'Напечатано аудиторий: 2 из 2, последняя 0012 — 10:07, опоздание 7 мин',
    );
  });

  it('marks what is not so yet', () => {
    const summary = printSummary([printed('0011', 6), running('0012', 12)]);
    expect(summary).toMatchObject({ done: 1, isForecast: true, lastLowMs: START + 8 * MINUTE });
    expect(printSummaryText(summary, 'ru', timeOf)).toBe(
      'Напечатано аудиторий: 1 из 2, последняя 0012 — ≈ 10:12, опоздание 12 мин',
    );
  });

  it('has time to spare, or just none', () => {
    const early = printSummary([{ ...printed('0011', 6), limitMs: START + 75 * MINUTE }]);
    expect(printSummaryText(early, 'en', timeOf)).toContain('in time, 1 h 09 min to spare');
    const just = printSummary([{ ...printed('0011', 6), limitMs: START + 6 * MINUTE }]);
    expect(printSummaryText(just, 'en', timeOf)).toContain('just in time');
    const free = printSummary([{ ...printed('0011', 6), limitMs: null }]);
    expect(printSummaryText(free, 'en', timeOf)).toBe(
      '1 of 1 rooms printed, last one 0011 at 10:06',
    );
  });

  it.each([
    ['ok', [9, 10]],
    ['warn', [9, 11]],
    ['fail', [16, 9]],
  ] as const)('is %s when rooms print %j minutes', (verdict, minutes) => {
    const rooms = minutes.map((each, at) => running(`00${at + 11}`, each));
    expect(printSummary(rooms).verdict).toBe(verdict);
  });

  it('says what it does not know', () => {
    const blind: PrintedRoom = { ...running('0013', 1), forecast: undefined };
    const summary = printSummary([blind]);
    expect(summary).toMatchObject({ verdict: 'unknown', unknown: 1, lastRoomCode: null });
    expect(printSummaryText(summary, 'en', timeOf)).toBe('0 of 1 rooms printed, no forecast for 1');
    expect(printSummary([])).toMatchObject({ done: 0, total: 0, verdict: 'unknown' });
  });
});
