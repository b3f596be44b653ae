import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  agentPlanOf,
  defaultModes,
  limits,
  modeAt,
  neverQuietRoles,
  planTimes,
  roles,
  type AgentPlan,
  type AgentPlanTarget,
  type Mode,
  type ModeSpan,
  type Role,
} from '@ppe-pulse/protocol';
import { fuzzSeed } from '../support/fuzz.ts';
import { aPlan, aSite } from '../support/plans.ts';

const at = (local: string): number => Date.parse(`2026-05-20T${local}:00+07:00`);
const plan = aPlan();
const MODES: readonly Mode[] = ['prep', 'quiet', 'off'];

const target = (role: Role, changes: Partial<AgentPlanTarget> = {}): AgentPlanTarget => ({
  version: 3,
  agentId: 'a'.repeat(16),
  placement: { siteCode: '4216', roomCode: '0001', role, duty: 'main', simulated: false },
  site: aSite(),
  regionTimeZone: 'Asia/Novokuznetsk',
  ...changes,
});

describe('a workstation’s part of the plan', () => {
  it('holds what it needs to follow it with no network', () => {
    expect(agentPlanOf(plan, target('organizer'))).toEqual({
      version: 3,
      planId: 'test',
      agentId: 'a'.repeat(16),
      // Five working days before a Wednesday, to the end of the day after.
      validFromMs: Date.parse('2026-05-13T00:00:00+07:00'),
      validToMs: Date.parse('2026-05-22T00:00:00+07:00'),
      timeZone: 'Asia/Novokuznetsk',
      isInvolved: true,
      modes: [{ mode: 'quiet', fromMs: at('09:30'), toMs: at('13:30') }],
      thresholds: {},
      hosts: { videoPortal: [], emPortal: [] },
      throughput: plan.throughput,
      print: plan.print,
    });
  });

  it('is in the time of its site', () => {
    const site = aSite({ timeZone: 'Europe/Moscow' });
    const { timeZone, modes } = agentPlanOf(plan, target('organizer', { site }));
    expect(timeZone).toBe('Europe/Moscow');
    expect(modes[0]?.fromMs).toBe(Date.parse('2026-05-20T09:30:00+03:00'));
  });

  it('ends quiet with the last exam of its own kind', () => {
    const long = aPlan({
      exams: [
        { subject: 'russian', kind: 'written', startAt: '10:00', durationMinutes: 210 },
        { subject: 'biology', kind: 'written', startAt: '10:00', durationMinutes: 235 },
        { subject: 'informatics', kind: 'kege', startAt: '10:00', durationMinutes: 120 },
      ],
    });
    expect(agentPlanOf(long, target('organizer')).modes[0]?.toMs).toBe(at('13:55'));
    expect(agentPlanOf(long, target('kege')).modes[0]?.toMs).toBe(at('12:00'));
  });

  it.each(roles)('%s is quiet only by a rule of its own', (role) => {
    const isRoom = defaultModes.some((rule) => rule.roles.includes(role));
    expect(agentPlanOf(plan, target(role)).modes).toHaveLength(isRoom ? 1 : 0);
  });

  it.each(neverQuietRoles)('%s is never quiet, whatever a plan says', (role) => {
    const wrong = aPlan({ modes: [{ mode: 'off', roles: [role], from: '00:00', to: '23:59' }] });
    expect(agentPlanOf(wrong, target(role)).modes).toEqual([]);
  });

  it('of a site that takes no part says so, and neither silences it nor asks it to print', () => {
    for (const site of [null, aSite({ period: 'early' })])
      expect(agentPlanOf(plan, target('organizer', { site }))).toMatchObject({
        isInvolved: false,
        modes: [],
        print: null,
      });
  });

  it('has print norms where sets are printed, and nowhere else', () => {
    const printing = roles.filter((role) => agentPlanOf(plan, target(role)).print !== null);
    expect(printing).toEqual(['organizer', 'print']);
    const without = aPlan({ technologies: ['kege'] });
    expect(agentPlanOf(without, target('organizer')).print).toBeNull();
  });

  it('has the limits for all, its role’s over them, and the speed of its own contract', () => {
    const strict = aPlan({
      thresholds: {
        all: { cpuWarnRatio: 0.8, rttOkMs: 100 },
        roles: { hq: { cpuWarnRatio: 0.7 }, kege: { cpuWarnRatio: 0.6 } },
      },
    });
    const site = aSite({ contractBytesPerSecond: 6_250_000 });
    expect(agentPlanOf(strict, target('hq', { site })).thresholds).toEqual({
      cpuWarnRatio: 0.7,
      rttOkMs: 100,
      downContractBytesPerSecond: 6_250_000,
    });
    expect(agentPlanOf(strict, target('video')).thresholds).toEqual({
      cpuWarnRatio: 0.8,
      rttOkMs: 100,
    });
  });

  it('of a plan without exams has no quiet that would end with one', () => {
    const video = aPlan({ exams: [], video: { participants: ['ppe-main'], municipal: [] } });
    expect(agentPlanOf(video, target('organizer'))).toMatchObject({ isInvolved: true, modes: [] });
  });

  it('has its spans in order, and shares the times of its plan', () => {
    const many = aPlan({
      modes: [
        { mode: 'quiet', roles: ['kege'], from: '12:00', to: '13:00' },
        { mode: 'off', roles: ['kege', 'print'], from: 'T-1 22:00', to: '06:00' },
        { mode: 'quiet', roles: ['print'], from: '12:00', to: '13:00' },
      ],
    });
    const { modes } = agentPlanOf(many, target('kege', { times: planTimes(many) }));
    expect(modes.map(({ mode, fromMs }) => [mode, fromMs])).toEqual([
      ['off', Date.parse('2026-05-19T22:00:00+07:00')],
      ['quiet', at('12:00')],
    ]);
  });

  it('fits its frame, the largest too', () => {
    const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.org:65535`;
    const rule = { mode: 'quiet' as const, roles: ['kege' as const], from: '09:30', to: 'end' };
    const largest = aPlan({
      id: 'x'.repeat(60),
      modes: Array.from({ length: 32 }, () => rule),
      hosts: { videoPortal: Array(8).fill(host), emPortal: Array(8).fill(host) },
      thresholds: { all: { ...everyThreshold() }, roles: {} },
    });
    const text = JSON.stringify(agentPlanOf(largest, target('kege')));
    expect(text.length).toBeLessThan(limits.agentPlanCharacters / 2);
  });
});

function everyThreshold(): Record<string, number> {
  return Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`aThresholdWithALongName${index}`, 1 / 3]),
  );
}

describe('the mode at a moment', () => {
  const base: AgentPlan = {
    ...agentPlanOf(plan, target('organizer')),
    validFromMs: 0,
    validToMs: 1_000,
  };
  const span = (mode: ModeSpan['mode'], fromMs: number, toMs: number): ModeSpan => ({
    mode,
    fromMs,
    toMs,
  });
  const spans = [span('quiet', 100, 500), span('off', 200, 300), span('quiet', 400, 600)];

  it.each([
    [99, 'prep'],
    [100, 'quiet'],
    [199, 'quiet'],
    [200, 'off'],
    [299, 'off'],
    [300, 'quiet'],
    [499, 'quiet'],
    [500, 'quiet'],
    [600, 'prep'],
  ])('%i is that of the quietest span that holds: %s', (nowMs, mode) => {
    expect(modeAt({ ...base, modes: spans }, nowMs)).toBe(mode);
  });

  it('is prep outside of the plan’s validity, whatever its spans say', () => {
    const modes = [span('off', 0, 10_000)];
    const shortLived = { ...base, validFromMs: 100, validToMs: 200, modes };
    expect([99, 100, 199, 200].map((nowMs) => modeAt(shortLived, nowMs))).toEqual([
      'prep',
      'off',
      'off',
      'prep',
    ]);
  });

  it('is the quietest of all that hold, for any spans', () => {
    const seed = fuzzSeed('mode at');
    const aSpan = fc
      .tuple(
        fc.constantFrom('quiet' as const, 'off' as const),
        fc.nat(900),
        fc.integer({ min: 1, max: 100 }),
      )
      .map(([mode, fromMs, length]) => span(mode, fromMs, fromMs + length));
    fc.assert(
      fc.property(fc.array(aSpan, { maxLength: 8 }), fc.nat(999), (modes, nowMs) => {
        const holding = modes.filter(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
        const quietest = Math.max(0, ...holding.map(({ mode }) => MODES.indexOf(mode)));
        const ordered = [...modes].sort((a, b) => a.fromMs - b.fromMs);
        expect(modeAt({ ...base, modes: ordered }, nowMs)).toBe(MODES[quietest]);
      }),
      { seed },
    );
  });

  it('of a whole day is quiet exactly while the key is there and the exam runs', () => {
    const day = agentPlanOf(plan, target('organizer'));
    const quiet: string[] = [];
    for (let minute = 0; minute < 1_440; minute += 1) {
      const nowMs = at('00:00') + minute * 60_000;
      if (modeAt(day, nowMs) !== 'quiet') continue;
      quiet.push(new Date(nowMs + 7 * 3_600_000).toISOString().slice(11, 16));
    }
    expect([quiet[0], quiet.at(-1), quiet.length]).toEqual(['09:30', '13:29', 240]);
  });
});
