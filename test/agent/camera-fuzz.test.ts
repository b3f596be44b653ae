import { describe, expect, it } from 'vitest';
import { reasons } from '@ppe-pulse/protocol';
import { pictureOf } from '../../agent/src/child/picture.ts';
import { authorization } from '../../agent/src/probes/camera/camera-auth.ts';
import { jpegSize } from '../../agent/src/probes/camera/jpeg.ts';
import { parsePlaylist } from '../../agent/src/probes/camera/m3u8.ts';
import { MjpegStats } from '../../agent/src/probes/camera/mjpeg.ts';
import { boundaryOf } from '../../agent/src/probes/camera/multipart-reader.ts';
import { RtspError, RtspReader } from '../../agent/src/probes/camera/rtsp-reader.ts';
import { readDescription, type VideoCodec } from '../../agent/src/probes/camera/sdp.ts';
import { h264Size, h265Size, type FrameSize } from '../../agent/src/probes/camera/sps.ts';
import { StreamStats, type StreamSnapshot } from '../../agent/src/probes/camera/stream-stats.ts';
import { fuzzed } from '../support/fuzz.ts';
import { rtp } from './camera-fake.ts';
import * as replies from './camera-replies.ts';

/** The longest that one reply may take on a machine with other work. */
const SLOW_MS = 250;

/** Feeds a parser; what it takes is bounded, and it throws nothing. */
function survives(
  what: string,
  recorded: readonly (string | Buffer)[],
  read: (bytes: Buffer) => void,
): void {
  let slowestMs = 0;
  fuzzed(
    what,
    recorded.map((each) => (typeof each === 'string' ? Buffer.from(each, 'latin1') : each)),
    (bytes) => {
      const startMs = performance.now();
      read(bytes);
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
    },
  );
  expect(slowestMs).toBeLessThan(SLOW_MS);
}

const text = (read: (text: string) => void) => (bytes: Buffer) => read(bytes.toString('latin1'));

function isSize(size: FrameSize | undefined): void {
  if (!size) return;
  for (const side of [size.width, size.height]) {
    if (!Number.isInteger(side) || side < 1 || side > 65_535) throw new Error(`${side} is no size`);
  }
}

function isSnapshot({ numbers, size }: StreamSnapshot): void {
  isSize(size);
  for (const value of [numbers?.fps, numbers?.bytesPerSecond, numbers?.jitterMs]) {
    if (value !== undefined && !(value >= 0 && value < 1e12)) throw new Error(`${value}`);
  }
  const { lossRatio = 0 } = numbers ?? {};
  if (!(lossRatio >= 0 && lossRatio <= 1)) throw new Error(`loss ${lossRatio}`);
}

describe('whatever bytes come', () => {
  it('an RTSP connection has whole answers and frames, or is over', () => {
    survives('RTSP', [replies.conversation], (bytes) => {
      const counts: number[] = [];
      for (const pieceBytes of [bytes.length, 7]) {
        let count = 0;
        const reader = new RtspReader({
          response: ({ status, body }) => {
            count += status + body.length;
          },
          frame: (channel, frame) => {
            count += channel + frame.length;
          },
        });
        try {
          for (let at = 0; at < bytes.length; at += pieceBytes)
            reader.push(bytes.subarray(at, at + pieceBytes));
        } catch (error) {
          if (!(error instanceof RtspError)) throw error;
        }
        counts.push(count);
      }
      // However it comes, the same was in it.
      if (counts[0] !== counts[1]) throw new Error(counts.join(' is not '));
    });
  });

  it('a description has tracks with addresses, or none', () => {
    const known = [replies.gstreamer, replies.fullAddresses, replies.queryAddress];
    survives(
      'SDP',
      [...known, replies.oldCamera],
      text((sdp) => {
        const { control, tracks } = readDescription(sdp, 'rtsp://192.0.2.1/live');
        expect(tracks.length).toBeLessThanOrEqual(8);
        for (const each of [control, ...tracks.map((track) => track.control)]) {
          if (!/^rtsps?:\/\//i.test(each) || each.length > 1_100) throw new Error(each);
        }
        for (const { clockRate, size } of tracks) {
          if (!(clockRate > 0 && clockRate < 1e8)) throw new Error(`${clockRate}`);
          isSize(size);
        }
      }),
    );
  });

  it('a parameter set has a size of a picture, or none', () => {
    const sets = [replies.spsH264, replies.spsH265].map((each) => Buffer.from(each, 'base64'));
    survives('SPS', sets, (bytes) => {
      isSize(h264Size(bytes));
      isSize(h265Size(bytes));
    });
  });

  it('packets are counted or left out', () => {
    const payloads = [
      Buffer.from(replies.spsH264, 'base64'),
      Buffer.from([0x78, 0, 2, 0x65, 1, 0, 2, 0x68, 1]),
      Buffer.from([0x7c, 0x85, 1, 2, 3]),
      Buffer.from([0x60, 0x01, 0, 3, 0x26, 1, 1]),
    ];
    const sent = payloads.map((payload, at) =>
      rtp({ sequence: 65_534 + at, timestamp: at * 3_600, payload }),
    );
    for (const codec of ['h264', 'h265', 'jpeg'] satisfies VideoCodec[]) {
      const stats = new StreamStats({ codec, clockRate: 90_000, payloadType: 96 });
      stats.expectAudio(0);
      let nowMs = 0;
      survives(`RTP ${codec}`, sent, (bytes) => {
        nowMs += 7;
        stats.video(bytes, nowMs);
        stats.audio(bytes, nowMs);
        isSnapshot(stats.snapshot(nowMs));
      });
    }
  });

  it('a multipart stream is counted, or is over', () => {
    const withoutLengths = replies.multipart
      .toString('latin1')
      .replaceAll(/Content-length: \d+\r\n/g, '');
    survives('multipart', [replies.multipart, withoutLengths], (bytes) => {
      const stats = new MjpegStats('ffmpeg');
      for (let at = 0; at < bytes.length; at += 50)
        if (!stats.push(bytes.subarray(at, at + 50), at)) break;
      isSnapshot(stats.snapshot(10_000));
    });
    survives('JPEG', [replies.jpeg], (bytes) => isSize(jpegSize(bytes)));
    const types = ['multipart/x-mixed-replace; charset=a; boundary="--x y"'];
    survives(
      'content type',
      types,
      text((type) => {
        const boundary = boundaryOf(type);
        if (boundary !== undefined) expect(boundary.length).toBeLessThanOrEqual(70);
      }),
    );
  });

  it('a playlist is read or is none', () => {
    survives(
      'M3U8',
      [replies.mediaPlaylist, replies.masterPlaylist],
      text((playlist) => {
        const { targetMs = 500, newest = 0 } = parsePlaylist(playlist) ?? {};
        if (!(targetMs >= 500 && targetMs <= 60_000)) throw new Error(`${targetMs}`);
        if (!Number.isSafeInteger(newest)) throw new Error(`${newest}`);
      }),
    );
  });

  it('a challenge is answered on one line, or not at all', () => {
    const request = { method: 'PLAY', uri: 'rtsp://192.0.2.1/', clientNonce: 'c', count: 1 };
    const credentials = { username: 'viewer', password: 'a secret of ours' };
    survives(
      'WWW-Authenticate',
      [replies.challenges, 'Basic realm="a", Digest nonce="b", algorithm=MD5-sess'],
      text((challenges) => {
        const header = authorization(challenges, credentials, request) ?? '';
        if (/[\r\n]|secret/.test(header)) throw new Error(header);
        expect(header.length).toBeLessThan(10_000);
      }),
    );
  });

  it('ffmpeg’s words are a reason, or say nothing', () => {
    survives(
      'ffmpeg',
      [replies.ffmpegWords],
      text((words) => {
        const look = pictureOf(words);
        if (look === 'frozen' || look === 'black') expect(reasons).toContain(look);
      }),
    );
  });
});
