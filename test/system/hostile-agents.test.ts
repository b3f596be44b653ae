import { randomBytes } from 'node:crypto';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { closeCodes, limits, type CloseCodeName } from '@ppe-pulse/protocol';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api } from '../support/collector.ts';
import { HealthyAgent } from '../support/healthy-agent.ts';
import { opcodes, RawPeer, upgradeHead } from '../support/raw-peer.ts';
import { counted, sharedCollector } from '../support/shared-collector.ts';

const collector = sharedCollector();
const disposals: (() => void)[] = [];
let healthy: HealthyAgent;

beforeAll(async () => {
  healthy = await HealthyAgent.join(collector(), (dispose) => disposals.push(dispose));
});
afterAll(() => disposals.forEach((dispose) => dispose()));

async function stranger(): Promise<AgentPeer> {
  return AgentPeer.connect(collector().url);
}

async function enrolledPeer(roomCode = '0012'): Promise<AgentPeer> {
  const identity = newIdentity();
  await enrol(collector(), identity, roomCode);
  return AgentPeer.connect(collector().url, identity);
}

async function livePeer(capabilities: string[] = []): Promise<AgentPeer> {
  const peer = await enrolledPeer();
  await peer.shakeHands({ capabilities });
  return peer;
}

/** The bad peer is closed with its number and counted once; the healthy agent sees nothing. */
async function isClosedAs(
  name: CloseCodeName,
  attack: () => Promise<{ closed(): Promise<number> }>,
): Promise<void> {
  const counter = 'ppe_pulse_agent_sockets_closed_total';
  const before = await counted(collector(), counter, name);
  const code = await healthy.goesOn(async () => (await attack()).closed());
  expect(code).toBe(closeCodes[name].code);
  expect(await counted(collector(), counter, name)).toBe(before + 1);
}

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
    await healthy.goesOn(async () => {
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
    await healthy.goesOn(async () => {
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
    await healthy.goesOn(async () => {
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
      await healthy.goesOn(async () => {
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

describe('broken WebSockets', () => {
  const request = '{"type":"clockRequest","id":1}';
  const { text, binary, ping, pong, continuation } = opcodes;

  it.each<[string, CloseCodeName, (peer: RawPeer) => void]>([
    [
      'text that is not UTF-8',
      'notUtf8',
      (peer) => peer.send(text, Buffer.of(0x22, 0xff, 0xfe, 0x22)),
    ],
    ['half a letter', 'notUtf8', (peer) => peer.send(text, Buffer.of(0x22, 0xd0))],
    [
      'a frame without a mask',
      'brokenFraming',
      (peer) => peer.send(text, request, { isMasked: false }),
    ],
    ['a reserved bit', 'brokenFraming', (peer) => peer.send(text, request, { reserved: 4 })],
    ['an opcode that is none', 'brokenFraming', (peer) => peer.send(3, request)],
    ['a control opcode that is none', 'brokenFraming', (peer) => peer.send(11, '')],
    ['a continuation of nothing', 'brokenFraming', (peer) => peer.send(continuation, request)],
    ['a ping in fragments', 'brokenFraming', (peer) => peer.send(ping, '', { isFinal: false })],
    ['a ping of 200 bytes', 'brokenFraming', (peer) => peer.send(ping, 'x'.repeat(200))],
    ['a close of one byte', 'brokenFraming', (peer) => peer.send(opcodes.close, 'x')],
    [
      'a close with a code that is none',
      'brokenFraming',
      (peer) => peer.send(opcodes.close, Buffer.of(3, 236)),
    ],
    [
      'binary in fragments',
      'badFrame',
      (peer) => {
        peer.send(binary, 'a', { isFinal: false });
        peer.send(continuation, 'b');
      },
    ],
    [
      'a second message inside the first',
      'brokenFraming',
      (peer) => {
        peer.send(text, '{"type":', { isFinal: false });
        peer.send(text, request);
      },
    ],
    [
      'fragments that add up to too much',
      'frameTooBig',
      (peer) => {
        peer.send(text, 'x'.repeat(40_000), { isFinal: false });
        peer.send(continuation, 'x'.repeat(40_000), { isFinal: false });
      },
    ],
    [
      'a flood of empty fragments',
      'tooManyPieces',
      (peer) => {
        peer.send(text, '', { isFinal: false });
        for (let at = 0; at <= limits.framePieces; at += 1)
          peer.send(continuation, '', { isFinal: false });
      },
    ],
    [
      'a flood of pings',
      'tooManyFrames',
      (peer) => {
        for (let at = 0; at < 50_000; at += 1) peer.send(ping, 'x'.repeat(125));
      },
    ],
    [
      'a flood of pongs',
      'tooManyFrames',
      (peer) => {
        for (let at = 0; at < 50_000; at += 1) peer.send(pong, '');
      },
    ],
  ])('%s is closed', async (_, name, act) => {
    await isClosedAs(name, async () => {
      const peer = await RawPeer.upgraded(collector().url);
      act(peer);
      return peer;
    });
  });

  it('a length of 2^62 bytes is refused before a byte of it is kept', async () => {
    await isClosedAs('frameTooBig', async () => {
      const peer = await RawPeer.upgraded(collector().url);
      peer.socket.write(Buffer.of(0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4));
      return peer;
    });
  });

  it('a frame that comes byte by byte is closed when it is in too many pieces', async () => {
    await isClosedAs('tooManyPieces', async () => {
      const peer = await RawPeer.upgraded(collector().url);
      // A length of 60,000, then letters, each in a segment of its own.
      peer.socket.write(Buffer.of(0x81, 0xfe, 60_000 >> 8, 60_000 & 0xff, 0, 0, 0, 0));
      const drip = setInterval(() => peer.socket.write('x'), 1);
      peer.socket.on('close', () => clearInterval(drip));
      await peer.until(() => peer.closeCode !== undefined).finally(() => clearInterval(drip));
      return peer;
    });
  });

  it('a message in a few fragments with a ping between them is whole', async () => {
    await healthy.goesOn(async () => {
      const peer = await RawPeer.upgraded(collector().url);
      const identity = newIdentity();
      await enrol(collector(), identity, '0013');
      const author = await AgentPeer.connect(collector().url, identity);
      const hello = Buffer.from(JSON.stringify(author.hello()));
      peer.send(text, hello.subarray(0, 7), { isFinal: false });
      peer.send(ping, 'are you there');
      peer.send(continuation, hello.subarray(7, 9), { isFinal: false });
      peer.send(continuation, hello.subarray(9));
      await peer.until(() => peer.texts.length > 0);
      expect(JSON.parse(peer.texts[0] ?? '')).toMatchObject({ type: 'challenge' });
      expect(peer.pongs).toBe(1);
    });
  });

  it('whoever floods on after the close is cut at once', async () => {
    const peer = await RawPeer.upgraded(collector().url);
    await healthy.goesOn(async () => {
      peer.send(text, 'no JSON');
      expect(await peer.closed()).toBe(closeCodes.badFrame.code);
      const closedAtMs = performance.now();
      const big = 'x'.repeat(60_000);
      for (let at = 0; at < 50; at += 1) peer.send(text, big);
      await peer.until(() => false).catch(() => undefined);
      expect(performance.now() - closedAtMs).toBeLessThan(1_000);
    });
  });
});

describe('floods', () => {
  it('too many frames are closed', async () => {
    await isClosedAs('tooManyFrames', async () => {
      const peer = await livePeer();
      for (let id = 0; id < 5_000; id += 1) peer.send({ type: 'clockRequest', id });
      return peer;
    });
  });

  it('a socket that is opened and left again and again leaves nothing behind', async () => {
    await healthy.goesOn(async () => {
      for (let at = 0; at < 300; at += 1) {
        const peer = await RawPeer.upgraded(collector().url);
        peer.socket.destroy();
      }
    });
    const peer = await stranger();
    peer.leave();
    await expect.poll(() => counted(collector(), 'ppe_pulse_sockets_unproven')).toBe(0);
  });
});

describe('requests for a socket', () => {
  it.each<[string, string, number, string]>([
    ['of a path that is none', upgradeHead({}, '/agent/v2'), 404, 'notFound'],
    ['of a path of letters', upgradeHead({}, `/${'x'.repeat(8_000)}`), 404, 'notFound'],
    ['of the boards without a credential', upgradeHead({}, '/live/v1'), 401, 'notSignedIn'],
    ['with a key that is none', upgradeHead({ 'Sec-WebSocket-Key': 'short' }), 400, 'badRequest'],
    ['of another WebSocket', upgradeHead({ 'Sec-WebSocket-Version': '99' }), 400, 'badRequest'],
    [
      'with a broken subprotocol',
      upgradeHead({ 'Sec-WebSocket-Protocol': ',,"' }),
      400,
      'badRequest',
    ],
    ['for another protocol', upgradeHead({ Upgrade: 'h2c' }), 400, 'badRequest'],
  ])('%s are refused and counted', async (_, head, status, reason) => {
    const before = await counted(collector(), 'ppe_pulse_upgrades_refused_total', reason);
    await healthy.goesOn(async () => {
      const peer = await RawPeer.open(collector().url);
      peer.socket.write(head);
      await peer.until(() => peer.status !== 0);
      expect(peer.status).toBe(status);
      // It does not hang up by itself: the collector has to.
      await peer.until(() => false).catch(() => undefined);
    });
    expect(await counted(collector(), 'ppe_pulse_upgrades_refused_total', reason)).toBe(before + 1);
  });

  it('without the subprotocol are upgraded, told so and closed', async () => {
    await isClosedAs('unsupportedProtocol', async () => {
      const peer = await RawPeer.open(collector().url);
      peer.socket.write(upgradeHead({ 'Sec-WebSocket-Protocol': 'soap' }));
      return peer;
    });
  });

  it.each([
    ['headTooBig', `GET / HTTP/1.1\r\nHost: x\r\nX-Pad: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['badRequest', `${randomBytes(40).toString('hex')}\r\n\r\n`, 400],
  ])('that are %s are cut and counted', async (reason, head, status) => {
    const before = await counted(collector(), 'ppe_pulse_http_requests_cut_total', reason);
    await healthy.goesOn(async () => {
      const peer = await RawPeer.open(collector().url);
      peer.socket.write(head);
      await peer.until(() => peer.status !== 0);
      expect(peer.status).toBe(status);
    });
    expect(await counted(collector(), 'ppe_pulse_http_requests_cut_total', reason)).toBe(
      before + 1,
    );
  });
});

describe('the healthy agent', () => {
  it('had every heartbeat acked in time through all of this', async () => {
    const slowestMs = await healthy.slowestAckMs();
    console.log(`slowest ack of the healthy agent: ${Math.round(slowestMs)} ms`);
    expect(slowestMs).toBeLessThan(2_000);
  });
});
