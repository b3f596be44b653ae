import { describe, expect, it } from 'vitest';
import { limits, type CloseCodeName } from '@ppe-pulse/protocol';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api } from '../support/collector.ts';
import { counted } from '../support/shared-collector.ts';
import { underAttack } from '../support/under-attack.ts';

const { collector, healthy, enrolledPeer, livePeer, isClosedAs } = underAttack();

/** A text that is JSON in every place but the one that is replaced. */
function heartbeatText(peer: AgentPeer, part: Record<string, string>): string {
  const fields = Object.fromEntries(
    Object.entries(peer.heartbeat(1)).map(([key, value]) => [key, JSON.stringify(value)]),
  );
  const texts = Object.entries({ ...fields, ...part }).map(([key, value]) => `"${key}":${value}`);
  return `{${texts.join(',')}}`;
}

describe('frames out of turn', () => {
  it.each([
    ['a heartbeat before the hello', (peer: AgentPeer) => [peer.heartbeat(1)]],
    ['a proof before the challenge', () => [{ type: 'proof', signature: 'B'.repeat(86) }]],
    ['a clock request before the hello', () => [{ type: 'clockRequest', id: 1 }]],
    ['a goodbye before the hello', () => [{ type: 'goodbye', reason: 'shutdown' }]],
    ['a second hello before the proof', (peer: AgentPeer) => [peer.hello(), peer.hello()]],
    ['a heartbeat instead of the proof', (peer: AgentPeer) => [peer.hello(), peer.heartbeat(1)]],
  ])('%s is a bad frame', async (_, frames) => {
    await isClosedAs('badFrame', async () => {
      const peer = await enrolledPeer();
      for (const frame of frames(peer)) peer.send(frame);
      return peer;
    });
  });

  it.each([
    ['another hello', (peer: AgentPeer) => peer.hello()],
    ['another proof', () => ({ type: 'proof', signature: 'B'.repeat(86) })],
    ['a frame that only collectors send', () => ({ type: 'clockReply', id: 1 })],
    [
      'a live heartbeat of another boot',
      (peer: AgentPeer) => peer.heartbeat(1, { bootId: 'f'.repeat(16) }),
    ],
  ])('after the welcome %s is a bad frame', async (_, frame) => {
    await isClosedAs('badFrame', async () => {
      const peer = await livePeer();
      peer.send(frame(peer));
      return peer;
    });
  });
});

describe('frames that are no messages', () => {
  it.each<[string, CloseCodeName, () => unknown]>([
    ['a protocol of tomorrow', 'unsupportedProtocol', () => ({ protocol: 65_535 })],
    ['a negative protocol', 'badFrame', () => ({ protocol: -1 })],
    ['an id of another key', 'notAuthenticated', () => ({ agentId: `w-${'0'.repeat(16)}` })],
    ['a thousand capabilities', 'badFrame', () => ({ capabilities: Array(1_000).fill('relay') })],
  ])('a hello with %s is closed', async (_, name, part) => {
    await isClosedAs(name, async () => {
      const peer = await enrolledPeer();
      peer.send(peer.hello(part() as object));
      return peer;
    });
  });

  it.each<[string, CloseCodeName, string | Buffer]>([
    ['binary where text is due', 'badFrame', Buffer.from('{"type":"clockRequest","id":1}')],
    ['text that is no JSON', 'badFrame', '{"type":"clockRequest","id":'],
    ['an empty frame', 'badFrame', ''],
    ['a bare number', 'badFrame', '42'],
    ['a type that is inherited by every object', 'badFrame', '{"type":"constructor"}'],
    ['a type that is the prototype', 'badFrame', '{"type":"__proto__"}'],
    ['NaN as a number', 'badFrame', '{"type":"clockRequest","id":NaN}'],
    ['a number beyond all numbers', 'badFrame', '{"type":"clockRequest","id":1e999}'],
    ['32,000 nested lists', 'badFrame', '['.repeat(32_000)],
    ['32,000 nested objects', 'badFrame', '{"a":'.repeat(13_000)],
    ['one byte over the limit', 'frameTooBig', 'x'.repeat(limits.agentFrameBytes + 1)],
    [
      'bytes over the limit in fewer letters',
      'frameTooBig',
      'я'.repeat(limits.agentFrameBytes / 2 + 1),
    ],
  ])('%s is closed', async (_, name, frame) => {
    await isClosedAs(name, async () => {
      const peer = await livePeer();
      peer.send(frame);
      return peer;
    });
  });

  it.each([
    ['seq', '0'],
    ['seq', '-1'],
    ['seq', '1.5'],
    ['seq', '9007199254740992'],
    ['seq', '"1"'],
    ['wallMs', '4102444800001'],
    ['wallMs', '-1'],
    ['wallMs', '1e999'],
    ['monotonicMs', '-1'],
    ['monotonicMs', '1e300'],
    ['journalLag', '-1'],
    ['delivery', '"carried "'],
    ['metrics', '{"__proto__":1}'],
    ['metrics', '{"net.rtt.ms":1e999}'],
    ['metrics', '[[[[[1]]]]]'],
    ['verdicts', '{"length":1}'],
    ['verdicts', '[null]'],
  ])('a heartbeat whose %s is %s is a bad frame', async (key, value) => {
    await isClosedAs('badFrame', async () => {
      const peer = await livePeer();
      peer.send(heartbeatText(peer, { [key]: value }));
      return peer;
    });
  });

  it('what nobody asked for is ignored, however it is named or nested', async () => {
    const peer = await livePeer();
    await healthy().goesOn(async () => {
      const nested = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
      peer.send(`{"type":"clockRequest","id":7,"more":${nested}}`);
      expect(await peer.next('clockReply')).toMatchObject({ id: 7 });
      peer.send(heartbeatText(peer, { __proto__x: '1', ['__proto__']: '{"isAdmin":true}' }));
      await peer.until(() => peer.acked.has(1), 'an ack');
    });
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('names that every object inherits are metrics and checks that nobody knows', async () => {
    const peer = await livePeer();
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];
    await healthy().goesOn(async () => {
      peer.send(
        peer.heartbeat(1, {
          metrics: Object.fromEntries(names.map((name) => [name, 1])),
          verdicts: names.map((name) => ({
            id: name,
            verdict: 'fail',
            reason: name,
            evidence: Object.fromEntries(names.map((each) => [each, name])),
            ageMs: 0,
          })),
        }),
      );
      await peer.until(() => peer.acked.has(1), 'an ack');
    });
    const { status } = await api(collector(), `/api/v1/workstations/${peer.identity.agentId}`);
    expect(status).toBe(200);
    const series = `/api/v1/workstations/${peer.identity.agentId}/series?metric=constructor`;
    expect((await api(collector(), series)).status).toBeLessThan(500);
  });
});

describe('heartbeats from the future', () => {
  it('are put where they were taken, and a clock that goes backwards loses nothing', async () => {
    const peer = await livePeer();
    const future = Date.now() + 10 * 365 * 86_400_000;
    await healthy().goesOn(async () => {
      peer.send(peer.heartbeat(1, { wallMs: future, monotonicMs: 4_000_000_000_000 }));
      peer.send(peer.heartbeat(2, { wallMs: 0, monotonicMs: 0 }));
      peer.send(peer.heartbeat(3, { delivery: 'backlog', wallMs: future, producedAtMs: future }));
      peer.send(peer.heartbeat(Number.MAX_SAFE_INTEGER, { wallMs: future }));
      await peer.until(() => peer.acked.has(3), 'acks');
      await peer.until(() => peer.acked.has(Number.MAX_SAFE_INTEGER), 'the ack of the last');
    });
    const id = peer.identity.agentId;
    const { body } = await api(collector(), `/api/v1/workstations/${id}`);
    const seen = (body as unknown as { lastSeenAt: string }).lastSeenAt;
    expect(Math.abs(Date.parse(seen) - Date.now())).toBeLessThan(10_000);
    const from = new Date(Date.now() + 60_000).toISOString();
    const to = new Date(future + 60_000).toISOString();
    const later = await api(
      collector(),
      `/api/v1/workstations/${id}/series?metric=net.rtt.ms&points=1&from=${from}&to=${to}`,
    );
    expect(later.body).not.toMatchObject({ points: [expect.anything()] });
  });
});

describe('a backlog that is strewn over three months', () => {
  it('delays its own acks and nobody else’s', async () => {
    const peer = await livePeer();
    await healthy().goesOn(async () => {
      const nowMs = Date.now();
      for (let seq = 1; seq <= 300; seq += 1) {
        const wallMs = nowMs - ((seq * 7) % 85) * 86_400_000;
        peer.send(peer.heartbeat(seq, { delivery: 'backlog', bootId: 'a'.repeat(16), wallMs }));
      }
      // Every day is a file: what waits for the others must not wait for all of them.
      await peer.until(() => peer.acked.size > 0, 'the first acks');
      await healthy().assertServedAlways();
    });
  });
});

describe('speaking for others', () => {
  const refused = 'ppe_pulse_frames_refused_total';

  it.each([
    ['an agent that is no relay', [], 'heartbeat'],
    ['an agent that is no relay', [], 'goodbye'],
    ['an agent that is no relay', [], 'member'],
    ['a relay of another ППЭ', ['relay'], 'heartbeat'],
    ['a relay of another ППЭ', ['relay'], 'goodbye'],
    ['a relay of another ППЭ', ['relay'], 'member'],
  ] as const)(
    '%s (%j) is refused its %s, and goes on for itself',
    async (_, capabilities, type) => {
      const victim = newIdentity();
      const placement = { siteCode: '0043', roomCode: '0001', role: 'hq', duty: 'main' };
      await api(collector(), '/api/v1/workstations', {
        method: 'POST',
        body: { publicKey: victim.publicKey, placement },
      });
      const peer = await livePeer([...capabilities]);
      const { inventory, agentVersion } = peer.hello();
      const frames = {
        heartbeat: peer.heartbeat(1, { agentId: victim.agentId }),
        goodbye: { type, reason: 'shutdown', agentId: victim.agentId },
        member: {
          type,
          agentId: victim.agentId,
          bootId: peer.bootId,
          state: 'joined',
          agentVersion,
          capabilities: [],
          inventory,
        },
      };
      const before = await counted(collector(), refused, 'notYourMember');
      await healthy().goesOn(async () => {
        peer.send(frames[type]);
        const answer = await peer.next('error');
        expect(answer).toMatchObject({ code: 'notYourMember', agentId: victim.agentId });
        peer.send(peer.heartbeat(2));
        await peer.until(() => peer.acked.has(2), 'the ack of its own heartbeat');
      });
      expect(peer.acked).not.toContain(1);
      expect(await counted(collector(), refused, 'notYourMember')).toBe(before + 1);
      const { body } = await api(collector(), `/api/v1/workstations/${victim.agentId}`);
      expect(body).toMatchObject({ lastSeenAt: null });
    },
  );

  it('a proof that was made for another connection is worth nothing', async () => {
    const first = await enrolledPeer();
    const hello = first.hello();
    first.send(hello);
    const signature = first.prove(hello, await first.next('challenge'));
    await isClosedAs('notAuthenticated', async () => {
      const second = await AgentPeer.connect(collector().url, first.identity, first.bootId);
      second.send(hello);
      await second.next('challenge');
      second.send({ type: 'proof', signature });
      return second;
    });
  });

  it('an enrolled id without its key is worth nothing', async () => {
    const owner = newIdentity();
    await enrol(collector(), owner);
    await isClosedAs('notAuthenticated', async () => {
      const thief = { ...owner, privateKey: newIdentity().privateKey };
      const peer = await AgentPeer.connect(collector().url, thief);
      const hello = peer.hello();
      peer.send(hello);
      peer.send({ type: 'proof', signature: peer.prove(hello, await peer.next('challenge')) });
      return peer;
    });
  });
});

describe('the healthy agent', () => {
  it('was served in time through all of this', async () => {
    console.log(`healthy agent: ${JSON.stringify(await healthy().assertServedAlways())}`);
  });
});
