import { describe, expect, it } from 'vitest';
import { closeCodes, limits, type AgentHello } from '@ppe-pulse/protocol';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { download } from '../../agent/src/probes/download/download.ts';
import { upload } from '../../agent/src/probes/download/upload.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { plainTls } from '../support/plain-tls.ts';

async function joined(hello: Partial<AgentHello> = {}) {
  const collector = await testCollector();
  const identity = newIdentity();
  await enrol(collector, identity);
  const peer = await AgentPeer.connect(collector.url, identity);
  await peer.shakeHands(hello);
  return { collector, identity, peer };
}

describe('gateway', () => {
  it('takes heartbeats, acks them when they are durable and shows them', async () => {
    const { collector, identity, peer } = await joined();
    for (let seq = 1; seq <= 3; seq += 1) peer.send(peer.heartbeat(seq));
    await peer.until(() => peer.acked.size === 3, 'three acks');
    const { body } = await api(collector, `/api/v1/workstations/${identity.agentId}`);
    expect(body).toMatchObject({
      siteCode: '0042',
      roomCode: '7777',
      verdict: 'ok',
      metrics: { 'net.rtt.ms': 23 },
    });
    const series = await api(
      collector,
      `/api/v1/workstations/${identity.agentId}/series?metric=net.rtt.ms&points=1`,
    );
    expect(series.body).toMatchObject({
      metric: 'net.rtt.ms',
      unit: 'ms',
      points: [{ min: 21, max: 23, count: 3 }],
    });
  });

  it('stores a heartbeat once however often it comes, and acks it each time', async () => {
    const { collector, identity, peer } = await joined();
    peer.send(peer.heartbeat(1));
    await peer.until(() => peer.acked.has(1), 'an ack');
    peer.acked.clear();
    peer.send(peer.heartbeat(1, { delivery: 'backlog' }));
    await peer.until(() => peer.acked.has(1), 'another ack');
    const { body } = await api(
      collector,
      `/api/v1/workstations/${identity.agentId}/series?metric=net.rtt.ms&points=1`,
    );
    expect(body).toMatchObject({ points: [{ count: 1 }] });
  });

  it('puts late heartbeats into history at their own time and changes nothing of now', async () => {
    const { collector, identity, peer } = await joined();
    peer.send(peer.heartbeat(10));
    const past = Date.now() - 3_600_000;
    peer.send(
      peer.heartbeat(1, {
        delivery: 'backlog',
        bootId: 'a'.repeat(16),
        wallMs: past,
        metrics: { 'net.rtt.ms': 900 },
        verdicts: [{ id: 'net.rtt', verdict: 'fail', reason: 'slowReply', evidence: {}, ageMs: 0 }],
      }),
    );
    await peer.until(() => peer.acked.has(1) && peer.acked.has(10), 'acks');
    const now = await api(collector, `/api/v1/workstations/${identity.agentId}`);
    expect(now.body).toMatchObject({ verdict: 'ok', metrics: { 'net.rtt.ms': 30 } });
    const flips = await api(collector, `/api/v1/workstations/${identity.agentId}/flips`);
    expect(
      (flips.body as unknown as { items: { to: string }[] }).items.filter(
        (flip) => flip.to === 'fail',
      ),
    ).toEqual([]);
    const from = new Date(past - 60_000).toISOString();
    const to = new Date(past + 60_000).toISOString();
    const history = await api(
      collector,
      `/api/v1/workstations/${identity.agentId}/series?metric=net.rtt.ms&points=1&from=${from}&to=${to}`,
    );
    expect(history.body).toMatchObject({ points: [{ max: 900, count: 1 }] });
  });

  it('does not let a PC with a clock ten hours off distort its history', async () => {
    const { collector, identity, peer } = await joined();
    const wrong = Date.now() + 36_000_000;
    for (let seq = 1; seq <= 3; seq += 1) peer.send(peer.heartbeat(seq, { wallMs: wrong }));
    await peer.until(() => peer.acked.size === 3, 'acks');
    const { body } = await api(
      collector,
      `/api/v1/workstations/${identity.agentId}/series?metric=net.rtt.ms&points=1`,
    );
    expect(body).toMatchObject({ points: [{ count: 3 }] });
    const state = (await api(collector, `/api/v1/workstations/${identity.agentId}`))
      .body as unknown as { clockOffsetMs: number };
    expect(Math.abs(state.clockOffsetMs - 36_000_000)).toBeLessThan(2_000);
  });

  it('answers clock requests and says goodbye when it stops', async () => {
    const { collector, peer } = await joined();
    peer.send({ type: 'clockRequest', id: 7 });
    expect(await peer.next('clockReply')).toMatchObject({ id: 7 });
    await collector.stop();
    expect(peer.received.at(-1)).toMatchObject({ type: 'goodbye', reason: 'restart' });
    expect(await peer.closed()).toBe(closeCodes.goingAway.code);
  });

  it('leases a throughput slot whose bytes can be had once', async () => {
    const { collector, peer } = await joined();
    const slot = await peer.next('slot');
    const get = () =>
      fetch(`${collector.url}/agent/v1/throughput`, {
        headers: { authorization: `Slot ${slot.token}` },
      });
    const response = await get();
    expect((await response.arrayBuffer()).byteLength).toBe(slot.maxBytes);
    expect((await get()).status).toBe(401);
    expect((await fetch(`${collector.url}/agent/v1/throughput`)).status).toBe(401);
  });

  it.each([
    ['upload', upload],
    ['downloadMany', download],
  ] as const)('measures a %s slot with the agent’s own client', async (kind, run) => {
    const { collector, peer } = await joined({ capabilities: [kind] });
    const slot = await peer.next('slot');
    expect(slot.kind).toBe(kind);
    const use = () =>
      run(collector.url, slot, {
        clock: systemClock(),
        tls: plainTls,
        signal: new AbortController().signal,
      });
    const outcome = await use();
    if (outcome.kind !== 'measured') throw new Error(outcome.reason);
    expect(outcome.bytesPerSecond).toBeGreaterThan(1e6);
    expect(outcome.bytes).toBeLessThanOrEqual(limits.throughputBytes);
    // Spent: the collector answers nobody twice.
    expect(await use()).toMatchObject({ kind: 'failed', reason: 'refusedByCollector' });
  });
});

describe('gateway and bad peers', () => {
  it.each([
    ['a frame that is not JSON', () => '{"type":', 'badFrame'],
    ['an unknown type', () => ({ type: 'command', run: 'rm -rf /' }), 'badFrame'],
    ['a heartbeat before the welcome', (peer: AgentPeer) => peer.heartbeat(1), 'badFrame'],
    [
      'a protocol of tomorrow',
      (peer: AgentPeer) => peer.hello({ protocol: 2 }),
      'unsupportedProtocol',
    ],
    [
      'an id of another key',
      (peer: AgentPeer) => peer.hello({ agentId: `w-${'0'.repeat(16)}` }),
      'notAuthenticated',
    ],
    ['a key that nobody enrolled', (peer: AgentPeer) => peer.hello(), 'notEnrolled'],
    ['binary where text is due', () => Buffer.from([1, 2, 3]), 'badFrame'],
    ['a frame that is too big', () => 'x'.repeat(limits.agentFrameBytes + 1), 'frameTooBig'],
  ] as const)('%s is closed with its number', async (_, frame, expected) => {
    const collector = await testCollector();
    const peer = await AgentPeer.connect(collector.url);
    peer.send(frame(peer));
    expect(await peer.closed()).toBe(closeCodes[expected].code);
    expect((await api(collector, '/healthz')).status).toBe(200);
  });

  it('refuses a proof that was made for another connection', async () => {
    const collector = await testCollector();
    const identity = newIdentity();
    await enrol(collector, identity);
    const first = await AgentPeer.connect(collector.url, identity);
    const hello = first.hello();
    first.send(hello);
    const proof = { type: 'proof', signature: first.prove(hello, await first.next('challenge')) };
    const second = await AgentPeer.connect(collector.url, identity, first.bootId);
    second.send(hello);
    await second.next('challenge');
    second.send(proof);
    expect(await second.closed()).toBe(closeCodes.notAuthenticated.code);
  });

  it('closes a peer that floods it, and nobody else notices', async () => {
    const { collector, peer, identity } = await joined();
    const other = newIdentity();
    await enrol(collector, other, '0012');
    const calm = await AgentPeer.join(collector.url, other);
    for (let id = 0; id < 700; id += 1) peer.send({ type: 'clockRequest', id });
    expect(await peer.closed()).toBe(closeCodes.tooManyFrames.code);
    calm.send(calm.heartbeat(1));
    await calm.until(() => calm.acked.has(1), 'an ack');
    expect((await api(collector, '/metrics')).body).toMatchObject({
      text: expect.stringContaining('reason="tooManyFrames"'),
    });
    expect((await api(collector, `/api/v1/workstations/${identity.agentId}`)).status).toBe(200);
  });

  it('lets the newer of two connections of one agent stay', async () => {
    const { collector, peer, identity } = await joined();
    const newer = await AgentPeer.join(collector.url, identity, peer.bootId);
    expect(await peer.closed()).toBe(closeCodes.normal.code);
    newer.send(newer.heartbeat(1));
    await newer.until(() => newer.acked.has(1), 'an ack');
  });
});
