import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { closeCodes, limits, type CloseCodeName } from '@ppe-pulse/protocol';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { opcodes, RawPeer, upgradeHead } from '../support/raw-peer.ts';
import { counted } from '../support/shared-collector.ts';
import { underAttack } from '../support/under-attack.ts';

const { collector, healthy, livePeer, isClosedAs } = underAttack();

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
        // Who floods on for 64 KiB after the close is cut, and may not see its code.
        for (let at = 0; at < 400; at += 1) peer.send(ping, 'x'.repeat(125));
      },
    ],
    [
      'a flood of pongs',
      'tooManyFrames',
      (peer) => {
        for (let at = 0; at < 5_000; at += 1) peer.send(pong, '');
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
    await healthy().goesOn(async () => {
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
    await healthy().goesOn(async () => {
      peer.send(text, 'no JSON');
      expect(await peer.closed()).toBe(closeCodes.badFrame.code);
      const closedAtMs = performance.now();
      const big = 'x'.repeat(60_000);
      for (let at = 0; at < 50; at += 1) peer.send(text, big);
      await peer.isCut();
      expect(performance.now() - closedAtMs).toBeLessThan(1_000);
    });
  });
});

describe('floods', () => {
  it('too many frames are closed', async () => {
    await isClosedAs('tooManyFrames', async () => {
      const peer = await livePeer();
      for (let id = 0; id < 1_500; id += 1) peer.send({ type: 'clockRequest', id });
      return peer;
    });
  });

  it('a socket that is opened and left again and again leaves nothing behind', async () => {
    await healthy().goesOn(async () => {
      for (let at = 0; at < 300; at += 1) {
        const peer = await RawPeer.upgraded(collector().url);
        peer.socket.destroy();
      }
    });
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
    await healthy().goesOn(async () => {
      const peer = await RawPeer.open(collector().url);
      peer.socket.write(head);
      await peer.until(() => peer.status !== 0);
      expect(peer.status).toBe(status);
      // It does not hang up by itself: the collector has to.
      await peer.isCut();
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
    await healthy().goesOn(async () => {
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
  it('was served in time through all of this', async () => {
    console.log(`healthy agent: ${JSON.stringify(await healthy().assertServedAlways())}`);
  });
});
