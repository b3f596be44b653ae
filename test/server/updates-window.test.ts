import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Region } from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import { signedUpdate } from '../support/rollout-fleet.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, rootOf } from '../support/update-kit.ts';

const DAY_MS = 86_400_000;
const signers = [newSigner(), newSigner()];
const env = { PPE_PULSE_UPDATES_JITTER_SECONDS: '0' };

/** A plan of a rehearsal so many days from now, in Kuzbass. */
function planIn(days: number): string {
  const date = new Date(Date.now() + 7 * 3_600_000 + days * DAY_MS).toISOString().slice(0, 10);
  return `id: window-${days < 0 ? 'past' : days}
title: Window
date: ${date}
timeZone: Asia/Novokuznetsk
coordinator: Test
subjects: [russian]
technologies: [print-full-set]
participants: { kinds: [ppe-main] }
exams:
  - { subject: russian, kind: written, startAt: '10:00', durationMinutes: 60 }
`;
}

async function plan(collector: Collector, days: number, baseVersion: number): Promise<void> {
  const body = { text: planIn(days), baseVersion };
  const put = await api(collector, '/api/v1/plan', { method: 'PUT', body });
  expect(put).toMatchObject({ status: 200 });
}

/** A collector with a region, an update, and a workstation of a ППЭ that takes part. */
async function prepared() {
  const dataDir = tempDir();
  writeFileSync(join(dataDir, 'updates.root'), JSON.stringify(rootOf(signers)));
  const collector = await testCollector({ dataDir }, env);
  const sample = { ppe: 2, seed: 668 };
  await api(collector, '/api/v1/registry/sample', { method: 'POST', body: sample });
  const list = await api(collector, '/api/v1/registry/sites?limit=2000');
  const { items } = list.body as unknown as { items: Region['sites'] };
  const site = items.find(({ kind, period }) => kind === 'ppe' && period === 'main');
  if (!site) throw new Error('the sample has no ППЭ of the main period');
  const response = await fetch(`${collector.url}/api/v1/updates`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${collector.adminToken}`,
      'content-type': 'application/octet-stream',
    },
    body: new Uint8Array(signedUpdate(signers)),
  });
  expect(response.status).toBe(201);
  const identity = newIdentity();
  const placement = { siteCode: site.code, roomCode: '0012', role: 'organizer', duty: 'main' };
  const body = { publicKey: identity.publicKey, placement };
  await api(collector, '/api/v1/workstations', { method: 'POST', body });
  const pc = await AgentPeer.connect(collector.url, identity);
  await pc.shakeHands({ capabilities: ['update'] });
  return { collector, site, pc };
}

const progressOf = async (collector: Collector): Promise<Record<string, number>> => {
  const { body } = await api(collector, '/api/v1/updates');
  const { stages } = body as unknown as { stages: { progress: Record<string, number> }[] };
  return stages[0]?.progress ?? {};
};

describe('the window of a rehearsal', () => {
  it('keeps a stage still that a person began, and lets it go on when the plan moves', async () => {
    const { collector, site, pc } = await prepared();
    await plan(collector, 1, 0);
    const begun = await api(collector, '/api/v1/updates/0.2.0/stages', {
      method: 'POST',
      body: { scope: { municipality: site.municipality } },
    });
    // Nothing has proven the version yet.
    expect(begun.status).toBe(409);
    const scope = { siteCode: site.code };
    const path = '/api/v1/updates/0.2.0/stages';
    const started = await api(collector, path, { method: 'POST', body: { scope } });
    expect(started).toMatchObject({ status: 201, body: { progress: { frozen: 1 } } });
    expect(pc.received.map(({ type }) => type)).not.toContain('updateOffer');
    await plan(collector, 60, 1);
    await pc.next('updateOffer');
    await until(async () => (await progressOf(collector)).frozen === 0, 'nobody is frozen');
  });

  it('is seen by the plan’s days of preparation as well', async () => {
    const { collector, site, pc } = await prepared();
    await plan(collector, 5, 0);
    const path = '/api/v1/updates/0.2.0/stages';
    const body = { scope: { siteCode: site.code } };
    const started = await api(collector, path, { method: 'POST', body });
    expect(started).toMatchObject({ status: 201, body: { progress: { frozen: 1 } } });
    expect(pc.received.map(({ type }) => type)).not.toContain('updateOffer');
  });
});
