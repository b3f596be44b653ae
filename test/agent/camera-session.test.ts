import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { CameraHttp } from '../../agent/src/probes/camera/camera-http.ts';
import { HlsProgress, openHlsStream } from '../../agent/src/probes/camera/hls.ts';
import { openRtspStream, type RtspTarget } from '../../agent/src/probes/camera/rtsp-stream.ts';
import { until } from '../support/processes.ts';
import {
  goodReply,
  interleaved,
  listen,
  reply,
  rtp,
  startFakeCamera,
  type Conduct,
  type Scope,
} from './camera-fake.ts';

const clock = systemClock();
const credentials = { username: 'viewer', password: 'secret' };

/** Opens a stream that is closed with the test. */
async function open(scope: Scope, target: Partial<RtspTarget> & { readonly url: string }) {
  const opened = await openRtspStream({ transport: 'tcp', ...target }, clock);
  if (opened.kind === 'open') scope.onTestFinished(() => opened.stream.close());
  return opened;
}

/** Answers some methods otherwise. */
function except(replies: Readonly<Record<string, (text: string) => string>>): Conduct {
  return (request, socket) => {
    const change = replies[request.method];
    socket.write(change ? change(goodReply(request)) : goodReply(request));
  };
}

describe('an RTSP session', { concurrent: true }, () => {
  it('asks in order, names its session, and takes its leave', async (scope) => {
    const camera = await startFakeCamera(scope);
    const opened = await open(scope, { url: camera.url });
    if (opened.kind !== 'open') throw new Error(opened.reason);
    expect(camera.requests.map(({ method, uri }) => [method, uri])).toEqual([
      ['OPTIONS', camera.url],
      ['DESCRIBE', camera.url],
      ['SETUP', `${camera.url}/trackID=0`],
      ['SETUP', `${camera.url}/trackID=1`],
      ['PLAY', `${camera.url}/`],
    ]);
    expect(camera.requests[2]?.text).toMatch(/RTP\/AVP\/TCP;unicast;interleaved=0-1/);
    expect(camera.requests[3]?.text).toMatch(/interleaved=2-3/);
    for (const { text } of camera.requests.slice(3)) expect(text).toMatch(/^Session: 4711$/m);
    expect(opened.stream.snapshot(clock.monotonicMs()).size).toEqual({ width: 1280, height: 720 });
    opened.stream.close();
    await until(() => camera.requests.at(-1)?.method === 'TEARDOWN', 'TEARDOWN');
    await until(() => camera.sockets.size === 0, 'the connection is closed');
    expect(await opened.stream.ended).toBe('noStream');
  });

  it('counts frames of its channels alone, and not the reports beside them', async (scope) => {
    const packet = (sequence: number) => rtp({ sequence, timestamp: sequence * 3_600 });
    const camera = await startFakeCamera(scope, (request, socket) => {
      // This camera has channels of its own.
      socket.write(goodReply(request).replace('interleaved=0-1', 'interleaved=6-7'));
      if (request.method !== 'PLAY') return;
      for (const channel of [0, 1, 5, 7]) socket.write(interleaved(channel, packet(channel)));
    });
    const opened = await open(scope, { url: camera.url });
    if (opened.kind !== 'open') throw new Error(opened.reason);
    const seen = () => opened.stream.snapshot(clock.monotonicMs());
    const [socket] = camera.sockets;
    socket?.write(interleaved(2, rtp({ sequence: 1, timestamp: 1, payloadType: 8 })));
    await until(() => seen().hasAudio === true, 'sound');
    expect(seen().lastFrameAgeMs).toBeUndefined();
    socket?.write(interleaved(6, packet(1)));
    await until(() => seen().lastFrameAgeMs !== undefined, 'a frame');
  });

  it('signs each request of its own, and counts them', async (scope) => {
    const camera = await startFakeCamera(scope, (request, socket) => {
      const isSigned = request.text.includes('Authorization: Digest');
      const challenge = `WWW-Authenticate: Digest realm="yard", nonce="1", qop="auth"`;
      socket.write(isSigned ? goodReply(request) : reply('401 Unauthorized', request, [challenge]));
    });
    const opened = await open(scope, { url: camera.url, credentials });
    expect(opened.kind).toBe('open');
    const signed = camera.requests.filter(({ text }) => text.includes('Authorization'));
    expect(signed.map(({ text }) => /nc=(\d+)/.exec(text)?.[1])).toEqual(
      [1, 2, 3, 4, 5].map((each) => `0000000${each}`),
    );
    for (const { text, uri } of signed) {
      expect(text).toContain(`uri="${uri}"`);
      expect(text).not.toContain('secret');
    }
  });

  it('tries a refused password once', async (scope) => {
    let nonce = 0;
    const camera = await startFakeCamera(scope, (request, socket) => {
      nonce += 1;
      const challenge = `WWW-Authenticate: Digest realm="yard", nonce="${nonce}"`;
      socket.write(reply('401 Unauthorized', request, [challenge]));
    });
    const opened = await open(scope, { url: camera.url, credentials });
    expect(opened).toEqual({ kind: 'failed', reason: 'unauthorised' });
    expect(camera.requests.filter(({ text }) => text.includes('Authorization'))).toHaveLength(1);
  });

  it.for<[string, Conduct, string]>([
    [
      'does not know OPTIONS',
      except({ OPTIONS: (text) => text.replace('200 OK', '405 No') }),
      'open',
    ],
    [
      'gives no sound',
      (request, socket) =>
        void socket.write(
          request.uri.endsWith('trackID=1') ? reply('500 No', request) : goodReply(request),
        ),
      'open',
    ],
    [
      'repeats no numbers',
      except({ DESCRIBE: (text) => text.replace(/CSeq: \d+\r\n/, '') }),
      'open',
    ],
    [
      'names a base without a host',
      except({ DESCRIBE: (text) => text.replace(/Content-Base: .*/, 'Content-Base: /live/') }),
      'open',
    ],
    [
      'forbids',
      except({ DESCRIBE: (text) => text.replace('200 OK', '403 Forbidden') }),
      'unauthorised',
    ],
    [
      'has no such path',
      except({ DESCRIBE: (text) => text.replace('200 OK', '404 Not Found') }),
      'notFound',
    ],
    [
      'is out of sessions',
      except({ SETUP: (text) => text.replace('200 OK', '453 Full') }),
      'badAnswer',
    ],
    [
      'does not do TCP',
      except({ SETUP: (text) => text.replace('200 OK', '461 No') }),
      'unsupported',
    ],
    [
      'has sound alone',
      except({ DESCRIBE: (text) => text.replace('m=video', 'm=smell') }),
      'unsupported',
    ],
    [
      'describes nothing',
      (request, socket) =>
        void socket.write(
          request.method === 'DESCRIBE' ? reply('200 OK', request) : goodReply(request),
        ),
      'unsupported',
    ],
    [
      'hangs up at PLAY',
      (request, socket) =>
        void (request.method === 'PLAY' ? socket.end() : socket.write(goodReply(request))),
      'noStream',
    ],
    ['resets', (_, socket) => void socket.resetAndDestroy(), 'noStream'],
  ])('with a camera that %s is %s', async ([, conduct, expected], scope) => {
    const camera = await startFakeCamera(scope, conduct);
    const opened = await open(scope, { url: camera.url });
    expect(opened.kind === 'failed' ? opened.reason : opened.kind).toBe(expected);
  });

  it('is kept alive by a method that the camera has', async (scope) => {
    const camera = await startFakeCamera(
      scope,
      except({
        OPTIONS: (text) => text.replace(', GET_PARAMETER', ''),
        SETUP: (text) => text.replace('timeout=60', 'timeout=4'),
      }),
    );
    await open(scope, { url: camera.url });
    const before = camera.requests.length;
    await until(() => camera.requests.length > before, 'a sign of life', 4_000);
    expect(camera.requests.at(-1)).toMatchObject({ method: 'OPTIONS', uri: `${camera.url}/` });
  });

  it('puts nothing of the camera’s words on a line of its own', async (scope) => {
    const camera = await startFakeCamera(
      scope,
      except({
        SETUP: (text) => text.replace('Session: 4711', 'Session: 47\rX-Injected: 11'),
        DESCRIBE: (text) => text.replace('trackID=1', 'trackID=1\rX-Injected:1 '),
      }),
    );
    await open(scope, { url: camera.url });
    for (const { text } of camera.requests) expect(text).not.toMatch(/[\r\n]X-Injected/);
  });

  it('over UDP takes packets of the camera’s address and no other', async (scope) => {
    const sender = createSocket('udp4');
    const stranger = createSocket('udp4');
    scope.onTestFinished(() => void [sender, stranger].map((each) => each.close()));
    await new Promise<void>((resolve) => sender.bind(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => stranger.bind(0, '127.0.0.2', resolve));
    const arrived: Buffer[] = [];
    sender.on('message', (packet) => arrived.push(packet));
    const camera = await startFakeCamera(scope, (request, socket) => {
      const port = sender.address().port;
      socket.write(
        goodReply(request).replace(/client_port=\d+-\d+/, `$&;server_port=${port}-${port + 1}`),
      );
    });
    const opened = await open(scope, { url: camera.url, transport: 'udp' });
    if (opened.kind !== 'open') throw new Error(opened.reason);
    const setup = camera.requests.find(({ method }) => method === 'SETUP')?.text ?? '';
    const [, from = '', to] = /client_port=(\d+)-(\d+)/.exec(setup) ?? [];
    expect([Number(from) % 2, Number(to) - Number(from)]).toEqual([0, 1]);
    // The way through a firewall is opened from within.
    await until(() => arrived.length > 0, 'a packet of ours');
    const seen = () => opened.stream.snapshot(clock.monotonicMs()).lastFrameAgeMs;
    stranger.send(rtp({ sequence: 1, timestamp: 1 }), Number(from), '127.0.0.1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen()).toBeUndefined();
    sender.send(rtp({ sequence: 1, timestamp: 1 }), Number(from), '127.0.0.1');
    await until(() => seen() !== undefined, 'a frame');
  });

  it.runIf(hasLoopback6())('goes over IPv6', async (scope) => {
    const camera = await startFakeCamera(scope, undefined, '::1');
    for (const transport of ['tcp', 'udp'] as const) {
      const opened = await open(scope, { url: camera.url, transport });
      expect([camera.url, opened.kind]).toEqual([`rtsp://[::1]:${camera.port}/live`, 'open']);
    }
  });

  it('of an address that is none is not supported', async (scope) => {
    for (const url of ['rtsp://camera:99999/', 'rtsp://[::1', 'nonsense'])
      expect(await open(scope, { url })).toEqual({ kind: 'failed', reason: 'unsupported' });
  });
});

function hasLoopback6(): boolean {
  return Object.values(networkInterfaces()).some((each) =>
    each?.some(({ address }) => address === '::1'),
  );
}

describe('a camera’s web server', { concurrent: true }, () => {
  async function serve(scope: Scope, answer: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer(answer);
    const port = await listen(server);
    scope.onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${port}`;
  }
  const master = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n';
  const segment = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n';

  it.for([
    ['a list of lists of lists', `${master}live.m3u8`, 'badAnswer'],
    ['another host', `${master}http://192.0.2.1/live.m3u8`, 'unsupported'],
    ['a file', `${master}file:///etc/passwd`, 'unsupported'],
    ['no address', `${master}http://[`, 'unsupported'],
    ['no segments', '#EXTM3U\n', 'noStream'],
    ['a page', '<html></html>', 'badAnswer'],
    ['a quarter of a megabyte and more', `#EXTM3U\n${'#'.repeat(300_000)}`, 'badAnswer'],
  ] as const)('whose playlist is %s is told so', async ([, text, reason], scope) => {
    const url = `${await serve(scope, (_, response) => response.end(text))}/live.m3u8`;
    const opened = await openHlsStream({ url }, clock, new HlsProgress());
    if (opened.kind === 'open') opened.stream.close();
    expect(opened).toEqual({ kind: 'failed', reason });
  });

  it('whose newest segment was there a sample ago is stale', async (scope) => {
    const list = '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nsegment.ts\n';
    const url = `${await serve(scope, (_, response) => response.end(list))}/live.m3u8`;
    let passedMs = 0;
    const later = { ...clock, monotonicMs: () => clock.monotonicMs() + passedMs };
    const progress = new HlsProgress();
    for (const wasThere of [false, true]) {
      const opened = await openHlsStream({ url }, later, progress);
      if (opened.kind !== 'open') throw new Error(opened.reason);
      const { lastFrameAgeMs = 0, stallAfterMs } = opened.stream.snapshot(later.monotonicMs());
      opened.stream.close();
      expect([stallAfterMs, lastFrameAgeMs > stallAfterMs]).toEqual([30_000, wasThere]);
      passedMs += 60_000;
    }
  });

  it('whose segments are elsewhere gets nobody’s credentials there', async (scope) => {
    const asked: (string | undefined)[] = [];
    const other = await serve(scope, (request, response) => {
      asked.push(request.headers.authorization);
      response.end('x');
    });
    const url = await serve(scope, (request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="a"' }).end();
      else response.end(`${segment}${other}/segment.ts\n`);
    });
    const target = { url: `${url}/live.m3u8`, credentials };
    const opened = await openHlsStream(target, clock, new HlsProgress());
    if (opened.kind === 'open') opened.stream.close();
    expect([opened.kind, asked]).toEqual(['open', []]);
  });

  it('is not followed elsewhere, and its body is cut at its limits', async (scope) => {
    const url = await serve(scope, (request, response) => {
      if (request.url === '/moved')
        response.writeHead(302, { location: 'http://192.0.2.1/' }).end();
      else if (request.url === '/slow') response.write('x');
      else response.end(Buffer.alloc(1_000));
    });
    const http = new CameraHttp(undefined);
    scope.onTestFinished(() => http.close());
    const limits = { deadlineMs: 300, maxBytes: 999, onPiece: () => undefined };
    const read = (path: string, maxBytes = 1_000) =>
      http.read(new URL(path, url), { ...limits, maxBytes });
    expect(await read('/moved')).toBe('badAnswer');
    expect(await read('/slow')).toBe('noAnswer');
    expect(await read('/whole', 999)).toBe('badAnswer');
    expect(await read('/whole')).toBeUndefined();
  });
});
