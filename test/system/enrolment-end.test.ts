import { describe, expect, it, onTestFinished } from 'vitest';
import { closeCodes, type Incident, type ToBoard } from '@ppe-pulse/protocol';
import { ENROL_PATH } from '@ppe-pulse/protocol/enrolment';
import { makeRequest } from '../../agent/src/enrolment/make-request.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { goldenFile, workstation } from '../support/enrolment-documents.ts';
import { ok, watching } from '../support/rehearsal.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Twenty seconds of a fault in less than four. */
const rehearsal = { startAt: '2024-05-15T08:50+07:00', speed: 6 };
const env = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' };
const [place] = goldenFile.places;
if (!place) throw new Error('the golden file has a place');
const jam = {
  id: 'printer.state',
  verdict: 'fail',
  reason: 'printerJam',
  evidence: {},
  ageMs: 0,
} as const;

describe('a workstation that is revoked', { timeout: 60_000 }, () => {
  it('leaves its connection, the boards and its incident at once, and stays away after a restart', async () => {
    const dataDir = tempDir();
    const collector = await testCollector({ dataDir, rehearsal }, env);
    const [gone, stays] = [newIdentity(), newIdentity()];
    await enrol(collector, gone);
    await enrol(collector, stays, '0012');
    const board = await watching(collector);
    await board.next(({ type }) => type === 'snapshot');
    const peer = await AgentPeer.join(collector.url, gone);
    let seq = 0;
    const timer = setInterval(() => {
      if (peer.closeCode === undefined) peer.send(peer.heartbeat((seq += 1), { verdicts: [jam] }));
    }, 1_000);
    onTestFinished(() => clearInterval(timer));
    await board.next((frame) => incidentsIn(frame).some(({ id }) => id === 'i-1'));

    const revoked = await api(collector, `/api/v1/workstations/${gone.agentId}/revoke`, {
      method: 'POST',
      body: { note: 'чужой ПК' },
    });
    expect(revoked.status).toBe(204);
    expect(await peer.closed()).toBe(closeCodes.revoked.code);
    // Both may come with one frame.
    const told = { removed: 0, resolutions: new Set<unknown>() };
    await board.next((frame) => {
      if (frame.type !== 'delta') return false;
      told.removed += frame.removed.length;
      for (const { resolution } of frame.endedIncidents) told.resolutions.add(resolution);
      return told.removed > 0 && told.resolutions.size > 0;
    });
    expect([...told.resolutions]).toEqual(['gone']);
    const { items } = await ok<{ items: { id: string }[] }>(collector, '/api/v1/workstations');
    expect(items.map(({ id }) => id)).toEqual([stays.agentId]);
    const late = await AgentPeer.connect(collector.url, gone);
    late.send(late.hello());
    expect(await late.closed()).toBe(closeCodes.revoked.code);
    await collector.stop();

    const again = await testCollector({ dataDir, rehearsal }, env);
    const known = await ok<{ items: { id: string }[] }>(again, '/api/v1/workstations');
    expect(known.items.map(({ id }) => id)).toEqual([stays.agentId]);
    const third = await AgentPeer.connect(again.url, gone);
    third.send(third.hello());
    expect(await third.closed()).toBe(closeCodes.revoked.code);
    const stranger = await AgentPeer.connect(again.url, newIdentity());
    stranger.send(stranger.hello());
    expect(await stranger.closed()).toBe(closeCodes.notEnrolled.code);
    await enrol(again, gone);
    const back = await AgentPeer.join(again.url, gone);
    expect(await back.isOpen()).toBe(true);
  });
});

describe('the address that agents ask at', () => {
  it('takes nothing but requests, and not more of them than the PCs of a few ППЭ make', async () => {
    const collector = await testCollector();
    const ask = async (body: string): Promise<{ status: number; text: string }> => {
      const headers = { 'content-type': 'application/json' };
      const url = new URL(ENROL_PATH, collector.url);
      const answer = await fetch(url, { method: 'POST', headers, body });
      return { status: answer.status, text: await answer.text() };
    };
    const strange = JSON.stringify(makeRequest(goldenFile, place, workstation));
    const foreign = await ask(strange);
    expect(foreign).toMatchObject({ status: 403 });
    expect(foreign.text).toContain('otherCollector');
    expect((await ask('{}')).status).toBe(400);
    expect((await ask('{')).status).toBe(400);
    expect((await ask(`"${'x'.repeat(5_000)}"`)).status).toBe(413);
    const statuses = new Set<number>();
    for (let tries = 0; tries < 120; tries += 1) statuses.add((await ask(strange)).status);
    expect([...statuses]).toEqual([403, 429]);
  });
});

function incidentsIn(frame: ToBoard): readonly Incident[] {
  return frame.type === 'snapshot' || frame.type === 'delta' ? frame.incidents : [];
}
