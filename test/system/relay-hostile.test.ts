import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeCodes, limits } from '@ppe-pulse/protocol';
import { AgentPeer } from '../support/agent-peer.ts';
import { detailsOf } from '../support/agent-process.ts';
import { testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import { RawPeer, opcodes, upgradeHead } from '../support/raw-peer.ts';
import { enrolMember, relayProcess, storedCount } from '../support/relay.ts';

/** A relay with two members; both are known, neither is connected. */
async function sited() {
  const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
  const [bad, good] = [
    await enrolMember(collector),
    await enrolMember(collector, { roomCode: '0013' }),
  ];
  const relay = await relayProcess(collector);
  await until(() => relay.status()?.relay?.membersKnown === 2, 'the roster');
  return { collector, bad, good, relay };
}

describe('a relay on a LAN that means it ill', { timeout: 60_000 }, () => {
  it('closes what breaks the protocol with its number', async () => {
    const { relay } = await sited();
    const closedAfter = async (act: (peer: RawPeer) => void): Promise<number> => {
      const peer = await RawPeer.upgraded(relay.url);
      act(peer);
      return peer.closed();
    };
    const codes = [
      await closedAfter((peer) => peer.send(opcodes.binary, 'x')),
      await closedAfter((peer) => peer.send(opcodes.text, '{"type":')),
      await closedAfter((peer) => peer.send(opcodes.text, 'x'.repeat(65_530))),
      await closedAfter((peer) => peer.send(opcodes.text, Buffer.from([0xff, 0xfe]))),
      await closedAfter((peer) => peer.send(opcodes.text, '{}', { isMasked: false })),
      await closedAfter((peer) => {
        for (let at = 0; at < 150; at += 1) peer.send(opcodes.ping, '');
      }),
    ];
    const { badFrame, notUtf8, brokenFraming, tooManyFrames } = closeCodes;
    expect(codes).toEqual([
      badFrame.code,
      badFrame.code,
      badFrame.code,
      notUtf8.code,
      brokenFraming.code,
      tooManyFrames.code,
    ]);
  });

  it('has room for so many strangers of an address, and for members all the same', async () => {
    const { relay, good } = await sited();
    const member = await AgentPeer.join(relay.url, good);
    const strangers = await Promise.all(
      Array.from({ length: 32 }, () => RawPeer.upgraded(relay.url)),
    );
    const next = await RawPeer.open(relay.url);
    await next.isCut();
    member.send(member.heartbeat(1));
    await member.until(() => member.acked.has(1), 'an ack');
    for (const stranger of strangers) stranger.socket.destroy();
    await until(async () => {
      const again = await RawPeer.open(relay.url);
      again.socket.write(upgradeHead());
      await again.until(() => again.status !== 0).catch(() => undefined);
      return again.status === 101;
    }, 'there is room again');
  });

  it.runIf(process.platform === 'linux')(
    'is shut for nobody by one address that fills it with silent connections',
    async () => {
      const { relay, good, bad } = await sited();
      const member = await AgentPeer.join(relay.url, good);
      const { hostname: host, port } = new URL(relay.url);
      const silent = Array.from({ length: 1_012 }, () =>
        connect({ host, port: Number(port), localAddress: '127.0.0.2' }),
      );
      onTestFinished(() => silent.forEach((each) => each.destroy()));
      const ends = silent.map(async (each) => {
        // Cut by a reset or by an end: both are the relay's.
        each.on('error', () => undefined).resume();
        return new Promise((resolve) => each.once('close', resolve));
      });
      await until(() => silent.every(({ connecting }) => !connecting), 'all have knocked');
      const late = await AgentPeer.join(relay.url, bad);
      expect(silent.some(({ destroyed }) => !destroyed)).toBe(true);
      for (const each of [member, late]) {
        each.send(each.heartbeat(1));
        await each.until(() => each.acked.has(1), 'an ack');
      }
      await Promise.all(ends);
    },
  );

  it('does not wait for those who say nothing', async () => {
    const { relay } = await sited();
    const silent = await RawPeer.upgraded(relay.url);
    expect(await silent.closed()).toBe(closeCodes.handshakeTimeout.code);
  });

  it('keeps its uplink and the others whatever one member sends', async () => {
    const { collector, relay, bad, good } = await sited();
    const calm = await AgentPeer.join(relay.url, good);
    const flooding = await AgentPeer.join(relay.url, bad);
    // Within what it may send, and far more than its share of the uplink.
    for (let seq = 1; seq <= 400; seq += 1) flooding.send(flooding.heartbeat(seq));
    await flooding.until(() => flooding.acked.size === 400, 'all are kept');
    calm.send(calm.heartbeat(1));
    await until(async () => (await detailsOf(collector, good.agentId)).verdict === 'ok', 'live');
    await until(async () => (await storedCount(collector, bad.agentId)) === 400, 'and stored');

    // Written short, such numbers are long when the relay writes them again.
    const metrics = Array.from({ length: 1_000 }, (_, at) => `"net.m${at}.${'x'.repeat(40)}":1e20`);
    const frame = JSON.stringify(flooding.heartbeat(401, { metrics: {} }));
    const big = frame.replace('"metrics":{}', `"metrics":{${metrics.join()}}`);
    expect(Buffer.byteLength(big)).toBeLessThan(limits.agentFrameBytes);
    flooding.send(big);
    expect(await flooding.closed()).toBe(closeCodes.frameTooBig.code);
    const flood = await AgentPeer.join(relay.url, bad);
    for (let id = 0; id < 1_500; id += 1) flood.send({ type: 'clockRequest', id });
    expect(await flood.closed()).toBe(closeCodes.tooManyFrames.code);
    calm.send(calm.heartbeat(2));
    await calm.until(() => calm.acked.has(2), 'an ack');
    expect(relay.status()?.link).toBe('live');
    expect(relay.child().errors()).not.toContain('"link closed"');
  });

  it('takes a flood of nothing from a member whose boot another one claims', async () => {
    const { collector, relay, bad, good } = await sited();
    const honest = await AgentPeer.join(relay.url, good);
    const liar = await AgentPeer.join(relay.url, bad, honest.bootId);
    for (let seq = 1; seq <= 5; seq += 1) {
      liar.send(liar.heartbeat(seq));
      honest.send(honest.heartbeat(seq));
    }
    await honest.until(() => honest.acked.size === 5, 'acks');
    for (const { agentId } of [bad, good])
      await until(async () => (await storedCount(collector, agentId)) === 5, 'five of each');
    await until(() => relay.status()?.relay?.spooled === 0, 'nothing waits');
  });
});
