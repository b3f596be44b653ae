import { describe, expect, it } from 'vitest';
import { closeCodes } from '@ppe-pulse/protocol';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import type { Collector } from '../../server/src/collector.ts';

const INTERVAL_MS = 1_000;

interface View {
  readonly verdict: string;
  readonly reason: string;
  readonly bootId: string | null;
  readonly clones: readonly string[];
  readonly checks: readonly { readonly id: string; readonly verdict: string }[];
}

async function stage() {
  const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: String(INTERVAL_MS) });
  const identity = newIdentity();
  await enrol(collector, identity);
  const view = async (): Promise<View> => {
    const { body } = await api(collector, `/api/v1/workstations/${identity.agentId}`);
    return body as unknown as View;
  };
  return { collector, identity, view };
}

/** Beats every period until its socket is closed; answers the numbers that it has sent. */
function beat(peer: AgentPeer): { readonly sent: number[]; stop(): void } {
  const sent: number[] = [];
  const timer = setInterval(() => {
    if (peer.closeCode !== undefined) return;
    sent.push(sent.length + 1);
    peer.send(peer.heartbeat(sent.length));
  }, INTERVAL_MS);
  return { sent, stop: () => clearInterval(timer) };
}

async function flipsOf(collector: Collector, id: string) {
  const { body } = await api(collector, `/api/v1/workstations/${id}/flips`);
  return (body as unknown as { items: { checkId: string; to: string }[] }).items;
}

describe('a cloned image: one key on two PCs', () => {
  it('shows both, loses nothing of either, and turns the newer away', async () => {
    const { collector, identity, view } = await stage();
    const original = await AgentPeer.join(collector.url, identity);
    const first = beat(original);
    await original.until(() => original.acked.size > 0, 'an ack of the original');
    const copy = await AgentPeer.join(collector.url, identity);
    const second = beat(copy);
    expect(await copy.closed()).toBe(closeCodes.cloned.code);
    expect(copy.received).toContainEqual({ type: 'error', code: 'cloned' });
    const shown = await view();
    expect(shown).toMatchObject({
      verdict: 'fail',
      reason: 'cloned',
      bootId: original.bootId,
      clones: [copy.bootId],
    });
    expect(shown.checks).toContainEqual(expect.objectContaining({ id: 'clone', verdict: 'fail' }));

    // The older goes on, and is the one that is shown.
    const ackedThen = original.acked.size;
    await original.until(() => original.acked.size > ackedThen + 1, 'more acks');
    expect((await view()).bootId).toBe(original.bootId);
    // Flips are written once a second.
    const ofClone = async () =>
      (await flipsOf(collector, identity.agentId)).filter(({ checkId }) => checkId === 'clone');
    await until(async () => (await ofClone()).length > 0, 'its flip');
    expect(await ofClone()).toMatchObject([{ to: 'fail' }]);
    first.stop();
    second.stop();

    // Everything of both boots is in the store, once: what the copy sent before its close, too.
    await original.until(() => original.acked.size === first.sent.length, 'all acks');
    const kept = await AgentPeer.connect(collector.url, identity, copy.bootId);
    await kept.shakeHands();
    for (const seq of second.sent) kept.send(kept.heartbeat(seq, { delivery: 'backlog' }));
    await kept.until(() => kept.acked.size >= second.sent.length, 'acks of the copy');
    const path = `/api/v1/workstations/${identity.agentId}/series?metric=net.rtt.ms&points=1`;
    expect((await api(collector, path)).body).toMatchObject({
      points: [{ count: first.sent.length + second.sent.length }],
    });
  });

  it('is not what a restart with a half-open socket is: that is shown within three periods', async () => {
    const { collector, identity, view } = await stage();
    const before = await AgentPeer.join(collector.url, identity);
    before.send(before.heartbeat(1));
    await until(async () => (await view()).bootId === before.bootId, 'the first boot is shown');
    // It falls silent without a word, its socket stays.
    const restarted = await AgentPeer.join(collector.url, identity);
    const joinedMs = performance.now();
    const beats = beat(restarted);
    await until(async () => (await view()).bootId === restarted.bootId, 'the new boot is shown');
    beats.stop();
    expect(performance.now() - joinedMs).toBeLessThan(3 * INTERVAL_MS + 1_000);
    expect(await before.closed()).toBe(closeCodes.replacedByNewer.code);
    expect(await view()).toMatchObject({ verdict: 'ok', clones: [] });
    const flips = await flipsOf(collector, identity.agentId);
    expect(flips.filter(({ checkId }) => checkId === 'clone')).toEqual([]);
  });

  it('is not what a service restart is: that is shown with its first heartbeat', async () => {
    const { collector, identity, view } = await stage();
    const before = await AgentPeer.join(collector.url, identity);
    before.send(before.heartbeat(1));
    await until(async () => (await view()).bootId === before.bootId, 'the first boot is shown');
    before.leave();
    const restarted = await AgentPeer.join(collector.url, identity);
    restarted.send(restarted.heartbeat(1));
    await until(async () => (await view()).bootId === restarted.bootId, 'the new boot is shown');
    expect(await view()).toMatchObject({ verdict: 'ok', clones: [] });
  });

  it('gives the throughput slot to the PC that is shown', async () => {
    const { collector, identity } = await stage();
    const original = await AgentPeer.join(collector.url, identity);
    original.send(original.heartbeat(1));
    const copy = await AgentPeer.connect(collector.url, identity);
    await copy.shakeHands({ capabilities: ['download'] });
    await original.next('slot');
    expect(copy.received.filter(({ type }) => type === 'slot')).toEqual([]);
  });
});
