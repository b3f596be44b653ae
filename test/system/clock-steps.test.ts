import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { tempDir } from '../support/temp-dir.ts';

const TEN_HOURS_MS = 36_000_000;

describe('a PC whose clock is wrong', () => {
  it('changes nothing but its offset when it steps by ten hours and back', async () => {
    const dataDir = tempDir();
    const collector = await testCollector({ dataDir });
    const identity = newIdentity();
    await enrol(collector, identity);
    const peer = await AgentPeer.join(collector.url, identity);
    const steps = [0, TEN_HOURS_MS, -TEN_HOURS_MS, TEN_HOURS_MS, 0];
    for (const [at, offMs] of steps.entries()) {
      peer.send(peer.heartbeat(at + 1, { wallMs: Date.now() + offMs }));
      await peer.until(() => peer.acked.has(at + 1), 'an ack');
    }
    // A boot before it knew no time at all.
    peer.send(
      peer.heartbeat(1, { bootId: 'a'.repeat(16), delivery: 'backlog', wallMs: 5, monotonicMs: 5 }),
    );
    const ackOfOld = () =>
      peer.received.some((each) => each.type === 'ack' && each.bootId === 'a'.repeat(16));
    await peer.until(ackOfOld, 'an ack of the earlier boot');
    const path = `/api/v1/workstations/${identity.agentId}`;
    const { body } = await api(collector, path);
    expect(body).toMatchObject({ verdict: 'ok', metrics: { 'net.rtt.ms': 25 } });
    expect(Math.abs((body as unknown as { clockOffsetMs: number }).clockOffsetMs)).toBeLessThan(
      2_000,
    );
    const flips = await api(collector, `${path}/flips`);
    const items = (flips.body as unknown as { items: { checkId: string; to: string }[] }).items;
    expect(items.filter(({ to }) => to !== 'ok')).toEqual([]);
    // All five are of the last minutes, in the order in which they were measured.
    const series = await api(collector, `${path}/series?metric=net.rtt.ms&points=200`);
    const { points } = series.body as unknown as {
      points: { max: number | null; count: number }[];
    };
    const known = points.filter(({ count }) => count > 0);
    expect(known.reduce((sum, { count }) => sum + count, 0)).toBe(steps.length);
    const values = known.map(({ max }) => max ?? 0);
    expect(values).toEqual(values.toSorted((one, other) => one - other));
    const files = readdirSync(dataDir, { recursive: true }).map(String);
    expect(files.filter((name) => name.includes('1970'))).toEqual([]);
    const thisYear = files.some((name) => name.includes(String(new Date().getUTCFullYear())));
    expect(thisYear).toBe(true);
  });
});
