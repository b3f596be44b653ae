import { describe, expect, it } from 'vitest';
import {
  nothingKnown,
  type LiveState,
  type LiveWorkstation,
  type Overview,
} from '@ppe-pulse/protocol';
import { dayFactsOf, areSameFacts } from '../../board/src/day-state/day-facts.ts';
import { dayLineOf } from '../../board/src/day-state/day-state-line.ts';
import {
  PLAN_TOLD_MS,
  dayStatesOf,
  type DayState,
  type SeenFacts,
} from '../../board/src/day-state/day-states.ts';
import { daysBetween } from '../../board/src/day-state/days-between.ts';
import { wordsOf } from '../../board/src/text/words-of.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  incidentOf,
  overviewOf,
  silenceOf,
  siteOf,
} from '../support/board-page.ts';

type Rehearsal = NonNullable<Overview['rehearsal']>;

const rehearsalOf = (part: Partial<Rehearsal> = {}): Rehearsal => ({
  planId: '2024-05-15',
  planVersion: 3,
  title: 'Апробация',
  nowAt: '2024-05-15T09:36:00+07:00',
  speed: 1,
  isSimulated: false,
  phase: 'opening',
  opensAt: '2024-05-15T08:00:00+07:00',
  closesAt: '2024-05-15T18:40:00+07:00',
  agentsBehind: 0,
  ...part,
});

const facts: SeenFacts = {
  expectedSites: 98,
  silentSites: 0,
  neverHeardSites: 0,
  ruledSites: 0,
  ruledWorkstations: 0,
  ruledUntilMs: null,
  involvedSites: 85,
  readySites: 61,
  simulatedSites: 0,
  drills: 0,
  silenceEndsAtMs: null,
  planChangedAtMs: null,
};

const day = (part: Partial<Overview> = {}): Overview =>
  overviewOf({ rehearsal: rehearsalOf(), ...part });
const workstations = (simulated: number, seen: number): Overview['workstations'] => ({
  ...overviewOf().workstations,
  simulated,
  seen,
});
const statesOf = (overview: Overview, part: Partial<SeenFacts> = {}): DayState[] =>
  dayStatesOf(overview, { ...facts, ...part }, BOARD_MS);
const kindsOf = (...args: Parameters<typeof statesOf>): string[] =>
  statesOf(...args).map(({ kind }) => kind);

describe('the kind of day', () => {
  it('is nothing while the day runs as planned', () => {
    for (const phase of ['opening', 'exam', 'collection'] as const)
      expect(statesOf(day({ rehearsal: rehearsalOf({ phase }) }))).toEqual([]);
  });

  it.each<[string, Overview, Partial<SeenFacts>, DayState]>([
    [
      'before the day',
      day({ rehearsal: rehearsalOf({ phase: 'preparation', nowAt: '2024-05-12T09:36:00+07:00' }) }),
      {},
      {
        kind: 'beforeDay',
        opensAtMs: Date.parse('2024-05-15T08:00:00+07:00'),
        ready: 61,
        involved: 85,
      },
    ],
    [
      'after the day, by its phase',
      day({ rehearsal: rehearsalOf({ phase: 'closed' }) }),
      {},
      { kind: 'afterDay', closedAtMs: Date.parse('2024-05-15T18:40:00+07:00') },
    ],
    [
      'after the day, by the clock',
      day({ rehearsal: rehearsalOf({ phase: 'idle', nowAt: '2024-05-15T18:40:00+07:00' }) }),
      {},
      { kind: 'afterDay', closedAtMs: Date.parse('2024-05-15T18:40:00+07:00') },
    ],
    ['no plan', overviewOf(), {}, { kind: 'noPlan' }],
    [
      'a played day',
      day({ rehearsal: rehearsalOf({ isSimulated: true, speed: 60 }) }),
      {},
      { kind: 'playedDay', speed: 60 },
    ],
    [
      'only simulated workstations on a real day',
      day({ workstations: workstations(9, 9) }),
      {},
      { kind: 'allSimulated' },
    ],
    [
      'simulated ones beside real ones',
      day({ workstations: workstations(24, 1_240) }),
      { simulatedSites: 2 },
      { kind: 'someSimulated', sites: 2, workstations: 24 },
    ],
    ['a drill', day(), { drills: 2 }, { kind: 'drill', incidents: 2 }],
    [
      'a plan that is being edited',
      day({ planEditing: { by: 'admin', sinceAt: '2024-05-15T09:30:00+07:00' } }),
      {},
      { kind: 'planEditing', by: 'admin', sinceMs: Date.parse('2024-05-15T09:30:00+07:00') },
    ],
    [
      'a plan that has just changed',
      day(),
      { planChangedAtMs: BOARD_MS - 1_000 },
      { kind: 'planChanged', version: 3 },
    ],
    [
      'a third of the points silent',
      day(),
      { silentSites: 30 },
      { kind: 'massSilence', silent: 30, expected: 98, share: 30 / 98 },
    ],
    [
      'silences',
      day({ incidents: { ...overviewOf().incidents, silenced: 3 } }),
      { silenceEndsAtMs: BOARD_MS + MINUTE_MS },
      { kind: 'silences', incidents: 3, nextEndsAtMs: BOARD_MS + MINUTE_MS },
    ],
    [
      'silence by rule',
      day(),
      { ruledSites: 12, ruledWorkstations: 240, ruledUntilMs: BOARD_MS },
      { kind: 'silentByRule', sites: 12, workstations: 240, untilMs: BOARD_MS },
    ],
    [
      'a collector that doubts what it hears',
      day({ warnings: ['cutOff'] }),
      {},
      { kind: 'collectorInDoubt', token: 'cutOff' },
    ],
    [
      'a collector that warns of itself',
      day({ warnings: ['diskNearlyFull'] }),
      {},
      { kind: 'collectorWarns', token: 'diskNearlyFull' },
    ],
  ])('%s', (_, overview, part, state) => {
    expect(statesOf(overview, part)).toEqual([state]);
  });

  it.each([
    [29, 0, 'opening', false],
    [30, 0, 'opening', true],
    [20, 10, 'exam', true],
    [20, 10, 'preparation', false],
    [0, 98, 'preparation', false],
    [30, 0, 'preparation', true],
  ] as const)(
    'of %d silent and %d never heard of 98 in phase %s: a mass silence is %s',
    (silentSites, neverHeardSites, phase, isMass) => {
      const overview = day({ rehearsal: rehearsalOf({ phase }) });
      const kinds = kindsOf(overview, { silentSites, neverHeardSites });
      expect(kinds.includes('massSilence')).toBe(isMass);
    },
  );

  it('is no mass silence where two of three are silent', () => {
    expect(kindsOf(day(), { silentSites: 2, expectedSites: 3 })).toEqual([]);
    expect(kindsOf(day(), { silentSites: 0, expectedSites: 0 })).toEqual([]);
  });

  it('tells a new plan for half a minute', () => {
    expect(kindsOf(day(), { planChangedAtMs: BOARD_MS - PLAN_TOLD_MS + 1 })).toEqual([
      'planChanged',
    ]);
    expect(kindsOf(day(), { planChangedAtMs: BOARD_MS - PLAN_TOLD_MS })).toEqual([]);
  });

  it('has what matters most first: is it real, can it be trusted, is it heard, is it the day', () => {
    const overview = overviewOf({
      rehearsal: rehearsalOf({ isSimulated: true, speed: 60, phase: 'closed' }),
      warnings: ['noWebhooks', 'cutOff'],
      planEditing: { by: 'admin', sinceAt: '2024-05-15T09:30:00+07:00' },
      incidents: { ...overviewOf().incidents, silenced: 1 },
    });
    const part = { silentSites: 40, drills: 1, ruledSites: 1, planChangedAtMs: BOARD_MS };
    expect(kindsOf(overview, part)).toEqual([
      'playedDay',
      'collectorInDoubt',
      'massSilence',
      'afterDay',
      'drill',
      'planChanged',
      'planEditing',
      'silences',
      'silentByRule',
      'collectorWarns',
    ]);
  });
});

describe('facts of a day', () => {
  const workstation = (siteCode: string, part: Partial<LiveWorkstation> = {}): LiveWorkstation => ({
    index: 0,
    id: `w-${siteCode}`,
    placement: { siteCode, roomCode: '0001', role: 'organizer', duty: 'main', simulated: false },
    verdict: 'ok',
    reason: 'ok',
    lastSeenMs: BOARD_MS,
    problems: [],
    values: [],
    ...part,
  });
  const stateOf = (part: Partial<LiveState>): LiveState => ({
    ...nothingKnown,
    serverTimeMs: BOARD_MS,
    ...part,
  });

  it('count who is silent by rule, and until their last exam ends', () => {
    const finished = (dueAtMs: number) => ({
      stage: 'examFinished' as const,
      track: 'written' as const,
      done: 0,
      total: 1,
      unknown: 0,
      late: 0,
      verdict: 'ok' as const,
      reason: 'notDue',
      reachedAtMs: null,
      dueAtMs,
      isMismatch: false,
    });
    const ruled = workstation('4201', { verdict: 'silentByRule' });
    const found = dayFactsOf(
      stateOf({
        sites: new Map([
          ['4201', [ruled, ruled, workstation('4201')]],
          ['4202', [ruled]],
          ['4203', [workstation('4203')]],
        ]),
        registry: new Map([
          ['4201', { ...siteOf('4201'), stages: [finished(BOARD_MS + 1)] }],
          ['4202', { ...siteOf('4202'), stages: [finished(BOARD_MS + 5)] }],
          ['4203', { ...siteOf('4203'), stages: [finished(BOARD_MS + 9)] }],
        ]),
      }),
    );
    expect(found).toMatchObject({
      ruledSites: 2,
      ruledWorkstations: 3,
      ruledUntilMs: BOARD_MS + 5,
    });
  });

  it('count ППЭ that are ready: all conditions hold, and there are some', () => {
    const site = (code: string, met: number, conditions: number, part = {}) =>
      [code, { ...siteOf(code), met, conditions, ...part }] as const;
    const registry = new Map([
      site('4201', 17, 17),
      site('4202', 16, 17),
      site('4203', 0, 0),
      site('4204', 17, 17, { isInvolved: false }),
      site('0001', 17, 17, { kind: 'rcoi' }),
    ]);
    expect(dayFactsOf(stateOf({ registry }))).toMatchObject({ involvedSites: 3, readySites: 1 });
  });

  it('count drills, simulated ППЭ, and the next silence that ends', () => {
    const placement = { ...workstation('4201').placement, simulated: true };
    const found = dayFactsOf(
      stateOf({
        sites: new Map([['4201', [workstation('4201', { placement })]]]),
        incidents: new Map([
          ['i-1', incidentOf(1, { isDrill: true })],
          ['i-2', incidentOf(2)],
        ]),
        silences: [
          silenceOf({ toMs: BOARD_MS + 9 }),
          silenceOf({ id: 's-2', toMs: BOARD_MS + 5 }),
          silenceOf({ id: 's-3', toMs: BOARD_MS + 1, covers: 0 }),
          silenceOf({ id: 's-4', toMs: BOARD_MS + 2, fromMs: BOARD_MS + 1 }),
        ],
      }),
    );
    expect(found).toMatchObject({ drills: 1, simulatedSites: 1, silenceEndsAtMs: BOARD_MS + 5 });
    expect(areSameFacts(found, { ...found })).toBe(true);
    expect(areSameFacts(found, { ...found, drills: 2 })).toBe(false);
  });
});

describe('a line of the day', () => {
  const context = (language: 'ru' | 'en', days = 3) => ({
    words: wordsOf(language),
    dayTime: () => '18:40',
    wallTime: () => '09:40',
    daysUntil: () => days,
  });
  const line = (state: DayState, days?: number) => dayLineOf(state, context('ru', days)).text;
  const before = { kind: 'beforeDay', opensAtMs: 0, ready: 61, involved: 85 } as const;

  it.each<[DayState, string]>([
    [before, 'До апробации 3 дня: идёт подготовка; готово 61 из 85 ППЭ'],
    [
      { kind: 'afterDay', closedAtMs: 0 },
      'Апробация завершена в 18:40; табло показывает состояние после неё',
    ],
    [{ kind: 'playedDay', speed: 60 }, 'ИМИТАЦИЯ: время ×60, в школы не звонить'],
    [{ kind: 'drill', incidents: 1 }, 'УЧЕБНАЯ ТРЕВОГА: 1 инцидент помечен учебным'],
    [{ kind: 'drill', incidents: 3 }, 'УЧЕБНАЯ ТРЕВОГА: 3 инцидента помечены учебными'],
    [{ kind: 'drill', incidents: 11 }, 'УЧЕБНАЯ ТРЕВОГА: 11 инцидентов помечены учебными'],
    [
      { kind: 'planEditing', by: 'admin', sinceMs: 0 },
      'План правит admin с 09:40: сроки могут измениться',
    ],
    [
      { kind: 'massSilence', silent: 30, expected: 98, share: 30 / 98 },
      'Не слышно 30 из 98 ППЭ (30,6 %), порог 30 %',
    ],
    [
      { kind: 'silences', incidents: 2, nextEndsAtMs: 0 },
      'Заглушено: 2 инцидента, ближайшее истекает в 09:40',
    ],
    [
      { kind: 'silentByRule', sites: 12, workstations: 241, untilMs: 0 },
      'По регламенту молчит 12 ППЭ (241 рабочее место) до 18:40',
    ],
    [
      { kind: 'someSimulated', sites: 2, workstations: 24 },
      'Рядом с настоящими: 2 ППЭ — имитация (24 рабочих места), туда не звонить',
    ],
    [{ kind: 'planChanged', version: 4 }, 'План изменён: действует версия 4'],
    [{ kind: 'collectorWarns', token: 'ofANewerCollector' }, 'ofANewerCollector'],
  ])('of %o says «%s»', (state, text) => {
    expect(line(state)).toBe(text);
  });

  it('counts days in the right form, and names the hour on the day itself', () => {
    expect(line(before, 1)).toContain('До апробации 1 день:');
    expect(line(before, 5)).toContain('До апробации 5 дней:');
    expect(line(before, 0)).toContain('Апробация сегодня с 18:40:');
  });

  it('has a shape and a word for every tone, and another text in English', () => {
    const all: readonly DayState[] = [
      before,
      { kind: 'afterDay', closedAtMs: 0 },
      { kind: 'noPlan' },
      { kind: 'allSimulated' },
      { kind: 'collectorInDoubt', token: 'cutOff' },
    ];
    for (const state of all) {
      const ru = dayLineOf(state, context('ru'));
      const en = dayLineOf(state, context('en'));
      expect(en.tone).toBe(ru.tone);
      expect(en.glyph).toBe(ru.glyph);
      expect(en.text).not.toBe(ru.text);
      expect(en.text).not.toMatch(/[а-яё]/i);
    }
  });
});

describe('days between', () => {
  const inKuzbass = daysBetween('Asia/Novokuznetsk');
  const at = (text: string): number => Date.parse(text);

  it('are midnights of the zone, not spans of 24 hours', () => {
    expect(inKuzbass(at('2024-05-14T23:50:00+07:00'), at('2024-05-15T00:10:00+07:00'))).toBe(1);
    expect(inKuzbass(at('2024-05-15T00:10:00+07:00'), at('2024-05-15T23:50:00+07:00'))).toBe(0);
    expect(inKuzbass(at('2024-05-12T09:00:00+07:00'), at('2024-05-15T08:00:00+07:00'))).toBe(3);
  });
});
