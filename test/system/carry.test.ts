import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import { runCli } from '../../server/src/cli/cli.ts';
import type { Collector } from '../../server/src/collector.ts';
import { enrolled } from '../support/agent-process.ts';
import { api, testCollector } from '../support/collector.ts';
import { commands, runToEnd, start, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Only root may make a namespace without a network. */
function canIsolate(): boolean {
  try {
    execFileSync('unshare', ['-n', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts the agent where there is no network at all, not even loopback. */
function startIsolated(config: string): { log: () => string; stop(): Promise<void> } {
  const child = spawn(
    'unshare',
    ['-n', process.execPath, commands.agent, 'run', '--config', config],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH ?? '' } },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  return {
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const statusOf = (home: string): AgentStatus | undefined => {
  const path = join(home, 'data', 'status.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as AgentStatus) : undefined;
};

async function agentDoes(...args: string[]): Promise<Record<string, unknown>> {
  const { code, output, errors } = await runToEnd(commands.agent, [...args, '--json']);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${output} ${errors}`);
  return JSON.parse(output) as Record<string, unknown>;
}

/** `ppe-collector import`, as it is run beside a running collector. */
async function collectorImports(stick: string, dataDir: string): Promise<Record<string, unknown>> {
  const out: string[] = [];
  const code = await runCli(['import', stick, '--data', dataDir, '--json'], {
    env: {},
    stopAsked: async () => undefined,
    out: (line) => out.push(line),
    err: (line) => out.push(line),
  });
  if (code !== 0) throw new Error(`${code}: ${out.join('\n')}`);
  return JSON.parse(out.join('')) as Record<string, unknown>;
}

const viewOf = async (collector: Collector, id: string) =>
  (await api(collector, `/api/v1/workstations/${id}`)).body as unknown as {
    verdict: string;
    lastSeenAt: string | null;
    carried: { importedAt: string; newestAt: string; checks: unknown[] } | null;
  };

const flipsOf = async (collector: Collector, id: string): Promise<number> =>
  ((await api(collector, `/api/v1/workstations/${id}/flips`)).body as unknown as { items: [] })
    .items.length;

/** A workstation of a room that has measured for a while and never had a line. */
async function isolatedRoom(collector: Collector) {
  const room = await enrolled(collector, {}, { role: 'organizer', roomCode: '0012' });
  const running = startIsolated(room.config);
  await until(() => (statusOf(room.home)?.journalLag ?? 0) >= 2, 'two heartbeats in the journal');
  return { ...room, running };
}

describe('a workstation without a network', () => {
  it(
    'is seen on the collector by its flash drive, and freed by the receipt',
    { timeout: 60_000 },
    async (test) => {
      if (!canIsolate()) return test.skip();
      const dataDir = tempDir();
      const stick = tempDir();
      const collector = await testCollector({ dataDir });
      const { config, home, id, running } = await isolatedRoom(collector);
      const flipsBefore = await flipsOf(collector, id);
      // The service goes on meanwhile: the journal is read, not taken.
      const exported = await agentDoes('export', stick, '--config', config);
      const carried = Number(exported.writtenHeartbeats);
      expect(exported).toMatchObject({ fault: null, missingHeartbeats: 0 });
      expect(carried).toBeGreaterThanOrEqual(2);

      expect(await collectorImports(stick, dataDir)).toMatchObject({
        stored: carried,
        receipts: 1,
      });
      expect(await collectorImports(stick, dataDir)).toMatchObject({
        stored: 0,
        repeated: carried,
      });
      const view = await viewOf(collector, id);
      expect(view.lastSeenAt).toBeNull();
      expect(view.verdict).toBe('unknown');
      expect(view.carried?.checks.length).toBeGreaterThan(3);
      // The clocks are the same machine's: what it measured is seconds old.
      expect(Date.now() - Date.parse(view.carried?.newestAt ?? '')).toBeLessThan(30_000);
      expect(await flipsOf(collector, id)).toBe(flipsBefore);

      await running.stop();
      const again = await agentDoes('export', stick, '--config', config);
      expect(again).toMatchObject({ fault: null, presentHeartbeats: carried });
      expect(readdirSync(join(home, 'data', 'receipts-inbox'))).toHaveLength(1);
      const back = startIsolated(config);
      await until(
        () => back.log().includes('receipts of a flash drive read'),
        'the receipt is read',
      );
      expect(back.log()).toContain(`"freed":${carried},"refused":0`);
      expect(readdirSync(join(home, 'data', 'receipts-inbox'))).toEqual([]);
      await back.stop();
    },
  );

  it('comes through the relay of its Штаб', { timeout: 90_000 }, async (test) => {
    if (!canIsolate()) return test.skip();
    const collector = await testCollector();
    const stick = tempDir();
    const { config, id, running } = await isolatedRoom(collector);
    const exported = await agentDoes('export', stick, '--config', config);
    await running.stop();
    const relaySettings = { relay: { host: '127.0.0.1', port: 0, page: { port: 0 } } };
    const hq = await enrolled(collector, relaySettings);
    const relay = start(commands.agent, ['run', '--relay', '--config', hq.config]);
    await until(() => existsSync(join(hq.home, 'data', 'roster.json')), 'the roster has come');
    const imported = await agentDoes('import', stick, '--config', hq.config);
    expect(imported).toMatchObject({
      fault: null,
      hasRoster: true,
      newHeartbeats: exported.writtenHeartbeats,
      receipts: 1,
    });
    await until(async () => (await viewOf(collector, id)).carried !== null, 'carried on the board');
    await until(
      () => readdirSync(join(hq.home, 'data', 'carry-inbox')).length === 0,
      'the inbox is empty',
    );
    const view = await viewOf(collector, id);
    expect([view.lastSeenAt, view.verdict]).toEqual([null, 'unknown']);
    expect(await agentDoes('import', stick, '--config', hq.config)).toMatchObject({
      newHeartbeats: 0,
      repeatedParts: exported.writtenParts,
    });
    relay.kill('SIGTERM');
    await relay.ended;
  });
});
