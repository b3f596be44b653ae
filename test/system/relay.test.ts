import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeCodes, type Heartbeat } from '@ppe-pulse/protocol';
import { AgentPeer, type PeerIdentity } from '../support/agent-peer.ts';
import { detailsOf, isHeard } from '../support/agent-process.ts';
import { api, testCollector } from '../support/collector.ts';
import { cutLine } from '../support/cut-line.ts';
import { commands, runToEnd, until } from '../support/processes.ts';
import { RawPeer, upgradeHead } from '../support/raw-peer.ts';
import { enrolMember, relayProcess, storedCount, type RelayProcess } from '../support/relay.ts';
import { counted } from '../support/shared-collector.ts';
import type { Collector } from '../../server/src/collector.ts';

const quick = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000', PPE_PULSE_AGENTS_BACKLOG_PER_SECOND: '50' };

/** A collector, members of rooms 0012 and 0013, and a relay that knows them. */
async function site(
  members = 2,
  uplink: (collector: Collector) => Promise<string> = async ({ url }) => url,
) {
  const collector = await testCollector({}, quick);
  const identities: PeerIdentity[] = [];
  for (let at = 0; at < members; at += 1)
    identities.push(await enrolMember(collector, { roomCode: `001${at + 2}` }));
  const relay = await relayProcess(collector, { uplinkUrl: await uplink(collector) });
  await until(() => relay.status()?.relay?.membersKnown === members, 'the roster');
  return { collector, identities, relay };
}

/** Sends a heartbeat every 100 ms until it is told to stop; answers how many there were. */
function beating(peer: AgentPeer, make: (seq: number) => Heartbeat, from = 1): () => number {
  let seq = from;
  const timer = setInterval(() => {
    peer.send(make(seq));
    seq += 1;
  }, 100);
  onTestFinished(() => clearInterval(timer));
  return () => {
    clearInterval(timer);
    return seq - 1;
  };
}

const verdictOf = (verdict: 'ok' | 'fail'): Partial<Heartbeat> => ({
  verdicts: [{ id: 'net.rtt', verdict, reason: 'slowReply', evidence: {}, ageMs: 0 }],
});
const isLive = (relay: RelayProcess): boolean => relay.status()?.link === 'live';
const flipsOf = async (collector: Collector, id: string) =>
  (
    (await api(collector, `/api/v1/workstations/${id}/flips`)).body as unknown as {
      items: { checkId: string; to: string }[];
    }
  ).items;

describe('a relay in the Штаб', { timeout: 90_000 }, () => {
  it('hands on the heartbeats of its ППЭ under their own names, live', async () => {
    const { collector, identities, relay } = await site();
    const peers = await Promise.all(identities.map((each) => AgentPeer.join(relay.url, each)));
    for (let seq = 1; seq <= 3; seq += 1) for (const peer of peers) peer.send(peer.heartbeat(seq));
    for (const peer of peers) await peer.until(() => peer.acked.size === 3, 'the relay’s acks');
    for (const { agentId } of identities) {
      await until(async () => (await storedCount(collector, agentId)) === 3, 'three in the store');
      expect(await detailsOf(collector, agentId)).toMatchObject({
        verdict: 'ok',
        metrics: { 'net.rtt.ms': 23 },
      });
    }
    expect(await isHeard(collector, relay.id)).toBe(true);
    await until(() => relay.status()?.relay?.membersHere === 2, 'two are here');
    await until(() => relay.status()?.relay?.spooled === 0, 'nothing waits');
    const told = await runToEnd(commands.agent, [
      'status',
      '--config',
      join(relay.home, 'agent.yaml'),
    ]);
    expect(told.output).toContain(`порт / port ${relay.port}`);
    expect(told.output).toContain('2 / 2');
    await relay.stopped();
    for (const peer of peers) {
      expect(await peer.closed()).toBe(closeCodes.goingAway.code);
      expect(peer.received.at(-1)).toMatchObject({ type: 'goodbye', reason: 'restart' });
    }
  });

  it('loses nothing while the uplink is cut, and what comes late raises nothing', async () => {
    let line: Awaited<ReturnType<typeof cutLine>> | undefined;
    const { collector, identities, relay } = await site(2, async ({ url }) => {
      line = await cutLine(url);
      return line.url;
    });
    const peers = await Promise.all(identities.map((each) => AgentPeer.join(relay.url, each)));
    let verdict: 'ok' | 'fail' = 'ok';
    const stops = peers.map((peer) =>
      beating(peer, (seq) => peer.heartbeat(seq, verdictOf(verdict))),
    );
    const [first] = identities;
    await until(async () => (await storedCount(collector, first?.agentId ?? '')) > 5, 'five live');
    line?.cut();
    await until(() => !isLive(relay), 'the uplink is down');
    verdict = 'fail';
    const before = peers.map((peer) => peer.acked.size);
    await until(
      () => peers.every((peer, at) => peer.acked.size > (before[at] ?? 0) + 30),
      '30 acks',
    );
    verdict = 'ok';
    await until(() => (relay.status()?.relay?.spooled ?? 0) > 50, 'the spool fills');
    line?.join();
    await until(() => isLive(relay), 'the uplink is back', 60_000);
    await until(
      () => (relay.status()?.relay?.spooled ?? 99) < 40,
      'the backlog is through',
      30_000,
    );
    const sent = stops.map((stop) => stop());
    for (const [at, { agentId }] of identities.entries()) {
      await until(
        async () => (await storedCount(collector, agentId)) === sent[at],
        `all ${sent[at]} in the store, once each (now ${await storedCount(collector, agentId)})`,
      );
      const flips = await flipsOf(collector, agentId);
      expect(flips.filter(({ checkId, to }) => checkId === 'net.rtt' && to === 'fail')).toEqual([]);
    }
    await until(() => relay.status()?.relay?.spooled === 0, 'nothing waits');
    expect(relay.status()?.relay?.dropped).toBe(0);
    // Members were introduced again before anything of theirs was sent.
    expect(await counted(collector, 'ppe_pulse_frames_refused_total', 'notYourMember')).toBe(0);
  });

  it('lets in whom it knew, and keeps what they say, with a collector that is gone', async () => {
    const { collector, identities, relay } = await site(1);
    await relay.stopped();
    await collector.stop();
    await relay.start();
    const [identity] = identities;
    const peer = await AgentPeer.join(relay.url, identity as PeerIdentity);
    for (let seq = 1; seq <= 20; seq += 1) peer.send(peer.heartbeat(seq));
    await peer.until(() => peer.acked.size === 20, 'twenty acks');
    await until(() => relay.status()?.relay?.spooled === 20, 'twenty spooled');
    peer.send({ type: 'clockRequest', id: 5 });
    const { sentAtMs } = await peer.next('clockReply');
    expect(Math.abs(sentAtMs - Date.now())).toBeLessThan(1_000);
  });

  it('tells everybody to come again while it was not told who is who', async () => {
    let line: Awaited<ReturnType<typeof cutLine>> | undefined;
    const { relay } = await site(1, async ({ url }) => {
      line = await cutLine(url);
      return line.url;
    });
    line?.cut();
    await relay.stopped();
    rmSync(join(relay.home, 'data', 'roster.json'));
    await relay.start();
    const stranger = await RawPeer.open(relay.url);
    stranger.socket.write(upgradeHead());
    await stranger.until(() => stranger.status !== 0);
    expect(stranger.status).toBe(503);
    expect(stranger.head).toContain('Retry-After: 5');
    await until(() => relay.status()?.relay?.membersKnown === null, 'nobody is known');
  });

  it('survives kill -9: every heartbeat that it acked is in the store once', async () => {
    const { collector, identities, relay } = await site();
    const boots = identities.map((_, at) => `${at + 1}`.padStart(16, '0'));
    const acked = identities.map(() => new Set<number>());
    const next = identities.map(() => 1);
    await until(() => isLive(relay), 'the uplink');
    for (let round = 0; round < 3; round += 1) {
      const peers = await Promise.all(
        identities.map((each, at) => AgentPeer.join(relay.url, each, boots[at])),
      );
      const stops = peers.map((peer, at) => {
        // What was sent before and never acked comes again, as a journal would send it.
        for (let seq = 1; seq < (next[at] ?? 1); seq += 1)
          if (!acked[at]?.has(seq)) peer.send(peer.heartbeat(seq, { delivery: 'backlog' }));
        return beating(peer, (seq) => peer.heartbeat(seq), next[at]);
      });
      await Promise.all(peers.map((peer) => peer.until(() => peer.acked.size > 15, 'acks')));
      await relay.killed();
      for (const [at, stop] of stops.entries()) next[at] = stop() + 1;
      for (const [at, peer] of peers.entries()) for (const seq of peer.acked) acked[at]?.add(seq);
    }
    expect(acked.every((each) => each.size > 45)).toBe(true);
    await until(() => relay.status()?.relay?.spooled === 0 && isLive(relay), 'all is sent', 60_000);
    for (const [at, { agentId }] of identities.entries()) {
      const stored = await storedCount(collector, agentId);
      expect(stored).toBeGreaterThanOrEqual(acked[at]?.size ?? 0);
      expect(stored).toBeLessThan(next[at] ?? 0);
    }
  });
});

describe('a relay and who does not belong', { timeout: 60_000 }, () => {
  it('turns away a workstation of another ППЭ', async () => {
    const { collector, relay } = await site(1);
    const foreign = await enrolMember(collector, { siteCode: '0043' });
    const peer = await AgentPeer.connect(relay.url, foreign);
    peer.send(peer.hello());
    expect(await peer.closed()).toBe(closeCodes.notEnrolled.code);
  });

  it('that lies is refused by the collector, and counted', async () => {
    const collector = await testCollector({}, quick);
    const liar = await enrolMember(collector, { role: 'hq', roomCode: '7777' });
    const foreign = await enrolMember(collector, { siteCode: '0043' });
    const peer = await AgentPeer.connect(collector.url, liar);
    await peer.shakeHands({ capabilities: ['relay'] });
    const about = { agentId: foreign.agentId };
    peer.send(peer.heartbeat(1, about));
    expect(await peer.next('error')).toMatchObject({ code: 'notYourMember', ...about });
    const { capabilities, agentVersion, inventory } = peer.hello();
    const bootId = peer.bootId;
    peer.send({
      type: 'member',
      state: 'joined',
      bootId,
      capabilities,
      agentVersion,
      inventory,
      ...about,
    });
    expect(await peer.next('error')).toMatchObject({ code: 'notYourMember', ...about });
    peer.send({ type: 'goodbye', reason: 'shutdown', ...about });
    await peer.next('error');
    expect(await counted(collector, 'ppe_pulse_frames_refused_total', 'notYourMember')).toBe(3);
    expect(await storedCount(collector, foreign.agentId)).toBe(0);
    peer.send(peer.heartbeat(1));
    await peer.until(() => peer.acked.has(1), 'its own is taken all the same');
  });

  it('lets go of a workstation that was moved to another ППЭ', async () => {
    const { collector, identities, relay } = await site(1);
    const [identity] = identities;
    const peer = await AgentPeer.join(relay.url, identity as PeerIdentity);
    await enrolMember(collector, { siteCode: '0043' }, identity);
    expect(await peer.closed()).toBe(closeCodes.notEnrolled.code);
  });

  it('tells clones apart: the newer is turned away, both histories are kept', async () => {
    const { collector, identities, relay } = await site(1);
    const [identity] = identities as [PeerIdentity];
    const older = await AgentPeer.join(relay.url, identity, 'a'.repeat(16));
    const stop = beating(older, (seq) => older.heartbeat(seq));
    await older.until(() => older.acked.size > 3, 'acks');
    const newer = await AgentPeer.join(relay.url, identity, 'b'.repeat(16));
    newer.send(newer.heartbeat(1));
    expect(await newer.closed()).toBe(closeCodes.cloned.code);
    expect(newer.received.some((each) => each.type === 'error' && each.code === 'cloned')).toBe(
      true,
    );
    await until(
      async () => (await detailsOf(collector, identity.agentId)).reason === 'cloned',
      'the collector shows the clone',
    );
    const sent = stop();
    await until(
      async () => (await storedCount(collector, identity.agentId)) === sent + 1,
      'both histories',
    );
  });

  it('gives up a member whose key speaks to the collector itself', async () => {
    const { collector, identities, relay } = await site(1);
    const [identity] = identities as [PeerIdentity];
    const direct = await AgentPeer.join(collector.url, identity, 'a'.repeat(16));
    beating(direct, (seq) => direct.heartbeat(seq));
    await direct.until(() => direct.acked.size > 0, 'acks');
    const relayed = await AgentPeer.join(relay.url, identity, 'b'.repeat(16));
    const stop = beating(relayed, (seq) => relayed.heartbeat(seq));
    expect(await relayed.closed()).toBe(closeCodes.cloned.code);
    stop();
  });
});
