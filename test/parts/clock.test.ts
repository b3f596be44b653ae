import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { measureSntp, type SntpOutcome } from '../../agent/src/probes/clock/sntp.ts';
import { freeUdpPort, hasChrony, startChrony } from './chrony.ts';
import { hasLine, openLine, type Line } from './line.ts';

const never = new AbortController().signal;
const ask = (port: number, host = '127.0.0.1', signal = never): Promise<SntpOutcome> =>
  measureSntp({ host, port, samples: 4 }, systemClock(), signal);

describe.skipIf(!hasChrony())('the clock by a time server (root, chrony, faketime)', () => {
  it.each([0, 37, -37])('that is %i s ahead', async (aheadSeconds) => {
    const { host, port } = await startChrony({ aheadSeconds });
    const outcome = await ask(port, host);
    console.log(`SNTP, server ${aheadSeconds} s ahead:`, JSON.stringify(outcome));
    if (outcome.kind === 'failed') throw new Error(outcome.reason);
    expect(outcome.samples).toBe(4);
    expect(Math.abs(outcome.skewMs + aheadSeconds * 1_000)).toBeLessThan(5);
    expect(outcome.boundMs).toBeLessThan(50);
  });

  it('is not taken from a server whose own is not set', async () => {
    const { port } = await startChrony({ isSynchronised: false });
    expect(await ask(port)).toEqual({ kind: 'failed', reason: 'notSynchronised' });
  });
});

describe('the clock by a time server', () => {
  it('that is not there, is silent or talks of something else is told apart', async () => {
    const failed = (reason: string) => ({ kind: 'failed', reason });
    expect(await ask(await freeUdpPort())).toEqual(failed('refused'));
    expect(await ask(123, 'nobody.invalid')).toEqual(failed('dnsFailed'));
    const [silent, babbling] = await Promise.all([
      ask(await answerWith(() => undefined)),
      ask(await answerWith(() => Buffer.from('what?'))),
    ]);
    expect(silent).toEqual(failed('noAnswer'));
    expect(babbling).toEqual(failed('notOurs'));
  });

  it('that repeats an old answer is not believed', async () => {
    // The question itself, turned into a reply to nobody's question.
    const replay = (question: Buffer): Buffer => {
      const packet = Buffer.from(question);
      packet.writeUInt8(0x24, 0);
      packet.writeUInt8(2, 1);
      packet.fill(0xaa, 24);
      return packet;
    };
    expect(await ask(await answerWith(replay))).toEqual({ kind: 'failed', reason: 'notOurs' });
  });

  it('is over at once when it is aborted', async () => {
    const controller = new AbortController();
    const asked = ask(await answerWith(() => undefined), '127.0.0.1', controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(asked).rejects.toThrow('enough');
  });
});

/** How far from the truth, ms, at a round trip of 40 ms; both ends have this machine's clock. */
const MAX_ERROR_MS = 5;

describe.skipIf(!hasLine())('over a line of 40 ms (root, ip, tc, nft)', { timeout: 60_000 }, () => {
  const measure = async <T>(line: Line, what: string, input: unknown): Promise<T> =>
    (await line.run('near', 'line-client.mjs', [what, JSON.stringify(input)]).next()) as T;

  it.each([0, 15])('the collector’s clock is found with %i ms of jitter', async (jitterMs) => {
    const line = await openLine({ delayMs: 20, jitterMs });
    const server = line.run('far', 'line-server.mjs', [line.farAddress]);
    const { clock } = (await server.next()) as { clock: number };
    const target = { host: line.farAddress, port: clock };
    const found = await measure<{ skewMs: number; boundMs: number; rttMs: number }>(line, 'clock', {
      target,
      exchanges: 16,
    });
    console.log(`exchanges, jitter ${jitterMs} ms:`, JSON.stringify(found));
    expect(found.rttMs).toBeGreaterThan(39);
    expect(Math.abs(found.skewMs)).toBeLessThan(MAX_ERROR_MS);
    expect(found.boundMs).toBeGreaterThan(19);
  });

  it.skipIf(!hasChrony())('a time server’s clock is found 37 s ahead', async () => {
    const line = await openLine({ delayMs: 20 });
    const { host, port } = await startChrony({ aheadSeconds: 37, line });
    const found = await measure<SntpOutcome>(line, 'sntp', { host, port, samples: 4 });
    console.log('SNTP over the line:', JSON.stringify(found));
    if (found.kind === 'failed') throw new Error(found.reason);
    expect(found.rttMs).toBeGreaterThan(39);
    expect(Math.abs(found.skewMs + 37_000)).toBeLessThan(MAX_ERROR_MS);
  });
});

/** A UDP server of loopback; undefined is silence. */
async function answerWith(answer: (question: Buffer) => Buffer | undefined): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address }) => {
    const packet = answer(question);
    if (packet) socket.send(packet, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return socket.address().port;
}
