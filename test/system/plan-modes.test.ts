import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentPlan, Mode, ModeSpan, Role } from '@ppe-pulse/protocol';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import { agentPlan } from '../support/agent-plans.ts';
import { planListener, type PlanListener } from '../support/plan-listener.ts';
import { commands, runToEnd, start, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR_MS = 3_600_000;

/** An agent of a room, as people run it, and its listener. */
async function room(listener: PlanListener, role: Role = 'organizer', config: object = {}) {
  const home = tempDir();
  const path = join(home, 'agent.yaml');
  const collector = { url: listener.url, publicKey: listener.publicKey };
  writeFileSync(path, JSON.stringify({ collector, printers: [], ...config }));
  const flags = ['--config', path];
  const told = await runToEnd(commands.agent, ['identity', '--json', ...flags]);
  const identity = JSON.parse(told.output) as { agentId: string; publicKey: string };
  listener.enrol(identity, role);
  const file = (name: string) => join(home, 'data', name);
  const status = (): AgentStatus | undefined =>
    existsSync(file('status.json'))
      ? (JSON.parse(readFileSync(file('status.json'), 'utf8')) as AgentStatus)
      : undefined;
  return {
    ...identity,
    file,
    status,
    start: () => start(commands.agent, ['run', ...flags]),
    says: (...words: string[]) => runToEnd(commands.agent, [...words, ...flags]),
    heardIn: (mode: Mode) =>
      listener.heard.filter(
        (each) => each.workstationId === identity.agentId && each.mode === mode,
      ),
    isIn: (mode: Mode) => until(() => status()?.mode === mode, `the agent is in ${mode}`, 30_000),
  };
}

const planNow = (
  agentId: string,
  nowMs: number,
  modes: ModeSpan[],
  part: Partial<AgentPlan> = {},
) =>
  agentPlan(agentId, {
    validFromMs: nowMs - HOUR_MS,
    validToMs: nowMs + 10 * HOUR_MS,
    modes,
    ...part,
  });
const span = (mode: 'quiet' | 'off', fromMs: number, toMs: number): ModeSpan => ({
  mode,
  fromMs,
  toMs,
});

describe('an agent and its plan', { timeout: 60_000 }, () => {
  it('goes quiet by the collector’s clock, leaves the line, comes back and tells it all', async () => {
    // The PC is ten hours off; only the collector knows.
    const aheadMs = -10 * HOUR_MS;
    const listener = await planListener(aheadMs);
    const agent = await room(listener);
    const child = agent.start();
    await until(() => agent.heardIn('prep').length > 0, 'a heartbeat in prep');
    const nowMs = Date.now() + aheadMs;
    // Nearer than the time it takes to wind down: the line is left at once.
    const [fromMs, toMs] = [nowMs + 4_000, nowMs + 8_000];
    listener.push(planNow(agent.agentId, nowMs, [span('quiet', fromMs, toMs)], { version: 3 }));
    await until(() => listener.goodbyes.length > 0, 'it says goodbye');
    const [goodbye] = listener.goodbyes;
    expect(goodbye?.reason).toBe('stageOffline');
    const leftAtMs = Date.now() + aheadMs;
    expect(leftAtMs + (goodbye?.expectedReturnMs ?? 0)).toBeGreaterThan(toMs - 500);
    expect(leftAtMs + (goodbye?.expectedReturnMs ?? 0)).toBeLessThan(toMs + 500);
    expect(leftAtMs).toBeLessThan(fromMs);
    await until(() => !listener.isHere(agent.agentId), 'it has left');
    await agent.isIn('quiet');
    const quietAtMs = Date.now() + aheadMs;
    expect(quietAtMs).toBeGreaterThanOrEqual(fromMs);
    expect(quietAtMs - fromMs).toBeLessThan(1_000);
    expect(listener.isHere(agent.agentId)).toBe(false);
    await agent.isIn('prep');
    expect(Math.abs(Date.now() + aheadMs - toMs)).toBeLessThan(1_000);
    await until(() => agent.heardIn('quiet').length > 0, 'the quiet time comes as backlog');
    expect(new Set(agent.heardIn('quiet').map(({ delivery }) => delivery))).toEqual(
      new Set(['backlog']),
    );
    for (const { atMs, planVersion } of agent.heardIn('quiet')) {
      expect(planVersion).toBe(3);
      expect(atMs).toBeGreaterThan(fromMs - 500);
      expect(atMs).toBeLessThan(toMs + 500);
    }
    expect(child.errors()).not.toContain('"level":50');
  });

  it('follows a plan from its disk without any line, and a tampered one it does not', async () => {
    const listener = await planListener();
    const nobody = { ...listener, url: 'ws://127.0.0.1:9' };
    const agent = await room(nobody);
    const nowMs = Date.now();
    const keep = (modes: ModeSpan[], change = (text: string) => text): void => {
      const text = JSON.stringify(planNow(agent.agentId, nowMs, modes));
      const signature = listener.signed(text);
      writeFileSync(agent.file('plan.json'), JSON.stringify({ text: change(text), signature }));
    };
    keep([span('quiet', nowMs + 5_000, nowMs + 9_000)]);
    const child = agent.start();
    await agent.isIn('prep');
    await agent.isIn('quiet');
    expect(Math.abs(Date.now() - nowMs - 5_000)).toBeLessThan(1_000);
    await agent.isIn('prep');
    expect(Math.abs(Date.now() - nowMs - 9_000)).toBeLessThan(1_000);
    expect(agent.status()).toMatchObject({ planVersion: 1, journalLag: expect.any(Number) });
    child.kill('SIGTERM');
    await child.ended;
    keep([span('quiet', nowMs, nowMs + HOUR_MS)], (text) => text.replace('"quiet"', '"off"'));
    const second = agent.start();
    await until(() => second.errors().includes('the plan on disk is not taken'), 'it says so');
    await until(() => agent.status()?.pid === second.process.pid, 'its first status');
    expect(agent.status()).toMatchObject({ mode: 'prep', planVersion: null });
  });

  it('of the Штаб is heard through a quiet time that was planned for it', async () => {
    const listener = await planListener();
    const agent = await room(listener, 'hq');
    agent.start();
    await until(() => agent.heardIn('prep').length > 0, 'a heartbeat in prep');
    const nowMs = Date.now();
    listener.push(planNow(agent.agentId, nowMs, [span('off', nowMs - 1_000, nowMs + HOUR_MS)]));
    const countThen = listener.heard.length;
    await until(
      () => listener.heard.slice(countThen).filter((each) => each.planVersion === 1).length > 1,
      'two heartbeats with the plan',
    );
    expect([agent.heardIn('quiet'), agent.heardIn('off'), listener.goodbyes]).toEqual([[], [], []]);
    const refused = await agent.says('mode', 'quiet');
    expect([refused.code, refused.errors]).toEqual([64, expect.stringContaining('never quiet')]);
  });

  it('is made quieter by a person, for a while or until it is taken back, and never louder', async () => {
    const listener = await planListener();
    const agent = await room(listener);
    const child = agent.start();
    await until(() => agent.heardIn('prep').length > 0, 'a heartbeat in prep');
    expect(await agent.says('mode', 'quiet', '--for', '2h')).toMatchObject({ code: 0 });
    await agent.isIn('quiet');
    expect(listener.goodbyes.at(-1)?.expectedReturnMs).toBeGreaterThan(1.99 * HOUR_MS);
    await until(() => !listener.isHere(agent.agentId), 'it has left');
    const test = await agent.says('test', 'sound');
    expect([test.code, test.errors]).toEqual([78, expect.stringContaining('tests.allow')]);
    child.kill('SIGTERM');
    await child.ended;
    agent.start();
    await until(() => agent.status()?.pid !== child.process.pid, 'it runs again');
    expect(agent.status()?.mode).toBe('quiet');
    expect(listener.isHere(agent.agentId)).toBe(false);
    expect(await agent.says('mode', 'plan')).toMatchObject({ code: 0 });
    await agent.isIn('prep');
    await until(() => listener.isHere(agent.agentId), 'it is back');
    for (const words of [['loud'], ['prep'], ['off', '--for', '3d'], ['off', '--for', '0m']])
      expect(await agent.says('mode', ...words)).toMatchObject({ code: 64 });
  });
});
