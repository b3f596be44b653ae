import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentPlan, Role } from '@ppe-pulse/protocol';
import { loadConfig } from '../../agent/src/config.ts';
import { CollectorTime } from '../../agent/src/link/collector-time.ts';
import { Conduct } from '../../agent/src/plan/conduct.ts';
import { isLineClosedBy, portalsBy } from '../../agent/src/plan/planned-settings.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import { newIdentity } from '../support/agent-peer.ts';
import { PLAN_FROM_MS, agentPlan, quiet, signedPlan } from '../support/agent-plans.ts';
import { tempDir } from '../support/temp-dir.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const HOUR_MS = 3_600_000;
const collector = newIdentity();
const own = newIdentity();
const norms = { setsPerRoom: 15, pagesPerSet: 20, pagesPerMinute: 30, startAt: 'start' };

function conduct(settings: object = {}, role: Role = 'organizer', home = tempDir()) {
  const path = join(home, 'agent.yaml');
  writeFileSync(path, JSON.stringify({ dataDir: '.', ...settings }));
  const config = loadConfig(path, {});
  const timers = new VirtualTimers();
  const clock = {
    wallMs: () => PLAN_FROM_MS + timers.nowMs,
    monotonicMs: () => timers.nowMs,
    elapsedMs: () => timers.nowMs,
    takeSleptMs: () => 0,
  };
  const readings = new Readings();
  let changes = 0;
  const followed = new Conduct({
    config,
    agentId: own.agentId,
    publicKey: collector.publicKey,
    clock,
    collectorTime: new CollectorTime(clock),
    boots: [],
    timers,
    log: createLog('silent'),
    readings,
    role: () => role,
    changed: () => (changes += 1),
  });
  followed.start();
  const take = (part: Partial<AgentPlan>): void =>
    followed.take(signedPlan(collector, agentPlan(own.agentId, part)));
  const reads = (metric: string, value: number): void =>
    readings.take(
      { name: 'printer 1', family: 'printer' },
      { kind: 'measured', metrics: { [metric]: value } },
      timers.nowMs,
    );
  return { home, conduct: followed, timers, take, reads, changes: () => changes };
}

describe('the agent’s conduct', () => {
  it('is another one the moment that a plan says so, and its owner hears of it', async () => {
    const { conduct: now, take, timers, changes } = conduct();
    expect([now.mode, now.planVersion, now.mayConnect]).toEqual(['prep', undefined, true]);
    take({ version: 7, modes: [quiet(0, HOUR_MS)] });
    expect([now.mode, now.begun, now.planVersion, now.mayConnect]).toEqual([
      'quiet',
      'quiet',
      7,
      false,
    ]);
    expect([now.backInMs, changes()]).toEqual([HOUR_MS, 1]);
    await timers.advance(HOUR_MS);
    expect([now.mode, now.mayConnect, changes()]).toEqual(['prep', true, 2]);
    now.stop();
  });

  it('lets the Штаб keep its line in any mode', () => {
    const { conduct: now, take } = conduct({}, 'hq');
    take({ modes: [quiet(0, HOUR_MS)] });
    expect([now.mode, now.mayConnect]).toEqual(['prep', true]);
    now.ask({ mode: 'off' });
    expect([now.mode, now.mayConnect]).toEqual(['off', true]);
    now.stop();
  });

  it('remembers a person’s word over a restart, until its time is over or it is taken back', async () => {
    const first = conduct();
    first.conduct.ask({ mode: 'quiet', forMs: HOUR_MS });
    first.conduct.stop();
    const second = conduct({}, 'organizer', first.home);
    expect(second.conduct.mode).toBe('quiet');
    await second.timers.advance(HOUR_MS);
    expect(second.conduct.mode).toBe('prep');
    second.conduct.ask({ mode: 'off' });
    second.conduct.ask({ mode: 'plan' });
    expect(second.conduct.mode).toBe('prep');
    expect(JSON.parse(readFileSync(join(first.home, 'mode.json'), 'utf8'))).toBeNull();
    second.conduct.stop();
    for (const text of ['{"mode":"prep","untilMs":null}', '{"mode":"off"}', '[', '7']) {
      writeFileSync(join(first.home, 'mode.json'), text);
      const damaged = conduct({}, 'organizer', first.home);
      expect(damaged.conduct.mode).toBe('prep');
      damaged.conduct.stop();
    }
  });

  it('judges by the plan’s limits over those of the settings, and by the PC’s own over both', () => {
    const settings = {
      thresholds: { rttOkMs: 1, lossOkRatio: 0.1, cpuWarnRatio: 0.3 },
      override: { thresholds: { lossOkRatio: 0.3 } },
    };
    const { conduct: now, take } = conduct(settings);
    take({ thresholds: { rttOkMs: 2, lossOkRatio: 0.2 } });
    expect(now.thresholds).toEqual({ rttOkMs: 2, lossOkRatio: 0.3, cpuWarnRatio: 0.3 });
    now.stop();
  });

  it('goes by nothing of a plan that is not valid yet', async () => {
    const { conduct: now, take, timers } = conduct();
    const validFromMs = PLAN_FROM_MS + 5_000;
    take({ validFromMs, thresholds: { rttOkMs: 2 }, print: norms, modes: [quiet(0, HOUR_MS)] });
    expect([now.mode, now.thresholds, now.print, now.planVersion]).toEqual(['prep', {}, null, 1]);
    await timers.advance(5_000);
    expect([now.mode, now.thresholds]).toEqual(['quiet', { rttOkMs: 2 }]);
    now.stop();
  });

  it('counts pages of the print from when the room went quiet, and no test page', async () => {
    const { conduct: now, take, timers, reads } = conduct();
    reads('printer.pages.count', 1_000);
    take({ print: norms, modes: [quiet(60_000, HOUR_MS)] });
    expect(now.print).toEqual({ norms, printedPages: 0 });
    reads('printer.pages.count', 1_010);
    await timers.advance(60_000);
    expect(now.print?.printedPages).toBe(0);
    reads('printer.pages.count', 1_130);
    expect(now.print?.printedPages).toBe(120);
    reads('printer.2.pages.count', 50);
    expect(now.print?.printedPages).toBe(120);
    reads('printer.2.pages.count', 60);
    expect(now.print?.printedPages).toBe(130);
    now.stop();
  });
});

describe('the plan’s part in the line', () => {
  const plan = agentPlan(own.agentId, {
    hosts: {
      videoPortal: ['video.test', 'own.test:8443'],
      emPortal: ['video.test', 'em.test:99999'],
    },
  });
  const configured = [
    { host: 'old.test', port: 443, security: 'tls' as const },
    { host: 'own.test', port: 8_443, security: 'plain' as const, ca: 'PEM' },
  ];

  it('names the portals of the Штаб, each once, and keeps what this PC knows of one', () => {
    expect(portalsBy(configured, plan, 'hq')).toEqual([
      { host: 'video.test', port: 443, security: 'tls' },
      configured[1],
    ]);
  });

  it('leaves those of the settings to rooms, and where it names none', () => {
    expect(portalsBy(configured, plan, 'organizer')).toBe(configured);
    expect(portalsBy(configured, agentPlan(own.agentId), 'hq')).toBe(configured);
    expect(portalsBy(configured, undefined, 'hq')).toBe(configured);
  });

  it('closes the line by the ППЭ’s own time', () => {
    const at = (hour: number, minute: number): number => Date.UTC(2024, 4, 15, hour - 7, minute);
    expect(
      [at(9, 14), at(9, 15), at(10, 29), at(10, 30)].map((ms) => isLineClosedBy(plan, ms)),
    ).toEqual([false, true, true, false]);
    expect(isLineClosedBy(undefined, at(9, 30))).toBeUndefined();
    const nowhere = agentPlan(own.agentId, { timeZone: 'Moon/Tycho' });
    expect(isLineClosedBy(nowhere, at(9, 30))).toBeUndefined();
  });
});
