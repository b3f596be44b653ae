import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { parseFaultScript, type FaultEntry } from '../../server/src/simulate/fault-script.ts';
import {
  dayReportText,
  wentAsScripted,
  type DayReport,
} from '../../server/src/simulate/rehearsal/day-report.ts';
import { askPlayedDay } from '../../server/src/simulate/rehearsal/played-day.ts';
import { startRehearsal, type Rehearsal } from '../../server/src/simulate/rehearsal/rehearsal.ts';
import { api, testCollector } from '../support/collector.ts';
import { commands, runToEnd, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const SPEED = 900;
const plansDir = join(import.meta.dirname, '..', '..', 'server', 'plans');

/** A day of half a minute: what goes wrong lasts long enough to be seen by heartbeats of a second. */
const faults = `
- { at: '07:20', for: 100m, fault: slowEm, where: { kind: ppe, count: 1 } }
- { at: '07:50', for: 80m, fault: cameraFrozen, where: { kind: ppe, role: organizer, count: 1 } }
- { at: '07:50', for: 80m, fault: cameraBlack, where: { kind: rcoi, count: 1 } }
- { at: '07:50', for: 80m, fault: cameraFrozen, where: { kind: commission, count: 1 } }
- { at: '08:10', for: 75m, fault: wrongZone, where: { role: organizer, count: 1 } }
- { at: '10:03', for: 240m, fault: earlyClaim, where: { role: organizer, count: 1 } }
- { at: '10:40', for: 150m, fault: lineCut, where: { kind: ppe, count: 1 } }
`;

function script(yaml: string): readonly FaultEntry[] {
  const outcome = parseFaultScript(yaml);
  if (!outcome.ok) throw new Error(outcome.problems.join('; '));
  return outcome.entries;
}

async function playing(id: string, ppe: number, change = (text: string) => text) {
  const rehearsal = { startAt: `${id}T07:20+07:00`, speed: SPEED };
  const collector = await testCollector({ rehearsal }, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
  const sampled = { method: 'POST', body: { ppe, seed: 1 } };
  expect((await api(collector, '/api/v1/registry/sample', sampled)).status).toBe(200);
  const text = change(readFileSync(join(plansDir, `${id}.yaml`), 'utf8'));
  const edit = { method: 'PUT', body: { text, baseVersion: 0 } };
  expect((await api(collector, '/api/v1/plan', edit)).status).toBe(200);
  return collector;
}

async function rehearse(collector: Collector, entries: readonly FaultEntry[]): Promise<Rehearsal> {
  const access = { address: collector.url, token: collector.adminToken };
  const day = await askPlayedDay(access);
  if (!day) throw new Error('the collector plays no day');
  const rehearsal = await startRehearsal({
    simulation: {
      to: collector.url.replace(/^http/, 'ws'),
      token: collector.adminToken,
      seed: 1,
      sites: 1,
      rooms: 1,
    },
    day,
    faults: entries,
  });
  onTestFinished(async () => {
    await rehearsal.stop();
  });
  return rehearsal;
}

describe('a played day of 15 May', () => {
  it(
    'passes every stage, shows every scripted fault and has a table of forecast errors',
    { timeout: 90_000 },
    async () => {
      const collector = await playing('2024-05-15', 3);
      const rehearsal = await rehearse(collector, script(faults));
      await rehearsal.simulation.connected(10_000);
      await until(() => rehearsal.nowMs() >= rehearsal.endMs, 'the day is over', 60_000);
      let report: DayReport = await rehearsal.report();
      await until(
        async () => {
          report = await rehearsal.report();
          return wentAsScripted(report);
        },
        `everything went as scripted\n${dayReportText(report)}`,
      );
      const text = dayReportText(report);
      expect(report.stages.map(({ stage }) => stage)).toContain('rcoiAck');
      expect(report.stages.filter(({ done, total }) => done < total)).toEqual([]);
      expect(report.faults.map(({ fault, state }) => `${fault} ${state}`)).toEqual(
        script(faults).map(({ fault }) => `${fault} seen`),
      );
      expect(text).toContain('scanning');
      const counters = await rehearsal.stop();
      expect(counters).toMatchObject({ dropped: 0 });
      expect(counters.acked).toBe(counters.produced);
    },
  );
});

describe('a played day of 5 March', () => {
  it('has one ППЭ in it, and all others take no part', { timeout: 60_000 }, async () => {
    const collector = await playing('2024-03-05', 12, (text) =>
      // The sample's own codes: the plan names one of them, whatever its period.
      text
        .replace('kinds: [ppe-early,', 'kinds: [ppe-early, ppe-main,')
        .replace('municipal: [ppe-main]', 'municipal: []'),
    );
    const { body } = await api(collector, '/api/v1/registry/sites');
    const codes = (body as unknown as { items: { code: string; kind: string }[] }).items
      .filter(({ kind }) => kind === 'ppe')
      .map(({ code }) => code);
    const { body: plan } = await api(collector, '/api/v1/plan');
    const { text, version } = plan as unknown as { text: string; version: number };
    const only = text.replace('only: []', `only: ['${codes[0]}']`);
    const edit = { method: 'PUT', body: { text: only, baseVersion: version } };
    expect((await api(collector, '/api/v1/plan', edit)).status).toBe(200);
    const rehearsal = await rehearse(collector, []);
    expect(rehearsal.region.sites.map(({ code }) => code)).toEqual([
      codes[0],
      '9001',
      '9002',
      '9003',
      '9004',
    ]);
    expect(rehearsal.notInvolved).toBe(11);
    await rehearsal.simulation.connected(10_000);
    await until(async () => {
      const { body: told } = await api(collector, '/api/v1/overview');
      const { sites } = told as unknown as { sites: { total: number; involved: number } };
      return sites.total === 16 && sites.involved === 5;
    }, 'the overview counts who takes part');
  });
});

describe('npm run up -- --plan', () => {
  it.each([
    [['--speed', '60'], '--speed and --start play the day of a plan'],
    [['--plan', 'none.yaml', '--simulate', '2'], 'none.yaml: cannot be read (ENOENT)'],
    [['--plan', 'package.json', '--simulate', '2'], 'there is no "date: YYYY-MM-DD" in it'],
    [['--plan', 'x', '--simulate', '2', '--start', 'noon'], '--start needs a local time'],
    [['--simulate', '2', '--plan', 'x', '--start', '2024-05-15T06:30Z', '--speed', '0'], '--speed'],
    [['--once'], '--once goes with --simulate N'],
  ])('says what is wrong with %j in one line', async (flags, message) => {
    const { code, errors } = await runToEnd(commands.up, flags);
    expect([code, errors.trim().split('\n').length]).toEqual([64, 1]);
    expect(errors).toContain(message);
  });
});

describe('ppe-collector simulate --rehearsal', () => {
  it(
    'insists on a plan and a region, and takes no clock of its own',
    { timeout: 60_000 },
    async () => {
      const collector = await testCollector();
      const flags = ['simulate', '--to', collector.url.replace(/^http/, 'ws'), '--data', tempDir()];
      const own = await runToEnd(commands.collector, [...flags, '--rehearsal', '--speed', '60']);
      expect([own.code, own.errors]).toEqual([64, expect.stringContaining('leave --ppe')]);
    },
  );
});
