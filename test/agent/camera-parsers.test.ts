import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../agent/src/child/picture.ts';
import { authorization, SignIn } from '../../agent/src/probes/camera/camera-auth.ts';
import { jpegSize } from '../../agent/src/probes/camera/jpeg.ts';
import { parsePlaylist } from '../../agent/src/probes/camera/m3u8.ts';
import { boundaryOf } from '../../agent/src/probes/camera/multipart-reader.ts';
import { MjpegStats } from '../../agent/src/probes/camera/mjpeg.ts';
import { RtspError, RtspReader } from '../../agent/src/probes/camera/rtsp-reader.ts';
import { readDescription } from '../../agent/src/probes/camera/sdp.ts';
import { h264Size, h265Size } from '../../agent/src/probes/camera/sps.ts';
import * as replies from './camera-replies.ts';
import { writeH264, writeH265, type SpsChoice } from './camera-sps.ts';

describe('the size of a picture', () => {
  it.each([
    ['baseline', 640, 480, 'Z0LAHtkAoD2wEQAAAwABAAADADIPFi5I'],
    ['main', 704, 576, 'Z01AHuygWAk2AiAAAAMAIAAABkHixbLA'],
    ['high', 1280, 720, replies.spsH264],
    ['high, cropped', 1920, 1080, 'Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY'],
    ['high, interlaced', 1920, 1080, 'Z2QAKKzZQHgET94CIAAAAwAgAAAGQ+LFssA='],
    ['high, four megapixels', 2688, 1520, 'Z2QAMqzZQCoAv7ARAAADAAEAAAMAMg8YMZY='],
    ['high, cropped in width', 854, 480, 'Z2QAHqzZQNg95vARAAADAAEAAAMAMg8WLZY='],
    ['4:2:2', 1920, 1080, 'Z3oAKLzZQHgCJ+JwEQAAAwABAAADADIPGDGW'],
    ['4:4:4', 1366, 768, 'Z/QAIJGbKArAw8X4CIAAAAMAgAAAGQeMGMs='],
    ['grey', 1928, 1086, 'Z2QAKvNlAeQInibwFsgAAAMACAAAAwGQeMGMsA=='],
    ['another encoder', 1280, 720, 'Z0LAH9oBQBbsBEAAAPpAADDUI8YMqA=='],
  ])('is read from x264’s %s set of %d×%d', (_, width, height, set) => {
    expect(h264Size(Buffer.from(set, 'base64'))).toEqual({ width, height });
    expect(h265Size(Buffer.from(set, 'base64'))).toBeUndefined();
  });

  it.each([
    ['main', 640, 480, 'QgEBAWAAAAMAkAAAAwAAAwBaoAUCAeFllZpJMrwFoCAAAAMAIAAAAwMh'],
    ['main, cropped', 1920, 1080, 'QgEBAWAAAAMAkAAAAwAAAwB4oAPAgBDlllZpJMrwFoCAAAADAIAAAAyE'],
    ['main, four megapixels', 2688, 1520, replies.spsH265],
    ['main 10', 3840, 2160, 'QgEBAiAAAAMAkAAAAwAAAwCWoAHgIAIcTZZWaSTK8BaAgAAAAwCAAAAMhA=='],
    ['4:2:2', 1366, 768, 'QgEBBAgAAAMAnQgAAAMAAHiwAqyAMB1tllZpJMrwFoCAAAADAIAAAAyE'],
  ])('is read from x265’s %s set of %d×%d', (_, width, height, set) => {
    expect(h265Size(Buffer.from(set, 'base64'))).toEqual({ width, height });
    expect(h264Size(Buffer.from(set, 'base64'))).toBeUndefined();
  });

  it('is read from any set that was written', () => {
    const choice = fc.record<SpsChoice>({
      width: fc.integer({ min: 16, max: 2_000 }).map((each) => each * 2),
      height: fc.integer({ min: 16, max: 1_000 }).map((each) => each * 4),
      chroma: fc.constantFrom(0, 1, 2, 3),
      isInterlaced: fc.boolean(),
      scaling: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 5 }),
      order: fc.constantFrom(0, 1, 2),
      layers: fc.nat({ max: 6 }),
    });
    fc.assert(
      fc.property(choice, (made) => {
        const size = { width: made.width, height: made.height };
        expect(h264Size(writeH264(made))).toEqual(size);
        expect(h265Size(writeH265(made))).toEqual(size);
      }),
    );
  });

  it('is not read from a set that was cut off', () => {
    const whole = Buffer.from(replies.spsH264, 'base64');
    for (let length = 0; length < 8; length += 1)
      expect(h264Size(whole.subarray(0, length))).toBeUndefined();
    expect(h264Size(Buffer.alloc(600, 0x67))).toBeUndefined();
  });

  it('of a JPEG is in its frame header', () => {
    expect(jpegSize(replies.jpeg)).toEqual({ width: 640, height: 480 });
    expect(jpegSize(replies.jpeg.subarray(0, 80))).toBeUndefined();
    expect(jpegSize(Buffer.from('GIF89a'))).toBeUndefined();
  });
});

describe('a session description', () => {
  it('of GStreamer has its tracks below Content-Base', () => {
    expect(readDescription(replies.gstreamer, 'rtsp://192.0.2.1:8554/live/')).toEqual({
      control: 'rtsp://192.0.2.1:8554/live/',
      tracks: [
        {
          kind: 'video',
          codec: 'h264',
          payloadType: 96,
          clockRate: 90_000,
          control: 'rtsp://192.0.2.1:8554/live/stream=0',
          size: { width: 640, height: 480 },
        },
        {
          kind: 'audio',
          payloadType: 8,
          clockRate: 8_000,
          control: 'rtsp://192.0.2.1:8554/live/stream=1',
        },
      ],
    });
  });

  it('with addresses in full is taken at its word', () => {
    const at = 'rtsp://192.0.2.64:554/Streaming/Channels/101/';
    const { control, tracks } = readDescription(replies.fullAddresses, 'rtsp://192.0.2.64/x');
    expect(control).toBe(at);
    expect(tracks).toMatchObject([
      { kind: 'video', control: `${at}trackID=1`, size: { width: 1280, height: 720 } },
      { kind: 'audio', control: `${at}trackID=2`, clockRate: 8_000 },
    ]);
  });

  it('of a stream whose name is a query goes on behind it; metadata is no track', () => {
    const base = 'rtsp://192.0.2.108/cam/realmonitor?channel=1&subtype=1';
    expect(readDescription(replies.queryAddress, base).tracks).toMatchObject([
      { codec: 'h265', payloadType: 98, control: `${base}/trackID=0`, size: { width: 2688 } },
      { kind: 'audio', payloadType: 97, clockRate: 16_000 },
    ]);
  });

  it('goes by the first format of a track', () => {
    expect(readDescription(replies.oldCamera, 'rtsp://192.0.2.1/a').tracks).toEqual([
      {
        kind: 'video',
        codec: 'jpeg',
        payloadType: 26,
        clockRate: 90_000,
        control: 'rtsp://192.0.2.1/a/track1',
      },
    ]);
    const other = replies.oldCamera.replace('26 96', '96');
    const [track] = readDescription(other, 'rtsp://192.0.2.1/a').tracks;
    expect(track).toMatchObject({ kind: 'video', payloadType: 96 });
    expect(track?.codec).toBeUndefined();
  });

  it('that is no description has no tracks', () => {
    for (const text of ['', 'm=', 'm=video', '<html>', 'm=video x RTP/AVP y'])
      expect(readDescription(text, 'rtsp://a/').tracks).toEqual([]);
  });
});

describe('an RTSP connection', () => {
  const read = (pieces: readonly Buffer[]): unknown[] => {
    const seen: unknown[] = [];
    const reader = new RtspReader({
      response: ({ status, headers, body }) =>
        seen.push([status, Object.fromEntries(headers), body]),
      frame: (channel, bytes) => seen.push([channel, bytes.toString('hex')]),
    });
    for (const piece of pieces) reader.push(piece);
    return seen;
  };
  const whole = read([replies.conversation]);

  it('has answers, and frames between them', () => {
    expect(whole).toEqual([
      [200, { cseq: '1', public: 'OPTIONS, DESCRIBE, GET_PARAMETER, PLAY, SETUP, TEARDOWN' }, ''],
      [
        401,
        {
          cseq: '2',
          'www-authenticate':
            'Digest realm="GStreamer RTSP Server", nonce="cc28366e0ab524ac"\nBasic realm="GStreamer RTSP Server"',
        },
        '',
      ],
      [
        200,
        {
          cseq: '3',
          'content-type': 'application/sdp',
          'content-length': String(replies.gstreamer.length),
        },
        replies.gstreamer,
      ],
      [0, '010203040506'],
      [1, ''],
      [200, { cseq: '4', session: '12345678;timeout=60' }, ''],
      [2, '2424'],
      [454, { cseq: '5' }, ''],
    ]);
  });

  it('reads the same however it comes: split at every byte, byte by byte', () => {
    const bytes = replies.conversation;
    for (let at = 0; at <= bytes.length; at += 1)
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
  });

  it.each([
    ['HTTP', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['bytes', '\u0016\u0003\u0001\u0002'],
    ['a head without an end', 'RTSP/1.0 200 OK\r\n'.padEnd(17_000, 'x')],
    ['a body over the limit', 'RTSP/1.0 200 OK\r\nContent-Length: 70000\r\n\r\n'],
    ['a body of nonsense', 'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['no status', 'RTSP/1.0 OK\r\n\r\n'],
  ])('that speaks %s is over', (_, text) => {
    expect(() => read([Buffer.from(text, 'latin1')])).toThrow(RtspError);
  });
});

describe('signing in', () => {
  const mufasa = { username: 'Mufasa', password: 'Circle Of Life' };
  const responseOf = (header: string | undefined): string | undefined =>
    /response="(\w+)"/.exec(header ?? '')?.[1];

  it('gives the answers of RFC 2617 and RFC 7616', () => {
    const first = authorization(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      mufasa,
      { method: 'GET', uri: '/dir/index.html', clientNonce: '0a4f113b', count: 1 },
    );
    expect(first).toBe(
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
        'uri="/dir/index.html", response="6629fae49393a05397450978507c4ef1", qop=auth, nc=00000001, ' +
        'cnonce="0a4f113b", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    );
    const request = {
      method: 'GET',
      uri: '/dir/index.html',
      clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      count: 1,
    };
    const challenge = (algorithm: string): string =>
      `Digest realm="http-auth@example.org", qop="auth", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"`;
    const life = { username: 'Mufasa', password: 'Circle of Life' };
    expect(responseOf(authorization(challenge('MD5'), life, request))).toBe(
      '8ca523f5e9506fed4657c9700eebdbec',
    );
    expect(responseOf(authorization(challenge('SHA-256'), life, request))).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('takes digest before basic, in one line or in several, and a way it knows', () => {
    const request = { method: 'DESCRIBE', uri: 'rtsp://a/', clientNonce: 'c', count: 1 };
    for (const challenges of [replies.challenges, replies.challenges.replaceAll(', Di', '\nDi')])
      expect(authorization(challenges, mufasa, request)).toMatch(
        /^Digest .*realm="yard, Basic \\"inner\\" gate".*algorithm=SHA-256/,
      );
    expect(authorization('Basic realm="a", Digest nonce="b"', mufasa, request)).toMatch(/^Digest /);
    expect(authorization('Digest nonce="a", algorithm=MD4, Basic realm="b"', mufasa, request)).toBe(
      `Basic ${Buffer.from('Mufasa:Circle Of Life').toString('base64')}`,
    );
    expect(authorization('Negotiate', mufasa, request)).toBeUndefined();
    const sess = authorization('Digest nonce="a", algorithm=MD5-sess', mufasa, request);
    expect(sess).toMatch(/cnonce="c", algorithm=MD5-sess$/);
  });

  it('shows credentials only to who asks, counts uses of a nonce, and gives up on the same challenge', () => {
    const signIn = new SignIn(mufasa);
    const challenge = 'Digest realm="a", nonce="b", qop="auth"';
    expect(signIn.header('PLAY', 'rtsp://a/')).toBeUndefined();
    expect(signIn.takes(challenge)).toBe(true);
    expect(signIn.header('PLAY', 'rtsp://a/')).toMatch(/nc=00000001/);
    expect(signIn.header('PLAY', 'rtsp://a/')).toMatch(/nc=00000002/);
    expect(signIn.takes(challenge)).toBe(false);
    expect(signIn.takes(challenge.replace('"b"', '"c"'))).toBe(true);
    expect(signIn.header('PLAY', 'rtsp://a/')).toMatch(/nonce="c".*nc=00000001/);
    expect(new SignIn(undefined).takes(challenge)).toBe(false);
  });

  it('writes no line of the camera’s making', () => {
    const request = { method: 'PLAY', uri: 'rtsp://a/', clientNonce: 'c', count: 1 };
    const header = authorization('Digest realm="a\r\nX: y", nonce="b\r\n"', mufasa, request);
    expect(header).not.toMatch(/[\r\n]/);
  });
});

describe('a multipart stream', () => {
  const count = (pieces: readonly Buffer[], boundary = 'ffmpeg') => {
    const stats = new MjpegStats(boundary);
    let isGood = true;
    for (const piece of pieces) isGood &&= stats.push(piece, 0);
    const { size, lastFrameAgeMs } = stats.snapshot(1);
    return { isGood, size, hasFrame: lastFrameAgeMs !== undefined };
  };
  const good = { isGood: true, size: { width: 640, height: 480 }, hasFrame: true };
  const withoutLengths = Buffer.from(
    replies.multipart.toString('latin1').replaceAll(/Content-length: \d+\r\n/g, ''),
    'latin1',
  );

  it.each([
    ['with lengths', replies.multipart],
    ['without lengths', Buffer.concat([withoutLengths, Buffer.from('--ffmpeg\r\n')])],
  ])('%s reads the same split at every byte', (_, bytes) => {
    for (let at = 150; at <= bytes.length; at += 1)
      expect(count([bytes.subarray(0, at), bytes.subarray(at)]).hasFrame).toBe(true);
    expect(count([bytes])).toEqual(good);
    expect(count([...bytes].map((byte) => Buffer.from([byte]))).hasFrame).toBe(true);
  });

  it('that is none, or goes over a limit, is over', () => {
    expect(count([Buffer.alloc(5_000, 'x')]).isGood).toBe(false);
    const huge = '--ffmpeg\r\nContent-Length: 20000001\r\n\r\n';
    expect(count([Buffer.from(huge)]).isGood).toBe(false);
    const endless = Array.from({ length: 330 }, () => Buffer.alloc(65_536, 'x'));
    expect(count([Buffer.from('--ffmpeg\r\n\r\n'), ...endless]).isGood).toBe(false);
    const text = '--ffmpeg\r\nContent-Length: 5\r\n\r\nerror\r\n';
    expect(count([Buffer.from(text)])).toMatchObject({ isGood: true, hasFrame: false });
  });

  it.each([
    ['multipart/x-mixed-replace; boundary=--ffmpeg', 'ffmpeg'],
    ['multipart/x-mixed-replace;boundary=ffmpeg', 'ffmpeg'],
    ['Multipart/X-Mixed-Replace; charset=a; BOUNDARY="my boundary"', 'my boundary'],
    ['multipart/x-mixed-replace', undefined],
    [`multipart/x-mixed-replace; boundary=${'x'.repeat(80)}`, undefined],
    ['text/html; boundary=a', undefined],
  ])('%s has the boundary %s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });
});

describe('a playlist', () => {
  it('tells its newest segment, and of a master playlist its first stream', () => {
    expect(parsePlaylist(replies.mediaPlaylist)).toEqual({
      targetMs: 2_000,
      newest: 1_043,
      segments: [
        { uri: 'stream1041.ts', durationMs: 1_960 },
        { uri: 'stream1042.ts', durationMs: 2_000 },
        { uri: 'stream1043.ts?x=1', durationMs: 2_040 },
      ],
    });
    expect(parsePlaylist(replies.masterPlaylist)?.variant).toEqual({
      uri: 'stream.m3u8',
      size: { width: 640, height: 480 },
      codec: 'h264',
      hasAudio: true,
    });
    expect(parsePlaylist('\uFEFF#EXTM3U\n')).toMatchObject({ newest: -1, segments: [] });
    expect(parsePlaylist('<html>')).toBeUndefined();
  });
});

describe('ffmpeg’s words', () => {
  it('say what was seen, or that too little was', () => {
    expect(pictureOf(replies.ffmpegWords)).toBe('frozen');
    expect(pictureOf(`${replies.ffmpegWords}[blackdetect @ 0x1] black_start:0 black_end:6`)).toBe(
      'black',
    );
    const moving = replies.ffmpegWords.replace(/\[freeze[^\r]*\r/, '');
    expect(pictureOf(moving)).toBe('moving');
    expect(pictureOf(moving.slice(0, 220))).toBeUndefined();
    expect(pictureOf('pipe:0: Server returned 401 Unauthorized')).toBeUndefined();
  });
});
