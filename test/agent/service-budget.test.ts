import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checks, factsChecks } from '@ppe-pulse/protocol';
import { createLog } from '../../agent/src/platform/log.ts';
import { ProbeHarness } from '../../agent/src/probes/harness.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import {
  defaultCpuBudget,
  nextBudget,
  slowedPeriodMs,
  withinBudget,
  type BudgetState,
  type Use,
} from '../../agent/src/service/budget.ts';
import { budgetLimits } from '../../agent/src/service/budget-config.ts';
import { BudgetProbe } from '../../agent/src/service/budget-probe.ts';
import { cpuOf, readOwnUse } from '../../agent/src/service/own-use.ts';
import { until } from '../support/processes.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const limits = { cpuSecondsPerHour: 36, rssBytes: 110_000_000 };
const calm: Use = { cpuSecondsPerHour: 12, rssBytes: 60_000_000 };
const busy: Use = { ...calm, cpuSecondsPerHour: 37 };
const fat: Use = { ...calm, rssBytes: 110_000_001 };
const MINUTE_MS = 60_000;

/** Factors after each look, from a state on. */
function factors(uses: readonly Use[], from: BudgetState = withinBudget): number[] {
  let state = from;
  return uses.map((use) => (state = nextBudget(state, use, limits)).factor);
}
const times = (count: number, use: Use): Use[] => Array.from({ length: count }, () => use);

describe('the budget of the agent', () => {
  it('slows probes down after three minutes over it, further after each three more, to 8 at most', () => {
    expect(factors(times(15, busy))).toEqual([1, 1, 2, 2, 2, 4, 4, 4, 8, 8, 8, 8, 8, 8, 8]);
    expect(factors(times(3, fat))).toEqual([1, 1, 2]);
  });

  it('lets two bad minutes pass, also again and again', () => {
    const seesaw = [busy, busy, calm, busy, busy, calm, fat, busy, calm, calm];
    expect(factors(seesaw)).toEqual(seesaw.map(() => 1));
    // What is taken too much may change: it is still too much.
    expect(factors([busy, fat, busy])).toEqual([1, 1, 2]);
  });

  it('goes faster again step by step, each after ten minutes within it', () => {
    const slow: BudgetState = { factor: 8, over: 'cpu', looks: 0 };
    const path = factors(times(31, calm), slow);
    expect([path[8], path[9], path[18], path[19], path[28], path[29], path[30]]).toEqual([
      8, 4, 4, 2, 2, 1, 1,
    ]);
    // A bad minute begins the ten anew, and slows nothing by itself.
    expect(factors([...times(9, calm), busy, ...times(9, calm)], slow).at(-1)).toBe(8);
  });

  it('knows what is too much', () => {
    expect(nextBudget(withinBudget, busy, limits).over).toBe('cpu');
    expect(nextBudget(withinBudget, fat, limits).over).toBe('memory');
    expect(nextBudget(withinBudget, { ...limits }, limits).over).toBeUndefined();
  });

  it('is wider for who watches cameras or carries a ППЭ, and as the settings say', () => {
    expect(defaultCpuBudget({ cameras: 0, isRelay: false })).toBe(36);
    expect(defaultCpuBudget({ cameras: 4, isRelay: true })).toBe(36 + 120 + 120);
    const settings = { budget: { rssBytes: 90_000_000 }, cameras: [{}], relay: { enabled: false } };
    expect(budgetLimits(settings)).toEqual({ cpuSecondsPerHour: 66, rssBytes: 90_000_000 });
    const said = { ...settings, budget: { rssBytes: 90_000_000, cpuSecondsPerHour: 10 } };
    expect(budgetLimits(said).cpuSecondsPerHour).toBe(10);
  });

  it('never makes a period so long that a check of an agent in good order turns unknown', () => {
    for (const factor of [2, 4, 8]) {
      expect(slowedPeriodMs(5_000, factor)).toBe(Math.min(24_000, 5_000 * factor));
      // Jitter, and the time that a look itself may take.
      expect(1.1 * slowedPeriodMs(5_000, factor)).toBeLessThan(30_000);
      expect(slowedPeriodMs(60_000, factor)).toBe(factor === 2 ? 120_000 : 150_000);
    }
    expect(slowedPeriodMs(5_000, 1)).toBe(5_000);
    const shortest = Math.min(...[...checks, ...factsChecks].map((each) => each.maxAgeMs));
    expect(shortest).toBe(30_000);
  });
});

describe('an agent over its budget', () => {
  it('slows every probe but the look at itself, says so, and recovers', async () => {
    const timers = new VirtualTimers();
    const clock = { wallMs: () => timers.nowMs, monotonicMs: () => timers.nowMs };
    const readings = new Readings();
    let cpuSecondsPerHour = 100;
    let cpuMs = 0;
    let atMs = 0;
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    const budget = new BudgetProbe({
      limits,
      clock,
      log,
      childPid: () => undefined,
      read: async () => {
        cpuMs += ((timers.nowMs - atMs) * cpuSecondsPerHour) / 3_600;
        atMs = timers.nowMs;
        return { cpuMs, rssBytes: 60_000_000 };
      },
    });
    const harness = new ProbeHarness({
      readings,
      timers,
      clock,
      log,
      random: () => 0.5,
      mode: () => 'prep',
      slowdown: () => budget.slowdown.factor,
    });
    let looks = 0;
    harness.start({
      name: 'quick',
      family: 'host',
      periodMs: 5_000,
      deadlineMs: 1_000,
      measure: async () => {
        looks += 1;
        return { kind: 'nothing' };
      },
    });
    harness.start(budget);
    onTestFinished(() => harness.stop());
    const looksIn = async (minutes: number): Promise<number> => {
      const before = looks;
      await timers.advance(minutes * MINUTE_MS);
      return looks - before;
    };
    expect(await looksIn(3)).toBe(36);
    await looksIn(10);
    expect(budget.slowdown).toEqual({ factor: 8, over: 'cpu' });
    expect(readings.values.get('agent.slowdown.ratio')?.value).toBe(8);
    expect(await looksIn(12)).toBe(30);
    expect(lines.filter((line) => line.includes('slowed down'))).toHaveLength(3);
    cpuSecondsPerHour = 10;
    await looksIn(31);
    expect(budget.slowdown).toEqual({ factor: 1, over: undefined });
    expect(await looksIn(3)).toBeGreaterThanOrEqual(35);
    expect(lines.filter((line) => line.includes('faster again'))).toHaveLength(3);
  });

  it('does not take an hour of sleep, or its own start, for work', async () => {
    const timers = new VirtualTimers();
    let cpuMs = 5_000;
    const budget = new BudgetProbe({
      limits,
      clock: { wallMs: () => timers.nowMs, monotonicMs: () => timers.nowMs },
      log: createLog('silent'),
      childPid: () => undefined,
      read: async () => ({ cpuMs, rssBytes: 60_000_000 }),
    });
    for (let look = 0; look < 6; look += 1) {
      await budget.measure();
      cpuMs += 400_000;
      await timers.advance(3_600_000);
    }
    expect(budget.slowdown).toEqual({ factor: 1, over: undefined });
  });
});

describe.skipIf(process.platform !== 'linux')('what the agent takes, by the kernel', () => {
  it('counts itself, a child that runs, and a child that has ended', async () => {
    const read = readOwnUse('linux');
    const before = await read(undefined);
    const spin = (ms: number): void => {
      const untilMs = process.cpuUsage().user + ms * 1_000;
      while (process.cpuUsage().user < untilMs);
    };
    spin(300);
    const own = (await read(undefined)).cpuMs - before.cpuMs;
    expect(own).toBeGreaterThanOrEqual(280);
    const script =
      'const u = process.cpuUsage; const e = u().user + 400000; while (u().user < e); setInterval(() => {}, 1000)';
    const child = spawn(process.execPath, ['-e', script]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await until(async () => cpuOf(await statOf(child.pid)) >= 400, 'the child’s work');
    const withChild = await read(child.pid);
    const alone = await read(undefined);
    expect(withChild.cpuMs - alone.cpuMs).toBeGreaterThanOrEqual(350);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const after = await read(undefined);
    expect(after.cpuMs).toBeGreaterThanOrEqual(withChild.cpuMs - 20);
    expect(after.rssBytes).toBeGreaterThan(10_000_000);
    expect((await read(999_999_999)).cpuMs).toBeGreaterThanOrEqual(after.cpuMs);
  });

  it('reads a process whose name has brackets and blanks', () => {
    const stat = '42 (a) (b c) S 1 1 1 0 -1 4194560 100 0 0 0 7 5 3 2 20 0 1 0 100 1 1';
    expect(cpuOf(stat)).toBe(170);
    expect(cpuOf(undefined)).toBe(0);
  });
});

async function statOf(pid: number | undefined): Promise<string> {
  return readFile(`/proc/${pid}/stat`, 'utf8');
}
