import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { updateLimits } from '../../server/src/updates/update-limits.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import { signedUpdate } from '../support/rollout-fleet.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, rootOf, type Signer } from '../support/update-kit.ts';

interface Standing {
  readonly root: { readonly threshold: number; readonly keys: number } | null;
  readonly bundles: readonly { readonly version: string; readonly signedBy: string[] }[];
  readonly stages: readonly {
    readonly id: number;
    readonly state: string;
    readonly progress: Readonly<Record<string, number>>;
  }[];
  readonly troubles: readonly { readonly id: string; readonly reason: string }[];
}

const env = { PPE_PULSE_UPDATES_JITTER_SECONDS: '0' };
const signers: readonly Signer[] = [newSigner(), newSigner()];

async function served(hasRoot = true): Promise<Collector> {
  const dataDir = tempDir();
  if (hasRoot) writeFileSync(join(dataDir, 'updates.root'), JSON.stringify(rootOf(signers)));
  return testCollector({ dataDir }, env);
}

/** POSTs bytes as the board does. */
async function upload(collector: Collector, file: Uint8Array, type = 'application/octet-stream') {
  const response = await fetch(`${collector.url}/api/v1/updates`, {
    method: 'POST',
    headers: { authorization: `Bearer ${collector.adminToken}`, 'content-type': type },
    body: Buffer.from(file),
  });
  const body = (await response.json()) as { type?: string; version?: string };
  return { status: response.status, kind: body.type?.split(':').at(-1), body };
}

const lookAt = async (collector: Collector): Promise<Standing> =>
  (await api(collector, '/api/v1/updates')).body as unknown as Standing;

async function begin(collector: Collector, scope: unknown, version = '0.2.0') {
  const path = `/api/v1/updates/${version}/stages`;
  return api(collector, path, { method: 'POST', body: { scope } });
}

/** A workstation of ППЭ 0042 that says it takes updates, by hand. */
async function peer(collector: Collector): Promise<AgentPeer> {
  const identity = newIdentity();
  await enrol(collector, identity);
  const joined = await AgentPeer.connect(collector.url, identity);
  await joined.shakeHands({ capabilities: ['update'] });
  return joined;
}

describe('the routes of updates', () => {
  it('take a bundle that is signed, and refuse any other in a token', async () => {
    const collector = await served();
    expect(await lookAt(collector)).toMatchObject({ root: { threshold: 2, keys: 2 }, bundles: [] });
    const taken = await upload(collector, signedUpdate(signers));
    expect(taken).toMatchObject({ status: 201, body: { version: '0.2.0', addedBy: 'admin' } });
    const [bundle] = (await lookAt(collector)).bundles;
    expect(bundle?.signedBy).toEqual(signers.map(({ id }) => id));
    const forged = signedUpdate([...signers.slice(1), newSigner()], { version: '0.3.0' });
    for (const [file, status, kind] of [
      [signedUpdate(signers), 409, 'sameVersion'],
      [signedUpdate(signers.slice(1), { version: '0.3.0' }), 422, 'tooFewSignatures'],
      [forged, 422, 'unknownKey'],
      [Buffer.from('no bundle'), 422, 'notABundle'],
      [new Uint8Array(updateLimits.bundleBytes + 1), 413, 'tooBig'],
    ] as const)
      expect(await upload(collector, file)).toMatchObject({ status, kind });
    const asJson = await upload(collector, Buffer.from('{}'), 'application/json');
    expect(asJson).toMatchObject({ status: 422, kind: 'notABundle' });
    expect((await lookAt(collector)).bundles).toHaveLength(1);
  });

  it('say where the keys belong when there are none', async () => {
    const collector = await served(false);
    const refused = await upload(collector, signedUpdate(signers));
    expect(refused).toMatchObject({ status: 422, kind: 'noUpdateRoot' });
    expect(await lookAt(collector)).toMatchObject({ root: null });
  });

  it('begin, let go on and stop stages, and refuse what is none', async () => {
    const collector = await served();
    await upload(collector, signedUpdate(signers));
    const kindOf = async (answer: ReturnType<typeof api>): Promise<[number, unknown]> => {
      const { status, body } = await answer;
      return [status, (body as { type?: string }).type?.split(':').at(-1)];
    };
    const scope = { siteCode: '0042' };
    expect(await kindOf(begin(collector, scope))).toEqual([422, 'nobodyThere']);
    expect(await kindOf(begin(collector, scope, '9.9.9'))).toEqual([404, 'unknownUpdate']);
    expect(await kindOf(begin(collector, { siteCode: '42' }))).toEqual([400, 'badRequest']);
    const kemerovo = { municipality: 'kemerovo' };
    expect(await kindOf(begin(collector, kemerovo))).toEqual([422, 'nobodyThere']);
    expect(await kindOf(begin(collector, {}))).toEqual([400, 'badRequest']);
    await enrol(collector, newIdentity());
    expect(await kindOf(begin(collector, 'all'))).toEqual([409, 'siteFirst']);
    const begun = await begin(collector, scope);
    expect(begun).toMatchObject({ status: 201, body: { state: 'running', place: '0042' } });
    expect(await kindOf(begin(collector, scope))).toEqual([409, 'sameStage']);
    const post = (path: string) => api(collector, path, { method: 'POST' });
    expect(await kindOf(post('/api/v1/update-stages/1/go-on'))).toEqual([409, 'notPaused']);
    expect(await post('/api/v1/update-stages/1/stop')).toMatchObject({
      status: 200,
      body: { state: 'stopped' },
    });
    expect(await kindOf(post('/api/v1/update-stages/1/stop'))).toEqual([409, 'stageOver']);
    expect(await kindOf(post('/api/v1/update-stages/2/stop'))).toEqual([404, 'unknownStage']);
  });

  it('bring the offer and the bytes to an agent, and show its every word', async () => {
    const collector = await served();
    const file = signedUpdate(signers);
    await upload(collector, file);
    const agent = await peer(collector);
    await begin(collector, { siteCode: '0042' });
    const offer = await agent.next('updateOffer');
    expect(Buffer.from(file).toString('latin1').startsWith(offer.manifest)).toBe(true);
    agent.send({ type: 'updateRead', version: '0.2.0', offset: 0 });
    const part = await agent.next('updatePart');
    expect(Buffer.from(file).toString('base64').length).toBeGreaterThan(part.data.length);
    const say = (state: string, reason = 'ok') =>
      agent.send({ type: 'updateState', version: '0.2.0', state, reason });
    const progress = async (): Promise<Record<string, number>> =>
      (await lookAt(collector)).stages[0]?.progress ?? {};
    for (const state of ['fetching', 'staged', 'trial']) {
      say(state);
      await until(async () => (await progress())[state] === 1, state);
    }
    say('rolledBack', 'selfTestFailed');
    await until(async () => (await lookAt(collector)).stages[0]?.state === 'paused', 'the pause');
    const { troubles } = await lookAt(collector);
    expect(troubles).toMatchObject([{ id: agent.identity.agentId, reason: 'selfTestFailed' }]);
    agent.send({ type: 'updateRead', version: '0.2.0', offset: 0 });
    expect(await agent.next('error')).toMatchObject({ code: 'noSuchUpdate' });
    const { items } = (await api(collector, '/api/v1/audit')).body as unknown as {
      items: { action: string }[];
    };
    expect(items.map(({ action }) => action)).toContain('update.pause');
  });

  it('offer nothing to one that never said it takes updates', async () => {
    const collector = await served();
    await upload(collector, signedUpdate(signers));
    const identity = newIdentity();
    await enrol(collector, identity);
    const old = await AgentPeer.join(collector.url, identity);
    old.send(old.heartbeat(1));
    await begin(collector, { siteCode: '0042' });
    await until(async () => (await lookAt(collector)).stages[0]?.progress.unable === 1, 'unable');
    expect(old.received.map(({ type }) => type)).not.toContain('updateOffer');
  });
});
