import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  dayOf,
  isTimeZone,
  parsePlanTime,
  planTimes,
  workingDaysBefore,
  zoneClock,
  type Plan,
} from '@ppe-pulse/protocol';
import { fuzzSeed } from '../support/fuzz.ts';
import { aPlan } from '../support/plans.ts';

const DAY_MS = 86_400_000;
/** No change of clocks, one an hour a year either way, half an hour, and one over the date line. */
const zones = [
  'Asia/Novokuznetsk',
  'Europe/Kaliningrad',
  'Asia/Kamchatka',
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
];

/** What clocks of a zone show, `2024-05-15 10:00`. */
function shownAt(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(atMs);
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const aDay = fc.integer({ min: dayOf('2012-01-01') ?? 0, max: dayOf('2037-12-31') ?? 0 });
const aMinute = fc.integer({ min: 0, max: 1_439 });
const aZone = fc.constantFrom(...zones);

describe('a time of a plan', () => {
  it.each([
    ['08:00', { kind: 'clock', daysBefore: 0, minute: 480 }],
    ['00:00', { kind: 'clock', daysBefore: 0, minute: 0 }],
    ['23:59', { kind: 'clock', daysBefore: 0, minute: 1_439 }],
    ['T-1 17:00', { kind: 'clock', daysBefore: 1, minute: 1_020 }],
    ['T-30 09:00', { kind: 'clock', daysBefore: 30, minute: 540 }],
    ['start', { kind: 'start', minutes: 0 }],
    ['start+20', { kind: 'start', minutes: 20 }],
    ['start-5', { kind: 'start', minutes: -5 }],
    ['end+60', { kind: 'end', minutes: 60 }],
    ['end-1440', { kind: 'end', minutes: -1_440 }],
  ])('%s is read', (text, parts) => {
    expect(parsePlanTime(text)).toEqual(parts);
  });

  it.each([
    '',
    '8:00',
    '24:00',
    '10:60',
    '10:00:00',
    ' 10:00',
    '10:00\n',
    'T-0 10:00',
    'T-31 10:00',
    'T-1',
    'T-1  17:00',
    'T+1 10:00',
    't-1 17:00',
    'start +20',
    'start+',
    'start+1441',
    'start+20.5',
    'finish+20',
    'end60',
  ])('"%s" is none', (text) => {
    expect(parsePlanTime(text)).toBeNull();
  });

  it('is read or refused, and never thrown at, whatever the text', () => {
    const seed = fuzzSeed('plan time');
    const piece = fc.constantFrom('T', '-', '+', '1', '0', ':', ' ', 'start', 'end', '09:30', '\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const parts = parsePlanTime(pieces.join(''));
        if (parts?.kind === 'clock') expect(parts.minute).toBeLessThan(1_440);
        else if (parts) expect(Math.abs(parts.minutes)).toBeLessThanOrEqual(1_440);
      }),
      { seed },
    );
  });
});

describe('the calendar', () => {
  it.each(['2024-02-30', '2023-02-29', '2024-13-01', '2024-00-10', '15.05.2024', '1969-12-31', ''])(
    'has no day %s',
    (date) => {
      expect(dayOf(date)).toBeNull();
    },
  );

  it('counts days, leap years too', () => {
    expect(dayOf('1970-01-01')).toBe(0);
    expect(dayOf('2024-02-29')).toBe(19_782);
  });

  it.each([
    ['2024-05-15', 1, '2024-05-14'],
    ['2024-05-15', 3, '2024-05-10'],
    ['2024-05-15', 5, '2024-05-08'],
    // A Monday's day before is the Friday.
    ['2024-05-13', 1, '2024-05-10'],
    // So is that of a rehearsal on a weekend.
    ['2024-05-12', 1, '2024-05-10'],
    ['2024-05-11', 1, '2024-05-10'],
    ['2024-05-11', 6, '2024-05-03'],
    ['2024-03-01', 1, '2024-02-29'],
    ['2024-05-15', 0, '2024-05-15'],
  ])('from %s it is %i working days back to %s', (date, count, expected) => {
    expect(dateOf(workingDaysBefore(dayOf(date) ?? 0, count))).toBe(expected);
  });

  it('goes back over exactly so many working days', () => {
    const seed = fuzzSeed('working days');
    fc.assert(
      fc.property(aDay, fc.integer({ min: 1, max: 30 }), (day, count) => {
        const from = workingDaysBefore(day, count);
        let worked = 0;
        for (let at = from; at < day; at += 1) {
          const weekday = new Date(at * DAY_MS).getUTCDay();
          if (weekday !== 0 && weekday !== 6) worked += 1;
        }
        expect(worked).toBe(count);
        expect([0, 6]).not.toContain(new Date(from * DAY_MS).getUTCDay());
      }),
      { seed },
    );
  });

  it('knows zones by their names, and nothing else', () => {
    for (const zone of zones) expect(isTimeZone(zone)).toBe(true);
    const none = ['Asia/Kemerovo', '+07:00', 'Novokuznetsk', '', 'UTC+7', '__proto__'];
    expect(none.filter(isTimeZone)).toEqual([]);
  });
});

describe('a zone’s clock', () => {
  it('shows at the moment what it was asked for, in any zone on any day', () => {
    const seed = fuzzSeed('zone clock');
    const clocks = new Map(zones.map((zone) => [zone, zoneClock(zone)]));
    fc.assert(
      fc.property(aZone, aDay, aMinute, (zone, day, minute) => {
        const atMs = clocks.get(zone)?.momentMs(day, minute) ?? 0;
        const wanted = `${dateOf(day)} ${clockOf(minute)}`;
        const shown = shownAt(atMs, zone);
        // What clocks jump over is never shown: then they show the time after the jump.
        if (shown !== wanted) {
          expect(shown > wanted).toBe(true);
          expect(shownAt(atMs - DAY_MS, zone).slice(11)).toBe(wanted.slice(11));
        }
      }),
      { seed, numRuns: 300 },
    );
  });

  it.each([
    // Clocks go from 02:00 to 03:00: half past two comes an hour later.
    ['2024-03-31', 150, '2024-03-31T01:30:00.000Z'],
    // They go back from 03:00 to 02:00: half past two is the first of the two.
    ['2024-10-27', 150, '2024-10-27T00:30:00.000Z'],
    ['2024-10-27', 90, '2024-10-26T23:30:00.000Z'],
    ['2024-10-27', 210, '2024-10-27T02:30:00.000Z'],
  ])('in Berlin on %s at minute %i is %s', (date, minute, expected) => {
    const atMs = zoneClock('Europe/Berlin').momentMs(dayOf(date) ?? 0, minute);
    expect(new Date(atMs).toISOString()).toBe(expected);
  });

  it('leaves out the day that Samoa left out', () => {
    const clock = zoneClock('Pacific/Apia');
    expect(
      clock.momentMs(dayOf('2011-12-31') ?? 0, 0) - clock.momentMs(dayOf('2011-12-29') ?? 0, 0),
    ).toBe(DAY_MS);
  });
});

describe('the times of a plan', () => {
  const zone = 'Asia/Novokuznetsk';
  const may: Plan = aPlan({
    date: '2024-05-15',
    exams: [
      { subject: 'biology', kind: 'written', startAt: '10:00', durationMinutes: 235 },
      { subject: 'english', kind: 'written', startAt: '09:30', durationMinutes: 190 },
      { subject: 'informatics', kind: 'kege', startAt: '12:00', durationMinutes: 235 },
    ],
  });
  const iso = (ms: number | null): string | null =>
    ms === null ? null : new Date(ms + 7 * 3_600_000).toISOString().slice(0, 16);

  it.each([
    ['08:00', 'written', '2024-05-15T08:00'],
    ['T-1 17:00', 'written', '2024-05-14T17:00'],
    ['T-3 17:00', null, '2024-05-10T17:00'],
    ['start', 'written', '2024-05-15T09:30'],
    ['start+20', 'written', '2024-05-15T09:50'],
    ['end', 'written', '2024-05-15T13:55'],
    ['end+60', 'written', '2024-05-15T14:55'],
    ['start-5', 'kege', '2024-05-15T11:55'],
    ['end', 'kege', '2024-05-15T15:55'],
    // No exam is of that kind: all of them count.
    ['start', 'speaking', '2024-05-15T09:30'],
    ['end', 'video', '2024-05-15T15:55'],
    ['end', null, '2024-05-15T15:55'],
  ] as const)('%s on the track %s is %s', (time, track, expected) => {
    expect(iso(planTimes(may).at(time, zone, track))).toBe(expected);
  });

  it('are of the zone that is asked for: one day begins eight hours earlier on Kamchatka', () => {
    const times = planTimes(may);
    const [kamchatka, kaliningrad] = ['Asia/Kamchatka', 'Europe/Kaliningrad'].map(
      (each) => times.at('10:00', each, null) ?? 0,
    );
    expect((kaliningrad ?? 0) - (kamchatka ?? 0)).toBe(10 * 3_600_000);
  });

  it('of an exam are none where there is no exam', () => {
    const times = planTimes(aPlan({ exams: [] }));
    expect(times.at('start+20', zone, 'written')).toBeNull();
    expect(times.at('start+20', zone, 'written')).toBeNull();
    expect(times.at('08:00', zone, 'video')).not.toBeNull();
  });

  it('last as long as the exam does, also over a change of clocks', () => {
    const exam = { subject: 'x', kind: 'written', startAt: '01:00', durationMinutes: 240 } as const;
    const times = planTimes(aPlan({ date: '2024-03-31', exams: [exam] }));
    const [start, end] = ['start', 'end'].map((time) => times.at(time, 'Europe/Berlin', 'written'));
    expect((end ?? 0) - (start ?? 0)).toBe(240 * 60_000);
    expect(shownAt(end ?? 0, 'Europe/Berlin')).toBe('2024-03-31 06:00');
  });

  it('are thrown at what no checked plan holds', () => {
    expect(() => planTimes(may).at('half past ten', zone, null)).toThrow('half past ten');
    expect(() => planTimes(aPlan({ date: '2024-02-30' }))).toThrow('2024-02-30');
  });

  it('keep the order of minutes in every zone on every day', () => {
    const seed = fuzzSeed('order of times');
    fc.assert(
      fc.property(aZone, aDay, fc.tuple(aMinute, aMinute), (timeZone, day, [a, b]) => {
        const times = planTimes(aPlan({ date: dateOf(day) }));
        const at = (minute: number): number => times.at(clockOf(minute), timeZone, null) ?? 0;
        // Clocks that jump may bring an hour's minutes together, and never swap days.
        if (Math.abs(a - b) > 60) expect(Math.sign(at(a) - at(b))).toBe(Math.sign(a - b));
        const [yesterday, start] = [times.at('T-1 23:59', timeZone, null), at(0)];
        expect((yesterday ?? 0) < start).toBe(true);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('are looked up, not worked out, for the next six thousand sites', () => {
    const times = planTimes(may);
    const stages = may.stages.flatMap(({ due }) => (due === null ? [] : [due]));
    for (const due of stages) times.at(due, zone, 'written');
    // Whoever works one out asks the zone; what is looked up does not.
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    onTestFinished(() => void vi.restoreAllMocks());
    for (let site = 0; site < 6_000; site += 1)
      for (const due of stages) times.at(due, zone, 'written');
    expect(asked.mock.calls.length).toBe(0);
    planTimes(may).at(stages[0] ?? '', zone, 'written');
    expect(asked.mock.calls.length).toBeGreaterThan(0);
  });
});
