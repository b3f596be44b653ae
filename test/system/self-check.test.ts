import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { simulatedKey } from '../../server/src/simulate/identity.ts';
import { hasLine, openLine, type Line, type LineScript } from '../parts/line.ts';
import { peerId } from '../support/beating-peers.ts';
import { commands, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const fleet = { seed: 31, count: 9, intervalMs: 1_000 };

type Ask = (path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** A collector at one end of a line, workstations of three ППЭ at the other. */
async function hearingOverLine(): Promise<{ line: Line; peers: LineScript; ask: Ask }> {
  const line = await openLine();
  const dataDir = tempDir();
  const config = join(dataDir, 'collector.yaml');
  // Nobody listens there: that it refuses is an answer.
  const settings = {
    agents: { intervalMs: fleet.intervalMs },
    selfCheck: { hosts: [`${line.farAddress}:7`] },
  };
  writeFileSync(config, JSON.stringify(settings));
  const flags = ['--host', line.nearAddress, '--insecure', '--port', '0', '--data', dataDir];
  line.start('near', process.execPath, [commands.collector, 'serve', '--config', config, ...flags]);
  const addressFile = join(dataDir, 'collector.address');
  await until(() => existsSync(addressFile), 'the collector listens');
  const url = readFileSync(addressFile, 'utf8').trim();
  const token = readFileSync(join(dataDir, 'admin.token'), 'utf8').trim();
  const asker = line.run('near', 'line-asker.mjs', [url, token]);
  const ask: Ask = async (path, body) => {
    asker.tell({ path, ...(body !== undefined && { method: 'POST', body }) });
    const answer = (await asker.next()) as { status: number; body: Record<string, unknown> };
    if (answer.status > 201) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.body;
  };
  for (let index = 0; index < fleet.count; index += 1) {
    const siteCode = `${1_000 + Math.floor(index / 3)}`;
    const placement = { siteCode, roomCode: '0001', role: 'organizer', duty: 'main' };
    await ask('/api/v1/workstations', {
      publicKey: simulatedKey(fleet.seed, index).publicKey,
      placement,
    });
  }
  const collector = await ask('/api/v1/collector');
  const peers = line.run('far', 'beating-peers.mjs', [
    JSON.stringify({ url, collector, ...fleet }),
  ]);
  await until(async () => (await heardAfter(ask, 0)) === fleet.count, 'all are heard');
  return { line, peers, ask };
}

/** How many workstations were heard after a moment; asked twice a second at most. */
async function heardAfter(ask: Ask, sinceMs: number): Promise<number> {
  await sleep(500);
  const items = (await ask('/api/v1/workstations?limit=100')).items as {
    lastSeenAt: string | null;
  }[];
  return items.filter(({ lastSeenAt }) => Date.parse(lastSeenAt ?? '') > sinceMs).length;
}

/** How many were called silent; asked twice a second at most. */
async function calledSilent(ask: Ask): Promise<number> {
  await sleep(500);
  let silent = 0;
  for (let index = 0; index < fleet.count; index += 1) {
    const { items } = await ask(`/api/v1/workstations/${peerId(fleet.seed, index)}/flips`);
    const flips = items as { checkId: string; to: string }[];
    if (flips.some(({ checkId, to }) => checkId === 'heartbeat' && to === 'unknown')) silent += 1;
  }
  return silent;
}

async function incidents(ask: Ask, state: 'open' | 'all'): Promise<string[]> {
  const { items } = await ask(`/api/v1/incidents?state=${state}`);
  return (items as { node: string; kind: string; reason: string }[]).map(
    ({ node, kind, reason }) => `${node} ${kind} ${reason}`,
  );
}

async function warnings(ask: Ask): Promise<readonly string[]> {
  await sleep(100);
  return (await ask('/api/v1/overview')).warnings as string[];
}

describe.skipIf(!hasLine())('«Is it me?»', () => {
  it(
    'is what a collector asks whose own line is cut: it calls nobody silent',
    {
      timeout: 140_000,
    },
    async () => {
      const { line, ask } = await hearingOverLine();
      line.cut();
      await until(async () => (await warnings(ask)).includes('cutOff'), 'it knows', 8_000);
      // Longer than six periods, and than agents keep a silent line.
      await sleep(18_000);
      expect(await calledSilent(ask)).toBe(0);
      expect(await incidents(ask, 'open')).toEqual(['collector collector.line cutOff']);
      line.join();
      const joinedMs = Date.now();
      await until(async () => !(await warnings(ask)).includes('cutOff'), 'it hears again');
      expect(await warnings(ask)).toContain('agentsReturn');
      await until(
        async () => (await heardAfter(ask, joinedMs)) === fleet.count,
        'all are back',
        75_000,
      );
      await sleep(7_000);
      expect(await calledSilent(ask)).toBe(0);
      expect(await heardAfter(ask, Date.now() - 3_000)).toBe(fleet.count);
      // One line for us, none for those who were not heard.
      expect(await incidents(ask, 'open')).toEqual([]);
      expect(await incidents(ask, 'all')).toEqual(['collector collector.line cutOff']);
    },
  );

  it(
    'is answered by a landmark: the same workstations are silent when the line works',
    {
      timeout: 60_000,
    },
    async () => {
      const { peers, ask } = await hearingOverLine();
      peers.process.kill('SIGSTOP');
      await until(async () => (await calledSilent(ask)) === fleet.count, 'all are silent');
      expect(await warnings(ask)).not.toContain('cutOff');
    },
  );
});
