import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  RULE_LEAD_MS,
  WIND_DOWN_MS,
  modeAt,
  modes,
  ruleAt,
  roles,
  type AgentPlan,
  type Mode,
  type Role,
} from '@ppe-pulse/protocol';
import { ModeKeeper } from '../../agent/src/plan/mode-keeper.ts';
import {
  canBeQuiet,
  modeFrom,
  quieterOf,
  standingAt,
  type ModeSources,
} from '../../agent/src/plan/planned-mode.ts';
import { PLAN_FROM_MS, agentPlan, quiet } from '../support/agent-plans.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const MINUTE_MS = 60_000;
const id = 'w-00000000000000a2';
const nobody = { config: 'prep', local: undefined, role: 'organizer' } as const;
const sourcesOf = (plan: AgentPlan, part: Partial<ModeSources> = {}): ModeSources => ({
  ...nobody,
  plan,
  ...part,
});

describe('the mode', () => {
  const exam = agentPlan(id, { modes: [quiet(10 * MINUTE_MS, 40 * MINUTE_MS)] });
  const at = (minutes: number, part: Partial<ModeSources> = {}): Mode =>
    modeFrom(sourcesOf(exam, part), PLAN_FROM_MS + minutes * MINUTE_MS);

  it('is the plan’s at the moment: its begin is in it, its end is not', () => {
    expect([at(9.99), at(10), at(39.99), at(40)]).toEqual(['prep', 'quiet', 'quiet', 'prep']);
  });

  it('is prep outside of the plan’s validity, whatever its spans say', () => {
    const { validToMs } = exam;
    const plan = agentPlan(id, { modes: [{ mode: 'off', fromMs: 0, toMs: validToMs * 2 }] });
    expect(modeFrom(sourcesOf(plan), PLAN_FROM_MS)).toBe('off');
    expect(modeFrom(sourcesOf(plan), PLAN_FROM_MS - 1)).toBe('prep');
    expect(modeFrom(sourcesOf(plan), validToMs)).toBe('prep');
  });

  it('is made quieter by a person and by the settings, never louder', () => {
    expect(at(20, { local: { mode: 'off', untilMs: null } })).toBe('off');
    expect(at(0, { config: 'quiet' })).toBe('quiet');
    expect(at(20, { config: 'quiet', local: { mode: 'quiet', untilMs: null } })).toBe('quiet');
  });

  it('is the plan’s again when a person’s time is over', () => {
    const local = { mode: 'off', untilMs: PLAN_FROM_MS + 5 * MINUTE_MS } as const;
    expect([at(4.99, { local }), at(5, { local }), at(10, { local })]).toEqual([
      'off',
      'prep',
      'quiet',
    ]);
  });

  it.each(['hq', 'video'] as const)('of role %s is prep in a quiet time of the plan', (role) => {
    expect(at(20, { role })).toBe('prep');
    expect(at(20, { role, config: 'quiet' })).toBe('prep');
    expect(at(20, { role, local: { mode: 'off', untilMs: null } })).toBe('off');
  });

  it('of a workstation that was never placed is the plan’s', () => {
    expect(at(20, { role: undefined })).toBe('quiet');
  });
});

describe('where the agent stands', () => {
  const plan = agentPlan(id, { modes: [quiet(60_000, 120_000)] });
  const at = (ms: number) => standingAt(sourcesOf(plan), PLAN_FROM_MS + ms);

  it('begins nothing that would outlive the beginning of a quiet time', () => {
    expect(at(60_000 - WIND_DOWN_MS - 1)).toMatchObject({ mode: 'prep', begun: 'prep' });
    expect(at(60_000 - WIND_DOWN_MS)).toMatchObject({ mode: 'prep', begun: 'quiet' });
    expect(at(120_000 - 1)).toMatchObject({ mode: 'quiet', begun: 'quiet' });
    expect(at(120_000)).toMatchObject({ mode: 'prep', begun: 'prep' });
  });

  it('knows when it is back, also while it only winds down', () => {
    const backAtMs = PLAN_FROM_MS + 120_000;
    expect(at(60_000 - WIND_DOWN_MS).backAtMs).toBe(backAtMs);
    expect(at(90_000).backAtMs).toBe(backAtMs);
    expect(at(130_000).backAtMs).toBe(PLAN_FROM_MS + 130_000);
    const local = { mode: 'off', untilMs: null } as const;
    expect(standingAt(sourcesOf(plan, { local }), PLAN_FROM_MS).backAtMs).toBe(Infinity);
  });

  it('names the next change: the wind-down, the beginning, the end, the plan’s own end', () => {
    const changes: number[] = [];
    for (let ms = 0; ;) {
      const { nextChangeMs } = at(ms);
      if (!Number.isFinite(nextChangeMs)) break;
      ms = nextChangeMs - PLAN_FROM_MS;
      changes.push(ms);
    }
    expect(changes).toEqual([60_000 - WIND_DOWN_MS, 60_000, 120_000]);
  });
});

const spans = fc
  .array(
    fc.record({
      mode: fc.constantFrom('quiet' as const, 'off' as const),
      fromMs: fc.integer({ min: 0, max: 200_000 }),
      length: fc.integer({ min: 1, max: 90_000 }),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all
      .map(({ mode, fromMs, length }) => ({
        mode,
        fromMs: PLAN_FROM_MS + fromMs,
        toMs: PLAN_FROM_MS + fromMs + length,
      }))
      .sort((a, b) => a.fromMs - b.fromMs),
  );
const anySources = fc.record({
  config: fc.constantFrom(...modes),
  plan: fc.option(
    fc
      .tuple(spans, fc.integer({ min: 1, max: 300_000 }))
      .map(([all, lasts]) => agentPlan(id, { modes: all, validToMs: PLAN_FROM_MS + lasts })),
    { nil: undefined },
  ),
  local: fc.option(
    fc.record({
      mode: fc.constantFrom('quiet' as const, 'off' as const),
      untilMs: fc.option(fc.integer({ min: 0, max: 300_000 }).map((ms) => PLAN_FROM_MS + ms)),
    }),
    { nil: undefined },
  ),
  role: fc.option(fc.constantFrom(...roles), { nil: undefined }),
}) satisfies fc.Arbitrary<ModeSources>;
const anyMoment = fc.integer({ min: -1_000, max: 320_000 }).map((ms) => PLAN_FROM_MS + ms);
const options = { seed: 5, numRuns: 400 };
const isQuieterOrSame = (one: Mode, other: Mode): boolean => quieterOf(one, other) === one;

describe('whatever the plan, the settings, the role and the person say', () => {
  it('no room is louder than its plan, its settings or a person’s word', () => {
    fc.assert(
      fc.property(anySources, anyMoment, (sources, atMs) => {
        fc.pre(canBeQuiet(sources.role));
        const mode = modeFrom(sources, atMs);
        expect(isQuieterOrSame(mode, sources.config)).toBe(true);
        if (sources.plan) expect(isQuieterOrSame(mode, modeAt(sources.plan, atMs))).toBe(true);
        const louder = modeFrom({ ...sources, local: undefined }, atMs);
        expect(isQuieterOrSame(mode, louder)).toBe(true);
      }),
      options,
    );
  });

  it('the Штаб and the PC that watches cameras are never quiet', () => {
    const heard = fc.constantFrom<Role>('hq', 'video');
    fc.assert(
      fc.property(anySources, anyMoment, heard, (sources, atMs, role) => {
        const { mode, begun } = standingAt({ ...sources, role }, atMs);
        expect([mode, begun]).not.toContain('quiet');
      }),
      options,
    );
  });

  it('nothing changes before the moment that is named, and what may be begun never runs ahead', () => {
    fc.assert(
      fc.property(
        anySources,
        anyMoment,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (...of) => {
          const [sources, atMs, share] = of;
          const now = standingAt(sources, atMs);
          const stepMs = Math.min(now.nextChangeMs - atMs, 400_000);
          const later = standingAt(sources, atMs + stepMs * share);
          // Sooner it may only become louder to begin: a quiet time that was near turned out short.
          expect(later.mode).toBe(now.mode);
          expect(isQuieterOrSame(now.begun, now.mode)).toBe(true);
          expect(isQuieterOrSame(now.begun, modeFrom(sources, atMs + WIND_DOWN_MS))).toBe(true);
        },
      ),
      options,
    );
  });
});

describe('following the plan by the clock', () => {
  /** A PC: its timers and the collector's clock, which a sleep moves on without them. */
  function pc(plan: AgentPlan | undefined, startMs = 0) {
    const timers = new VirtualTimers();
    let aheadMs = PLAN_FROM_MS + startMs;
    const changes: string[] = [];
    let sources = { ...nobody, plan } as ModeSources;
    const keeper = new ModeKeeper({
      timers,
      nowMs: () => timers.nowMs + aheadMs,
      sources: () => sources,
      changed: ({ mode, begun }) =>
        changes.push(`${timers.nowMs + aheadMs - PLAN_FROM_MS} ${mode} ${begun}`),
    });
    keeper.start();
    return {
      timers,
      keeper,
      changes,
      sleeps: (ms: number) => (aheadMs += ms),
      gets: (part: Partial<ModeSources>) => (sources = { ...sources, ...part }),
    };
  }
  const exam = agentPlan(id, { modes: [quiet(3_600_000, 7_200_000)] });

  it('changes at the very moment when nothing comes between', async () => {
    const { timers, changes, keeper } = pc(exam);
    await timers.advance(7_300_000);
    expect(changes).toEqual([
      `${3_600_000 - WIND_DOWN_MS} prep quiet`,
      '3600000 quiet quiet',
      '7200000 prep prep',
    ]);
    keeper.stop();
    await timers.advance(10_000);
    expect(keeper.mode).toBe('prep');
  });

  it('is right within a second after the PC slept over a beginning or an end', async () => {
    const { timers, changes, keeper, sleeps } = pc(exam);
    await timers.advance(10_000);
    sleeps(3_600_000);
    await timers.advance(1_000);
    expect(keeper.mode).toBe('quiet');
    sleeps(3_600_000);
    await timers.advance(1_000);
    expect(keeper.mode).toBe('prep');
    expect(changes).toHaveLength(2);
    keeper.stop();
  });

  it('goes back when the collector’s clock turns out to be an hour behind', async () => {
    const { timers, keeper, sleeps } = pc(exam, 4_000_000);
    expect(keeper.mode).toBe('quiet');
    sleeps(-3_600_000);
    await timers.advance(1_000);
    expect(keeper.mode).toBe('prep');
    expect(keeper.backInMs).toBe(0);
    keeper.stop();
  });

  it('obeys a new plan at the next look and at once when it is told to look', async () => {
    const { timers, keeper, gets } = pc(undefined);
    await timers.advance(60_000);
    gets({ plan: agentPlan(id, { modes: [quiet(0, 7_200_000)] }) });
    expect(keeper.mode).toBe('prep');
    keeper.look();
    expect(keeper.mode).toBe('quiet');
    expect(keeper.backInMs).toBe(7_200_000 - 60_000);
    keeper.stop();
  });
});

describe('what a listener may expect of a workstation', () => {
  const plan = agentPlan('w-0000000000000001', { modes: [quiet(3_600_000, 7_200_000)] });
  const at = (ms: number) => ruleAt(plan, PLAN_FROM_MS + ms);

  it.each([
    ['long before', 3_600_000 - WIND_DOWN_MS - RULE_LEAD_MS - 1, null],
    ['while it winds down and says goodbye', 3_600_000 - WIND_DOWN_MS - RULE_LEAD_MS, 'isolated'],
    ['in its quiet time', 5_400_000, 'isolated'],
    ['while it comes back', 7_200_000 + 119_999, 'isolated'],
    ['afterwards', 7_200_000 + 120_000, null],
  ])('%s', (_, ms, rule) => {
    expect(at(ms)).toBe(rule);
  });

  it('is nothing where its site takes no part', () => {
    expect(ruleAt({ ...plan, isInvolved: false }, PLAN_FROM_MS)).toBe('notInvolved');
  });
});
