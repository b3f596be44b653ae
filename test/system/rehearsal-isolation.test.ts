import { describe, expect, it } from 'vitest';
import type { LiveSite } from '@ppe-pulse/protocol';
import { AgentPeer } from '../support/agent-peer.ts';
import { beating, enrolAt, ok, ppeOf, prepared, printingIn, until } from '../support/rehearsal.ts';

describe('a room that the plan isolates', () => {
  it('calls nobody silent whom the plan isolates, and everybody who must be heard', async () => {
    // Ten simulated seconds before the rooms go quiet; one real second is one of the rehearsal.
    const { collector, sites } = await prepared({
      ppe: 1,
      rehearsal: { startAt: '2024-05-15T09:29:50+07:00', speed: 5 },
      env: { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' },
    });
    const site = ppeOf(sites);
    const room = await enrolAt(collector, site, { role: 'organizer' });
    const hq = await enrolAt(collector, site, { roomCode: '7777', role: 'hq' });
    // Both say one word and are never heard again.
    for (const identity of [room, hq]) await beating(collector, identity);
    const verdictOf = (id: string) => ok(collector, `/api/v1/workstations/${id}`);
    await until(
      () => verdictOf(room.agentId),
      ({ verdict }) => verdict === 'silentByRule',
    );
    await until(
      () => verdictOf(hq.agentId),
      ({ verdict }) => verdict === 'unknown',
    );
    expect(await verdictOf(room.agentId)).toMatchObject({ verdict: 'silentByRule' });
    const { items } = await ok<{ items: { to: string }[] }>(
      collector,
      `/api/v1/workstations/${room.agentId}/flips`,
    );
    expect(items.filter(({ to }) => to === 'unknown')).toEqual([]);
  });

  it('counts what a room printed in its isolation when it printed, not when it came back', async () => {
    // 2 minutes before rooms print; 5 minutes of the rehearsal are a second.
    const { collector, sites } = await prepared({
      ppe: 1,
      rehearsal: { startAt: '2024-05-15T09:58:00+07:00', speed: 300 },
    });
    const site = ppeOf(sites);
    const room = await enrolAt(collector, site, { role: 'organizer' });
    const { roomCode } = await ok<{ roomCode: string }>(
      collector,
      `/api/v1/workstations/${room.agentId}`,
    );
    const peer = await AgentPeer.join(collector.url, room);
    const [wallMs, monotonicMs] = [Date.now(), Math.round(performance.now())];
    /** Heartbeats 80 ms, 24 s of the rehearsal, apart; from 10:00 on 30 pages a minute. */
    const beat = (seq: number, delivery: 'live' | 'backlog', sinceMs: number): void => {
      const minutes = (sinceMs * 300) / 60_000 - 2;
      const pages = 1_000 + Math.round(Math.min(300, Math.max(0, minutes * 30)));
      const times = { wallMs: wallMs + sinceMs, monotonicMs: monotonicMs + sinceMs };
      peer.send(
        peer.heartbeat(seq, { ...times, delivery, metrics: { 'printer.pages.count': pages } }),
      );
    };
    beat(1, 'live', 0);
    await until(
      () => ok<{ site: LiveSite }>(collector, `/api/v1/sites/${site.code}/stages`),
      () => Date.now() - wallMs > 4_500,
    );
    beat(60, 'live', Date.now() - wallMs);
    for (let seq = 2; seq < 60; seq += 1) beat(seq, 'backlog', (seq - 1) * 75);
    const { rooms } = await until(
      () =>
        ok<{ rooms: { roomCode: string; stages: LiveSite['stages'] }[] }>(
          collector,
          `/api/v1/sites/${site.code}/stages`,
        ),
      (answer) => printingIn(answer.rooms, roomCode)?.reachedAtMs != null,
    );
    const reachedAtMs = printingIn(rooms, roomCode)?.reachedAtMs ?? 0;
    expect(reachedAtMs).toBeGreaterThan(Date.parse('2024-05-15T10:08+07:00'));
    // The start of the collector is in it; it came back after 10:20.
    expect(reachedAtMs).toBeLessThan(Date.parse('2024-05-15T10:19+07:00'));
  });
});
