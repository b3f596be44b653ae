import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askPulse, takeFrames } from '../../agent/src/probes/sound/pulse-client.ts';
import { defaultsOf, devicesOf } from '../../agent/src/probes/sound/pulse-devices.ts';
import {
  pulseBytes,
  PulseError,
  pulseNumber,
  pulseProperties,
  PulseReader,
} from '../../agent/src/probes/sound/pulse-tags.ts';
import { directionOf, microphoneOf } from '../../agent/src/probes/sound/sound-devices.ts';
import { lookAtSound } from '../../agent/src/probes/sound/sound-look.ts';
import { fuzzed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';

const text = (value: string | undefined): Buffer =>
  value === undefined ? Buffer.from('N') : Buffer.from(`t${value}\0`);
const flag = (value: boolean): Buffer => Buffer.from(value ? '1' : '0');
const zeros = (tag: string, bytes: number): Buffer =>
  Buffer.concat([Buffer.from(tag), Buffer.alloc(bytes)]);
const volumes = (...each: number[]): Buffer =>
  Buffer.concat([
    Buffer.from([0x76, each.length]),
    ...each.map((value) => pulseNumber(value).subarray(1)),
  ]);

interface Told {
  readonly name: string;
  readonly muted?: boolean;
  readonly volume?: number;
  readonly monitors?: string;
  readonly state?: number;
  /** Availability of each port: 0 not told, 1 no, 2 yes. */
  readonly ports?: readonly number[];
}

/** One device as protocol version 24 lays it out. */
function device({ name, muted = false, volume = 65_536, monitors, state = 1, ports = [] }: Told) {
  return Buffer.concat([
    pulseNumber(0),
    text(name),
    text('Наушники Иванова'),
    zeros('a', 6),
    Buffer.from([0x6d, 2, 1, 2]),
    pulseNumber(1),
    volumes(volume / 2, volume),
    flag(muted),
    pulseNumber(0),
    text(monitors),
    zeros('U', 8),
    text('module-alsa-card.c'),
    pulseNumber(0),
    pulseProperties({ 'device.description': 'Наушники Иванова', 'device.class': 'sound' }),
    zeros('U', 8),
    zeros('V', 4),
    pulseNumber(state),
    pulseNumber(65_537),
    pulseNumber(0),
    pulseNumber(ports.length),
    ...ports.flatMap((available, at) => [
      text(`port-${at}`),
      text('Headphones'),
      pulseNumber(9_000),
      pulseNumber(available),
    ]),
    text(ports.length > 0 ? 'port-0' : undefined),
    Buffer.from([0x42, 1]),
    Buffer.concat([Buffer.from('f'), Buffer.from([0x42, 1]), pulseProperties({})]),
  ]);
}

const sources = Buffer.concat([
  device({ name: 'out.monitor', monitors: 'out' }),
  device({ name: 'builtin', muted: true, volume: 32_768, state: 2, ports: [1, 2] }),
  device({ name: 'headset' }),
  device({ name: 'empty', ports: [1] }),
]);
const serverInfo = Buffer.concat([
  ...['pulseaudio', '16.1', 'ivanov', 'pc-12'].map(text),
  zeros('a', 6),
  text('out'),
  text('builtin'),
  pulseNumber(7),
  Buffer.from([0x6d, 1, 0]),
]);

describe('devices of a sound server', () => {
  it('are counted without monitors and empty sockets; the default one tells its condition', () => {
    const devices = devicesOf(new PulseReader(sources), 'sources');
    expect(directionOf(devices, 'builtin')).toEqual({
      count: 2,
      unplugged: 1,
      isMuted: true,
      volumeRatio: 0.5,
      state: 'suspended',
    });
    // No default that is a microphone: muted would be all of them.
    expect(directionOf(devices, 'out.monitor')).toMatchObject({ count: 2, isMuted: false });
    expect(microphoneOf(devices, 'headset')).toBe('headset');
    expect(microphoneOf(devices, 'out.monitor')).toBe('builtin');
    expect(JSON.stringify(devices)).not.toContain('Иванов');
  });

  it('have defaults; who is signed in is passed over', () => {
    const defaults = defaultsOf(new PulseReader(serverInfo));
    expect(defaults).toEqual({ sink: 'out', source: 'builtin' });
  });

  it('are read or refused, whatever bytes come', () => {
    fuzzed('PulseAudio replies', [sources, serverInfo], (bytes) => {
      for (const read of [
        () => devicesOf(new PulseReader(bytes), 'sinks'),
        () => defaultsOf(new PulseReader(bytes)),
      ]) {
        try {
          read();
        } catch (error) {
          if (!(error instanceof PulseError)) throw error;
        }
      }
    });
  });
});

describe('frames', () => {
  const frame = (payload: Buffer, channel = 0xffffffff): Buffer => {
    const head = Buffer.alloc(20);
    head.writeUInt32BE(payload.length, 0);
    head.writeUInt32BE(channel, 4);
    return Buffer.concat([head, payload]);
  };

  it('come whole wherever the stream is cut, and sound is passed over', () => {
    const stream = Buffer.concat([
      frame(Buffer.from('one')),
      frame(Buffer.from('sound'), 3),
      frame(Buffer.from('two')),
    ]);
    fc.assert(
      fc.property(fc.nat(stream.length), fc.nat(stream.length), (a, b) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const seen: string[] = [];
        let rest: Buffer = Buffer.alloc(0);
        for (const piece of [
          stream.subarray(0, first),
          stream.subarray(first, second),
          stream.subarray(second),
        ])
          rest = takeFrames(Buffer.concat([rest, piece]), (payload) =>
            seen.push(payload.toString()),
          );
        expect([seen, rest.length]).toEqual([['one', 'two'], 0]);
      }),
      { seed: 930 },
    );
  });

  it('that claim gigabytes are refused', () => {
    expect(() => takeFrames(Buffer.alloc(20, 0xff), () => undefined)).toThrow(PulseError);
  });
});

describe('a server', () => {
  async function serverThat(acts: (socket: Socket) => void): Promise<string> {
    const path = join(tempDir(), 'native');
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      acts(socket);
    });
    server.listen(path);
    await once(server, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `unix:${path}`;
  }
  const reply = (...payload: Buffer[]): Buffer => {
    const body = Buffer.concat(payload);
    const head = Buffer.alloc(20);
    head.writeUInt32BE(body.length, 0);
    head.writeUInt32BE(0xffffffff, 4);
    return Buffer.concat([head, body]);
  };

  it.each<[string, (socket: Socket) => void, string]>([
    ['that is none', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'badAnswer'],
    ['that hangs up', (socket) => socket.end(), 'noServer'],
    [
      'that wants another key',
      (socket) => socket.write(reply(pulseNumber(0), pulseNumber(0), pulseNumber(1))),
      'unauthorised',
    ],
    [
      'that does not know the question',
      (socket) => socket.write(reply(pulseNumber(0), pulseNumber(2), pulseNumber(3))),
      'badAnswer',
    ],
    ['that sends zeros without end', (socket) => pour(socket), 'badAnswer'],
    [
      'that answers with nothing in it',
      (socket) => {
        for (const tag of [2, 3, 4]) socket.write(reply(pulseNumber(2), pulseNumber(tag)));
      },
      'badAnswer',
    ],
  ])('%s is told', async (_, acts, reason) => {
    const address = await serverThat(acts);
    expect(await lookAtSound({ address })).toEqual({ kind: 'failed', reason });
  });

  it('that says nothing is given up after 3 s, or at the caller’s word', async () => {
    const address = await serverThat(() => undefined);
    const startMs = performance.now();
    expect(await askPulse({ address }, ['sinks'], AbortSignal.timeout(200))).toMatchObject({
      reason: 'noServer',
    });
    expect(performance.now() - startMs).toBeLessThan(2_000);
    expect(await askPulse({ address }, ['sinks'])).toMatchObject({ reason: 'noServer' });
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

function pour(socket: Socket): void {
  const piece = Buffer.alloc(64 * 1024);
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

describe('the writer', () => {
  it('writes what the reader reads', () => {
    const bytes = Buffer.concat([pulseNumber(7), pulseBytes(Buffer.from('key')), pulseNumber(9)]);
    const reader = new PulseReader(bytes);
    expect([reader.u32(), reader.value(), reader.u32(), reader.isOver]).toEqual([
      7,
      undefined,
      9,
      true,
    ]);
  });
});
