import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { api, testCollector } from '../support/collector.ts';
import { freePort } from '../support/influxd.ts';
import { builtAgent, installedAgent, type InstalledAgent } from '../support/installed-agent.ts';
import { runToEnd, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, rootOf, updateOf } from '../support/update-kit.ts';

const env = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000', PPE_PULSE_UPDATES_JITTER_SECONDS: '0' };
const signers = [newSigner(), newSigner(), newSigner()];
const two = signers.slice(0, 2);

interface Stage {
  readonly id: number;
  readonly state: string;
  readonly progress: Readonly<Record<string, number>>;
}
interface Standing {
  readonly stages: readonly Stage[];
  readonly troubles: readonly {
    readonly id: string;
    readonly state: string;
    readonly reason: string;
  }[];
}

const lookAt = async (collector: Collector): Promise<Standing> =>
  (await api(collector, '/api/v1/updates')).body as unknown as Standing;

async function upload(collector: Collector, file: Buffer): Promise<number> {
  const response = await fetch(`${collector.url}/api/v1/updates`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${collector.adminToken}`,
      'content-type': 'application/octet-stream',
    },
    body: new Uint8Array(file),
  });
  return response.status;
}

async function begin(collector: Collector, version: string): Promise<number> {
  const body = { scope: { siteCode: '0042' } };
  const path = `/api/v1/updates/${version}/stages`;
  return (await api(collector, path, { method: 'POST', body })).status;
}

/** Enrols an installed agent; answers its public key. */
async function enrol(collector: Collector, pc: InstalledAgent, place: object): Promise<string> {
  const told = await runToEnd(pc.launcher, ['identity', '--json', '--config', pc.config], pc.env);
  const { publicKey } = JSON.parse(told.output) as { publicKey: string };
  const placement = { siteCode: '0042', duty: 'main', ...place };
  const body = { publicKey, placement };
  expect((await api(collector, '/api/v1/workstations', { method: 'POST', body })).status).toBe(201);
  return publicKey;
}

async function versionOf(
  collector: Collector,
  { id }: InstalledAgent,
): Promise<string | undefined> {
  const { body } = await api(collector, '/api/v1/agents');
  const { items } = body as unknown as { items: { id: string; agentVersion: string }[] };
  return items.find((each) => each.id === id)?.agentVersion;
}

describe('a rollout from the collector to installed agents', { timeout: 180_000 }, () => {
  let old: { agent: string; launcher: string };
  let next: { agent: string; launcher: string };

  beforeAll(() => {
    old = builtAgent('0.1.0');
    next = builtAgent('0.2.0');
  }, 120_000);

  /** A collector that knows the keys, and the relay of a ППЭ with a workstation behind it. */
  async function site() {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'updates.root'), JSON.stringify(rootOf(signers)));
    const collector = await testCollector({ dataDir }, env);
    const { body } = await api(collector, '/api/v1/collector');
    const { publicKey } = body as unknown as { publicKey: string };
    const url = collector.url.replace('http', 'ws');
    const [port, pagePort] = [await freePort(), await freePort()];
    const relaying = { relay: { host: '127.0.0.1', port, page: { port: pagePort } } };
    const settings = { collector: { url, publicKey }, ...relaying };
    const relay = await installedAgent(old, signers, settings, ['--relay']);
    const relayKey = await enrol(collector, relay, { roomCode: '7777', role: 'hq' });
    const lan = { collector: { url: `ws://127.0.0.1:${port}`, publicKey: relayKey } };
    const member = await installedAgent(old, signers, lan);
    await enrol(collector, member, { roomCode: '0012', role: 'organizer' });
    relay.keepAlive();
    member.keepAlive();
    await until(async () => (await versionOf(collector, member)) === '0.1.0', 'both are heard');
    return { collector, relay, member };
  }

  it('brings a version to the relay, then through it to its member, and ends by itself', async () => {
    const { collector, relay, member } = await site();
    expect(await upload(collector, updateOf(next.agent, two).file)).toBe(201);
    expect(await begin(collector, '0.2.0')).toBe(201);
    await until(async () => (await versionOf(collector, relay)) === '0.2.0', 'the relay has it');
    // Nobody was before the relay.
    expect(member.state()).toMatchObject({ trial: null });
    await until(async () => (await versionOf(collector, member)) === '0.2.0', 'its member', 60_000);
    await until(
      async () => (await lookAt(collector)).stages[0]?.state === 'done',
      'the end',
      30_000,
    );
    expect((await lookAt(collector)).stages[0]?.progress).toMatchObject({ confirmed: 2 });
    expect((await lookAt(collector)).troubles).toEqual([]);
  });

  it('pauses when a version does harm; the old one is back, and a forged one never leaves', async () => {
    const { collector, relay, member } = await site();
    const broken = updateOf(`process.exit(3);\n${next.agent}`, two);
    expect(await upload(collector, updateOf(next.agent, signers.slice(0, 1)).file)).toBe(422);
    expect(await upload(collector, broken.file)).toBe(201);
    expect(await begin(collector, '0.2.0')).toBe(201);
    await until(async () => (await lookAt(collector)).stages[0]?.state === 'paused', 'it pauses');
    expect((await lookAt(collector)).troubles).toMatchObject([
      { id: relay.id, state: 'rolledBack', reason: 'crashed' },
    ]);
    expect(await versionOf(collector, relay)).toBe('0.1.0');
    expect(member.runs).toHaveLength(1);
    expect(await versionOf(collector, member)).toBe('0.1.0');
  });
});
