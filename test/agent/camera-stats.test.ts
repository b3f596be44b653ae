import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../agent/src/probes/camera/byte-budget.ts';
import { payloadKind, rtpHead } from '../../agent/src/probes/camera/rtp.ts';
import type { VideoCodec } from '../../agent/src/probes/camera/sdp.ts';
import { StreamStats, type VideoTrack } from '../../agent/src/probes/camera/stream-stats.ts';
import { rtp } from './camera-fake.ts';
import { spsH264, spsH265 } from './camera-replies.ts';

const FPS = 25;
const PACKETS = 4;
const PAYLOAD = 1_000;
const BYTES_PER_SECOND = FPS * PACKETS * (PAYLOAD + 12);
const track: VideoTrack = { codec: 'h264', clockRate: 90_000, payloadType: 96 };

interface Sent {
  readonly sequence: number;
  readonly atMs: number;
  readonly bytes: Buffer;
}

/** A camera's packets: a key frame every two seconds, four packets a frame. */
function packets(
  seconds: number,
  from: { sequence?: number; timestamp?: number; atMs?: number } = {},
): Sent[] {
  const sent: Sent[] = [];
  let sequence = from.sequence ?? 0;
  for (let frame = 0; frame < seconds * FPS; frame += 1) {
    for (let piece = 0; piece < PACKETS; piece += 1) {
      const payload = Buffer.alloc(PAYLOAD);
      payload[0] = frame % 50 === 0 ? 0x65 : 0x41;
      const timestamp = (from.timestamp ?? 0) + (frame * 90_000) / FPS;
      const bytes = rtp({ sequence, timestamp, payload });
      sent.push({ sequence, atMs: (from.atMs ?? 0) + (frame * 1_000) / FPS, bytes });
      sequence += 1;
    }
  }
  return sent;
}

function counted(sent: readonly Sent[], nowMs = sent.at(-1)?.atMs ?? 0) {
  const stats = new StreamStats(track);
  for (const { bytes, atMs } of sent) stats.video(bytes, atMs);
  return stats.snapshot(nowMs);
}

describe('packets of a stream', () => {
  it('are folded into frames, bits, key frames and jitter', () => {
    const { numbers, ...seen } = counted(packets(12));
    expect(numbers).toMatchObject({ lossRatio: 0, maxGapMs: 40, otherBytes: PACKETS * PAYLOAD });
    expect(numbers?.fps).toBeCloseTo(FPS, 5);
    expect((numbers?.bytesPerSecond ?? 0) / BYTES_PER_SECOND).toBeCloseTo(1, 1.6);
    expect(numbers?.jitterMs).toBeCloseTo(0, 5);
    expect(numbers?.keys).toMatchObject({ meanBytes: PACKETS * PAYLOAD });
    expect(numbers?.spanMs).toBeGreaterThanOrEqual(5_000);
    expect(seen).toMatchObject({ codec: 'h264', lastFrameAgeMs: 0, hasAudio: false });
    expect(seen.keyFrameAgeMs).toBeLessThan(2_000);
  });

  it('that come in bursts are counted by the camera’s clock, and by ours where that is wrong', () => {
    // Held back and let go: thirty frames more in the window than belong to it.
    const bursts = packets(12).map((each) =>
      each.atMs < 6_000 ? each : { ...each, atMs: Math.max(7_200, each.atMs) },
    );
    expect(counted(bursts).numbers?.fps).toBeCloseTo(FPS, 0);
    const wrong = packets(12).map((each) => {
      const bytes = Buffer.from(each.bytes);
      bytes.writeUInt32BE(bytes.readUInt32BE(4) * 2, 4);
      return { ...each, bytes };
    });
    expect(counted(wrong).numbers?.fps).toBeCloseTo(FPS, 5);
  });

  it('have numbers only after the first second and one whole window', () => {
    expect(counted(packets(5.5)).numbers).toBeUndefined();
    expect(counted(packets(6.5)).numbers?.fps).toBeCloseTo(FPS, 5);
  });

  it.each([
    ['one in twenty', (at: number) => at % 20 === 7, 0.05],
    ['one in five', (at: number) => at % 5 === 3, 0.2],
    ['a row of 20 in each 500', (at: number) => at % 500 >= 240 && at % 500 < 260, 0.04],
  ])('that are lost are counted: %s', (_, isLost, ratio) => {
    const sent = packets(30).filter(({ sequence }) => !isLost(sequence));
    expect(counted(sent).numbers?.lossRatio).toBeCloseTo(ratio, 1.7);
  });

  it('go through the overflow of their numbers and of their time', () => {
    const { numbers } = counted(packets(12, { sequence: 65_000, timestamp: 2 ** 32 - 450_000 }));
    expect(numbers).toMatchObject({ lossRatio: 0 });
    expect(numbers?.fps).toBeCloseTo(FPS, 5);
    expect(numbers?.jitterMs).toBeCloseTo(0, 5);
  });

  it('that come out of order are neither lost nor new frames', () => {
    const sent = packets(12);
    for (let at = 3; at + 1 < sent.length; at += 8) {
      // The last packet of a frame after the first of the next.
      const [one, two] = [sent[at], sent[at + 1]];
      if (one && two) [sent[at], sent[at + 1]] = [two, one];
    }
    const { numbers } = counted(sent);
    expect(numbers?.lossRatio).toBe(0);
    expect(numbers?.fps).toBeCloseTo(FPS, 5);
  });

  it('that come twice hide no loss beyond themselves and are no frames', () => {
    const { numbers } = counted(packets(12).flatMap((each) => [each, each]));
    expect(numbers?.lossRatio).toBe(0);
    expect(numbers?.fps).toBeCloseTo(FPS, 5);
  });

  it('of pictures out of their order in time are frames all the same', () => {
    const swapped = packets(12).map((each, at) => {
      const frame = Math.floor(at / PACKETS);
      const shown = frame + ([0, 2, -1, -1][frame % 4] ?? 0);
      const bytes = Buffer.from(each.bytes);
      bytes.writeUInt32BE((shown * 90_000) / FPS, 4);
      return { ...each, bytes };
    });
    expect(counted(swapped).numbers?.fps).toBeCloseTo(FPS, 5);
  });

  it('with new numbers after a restart of the camera are no loss', () => {
    const again = packets(6, { sequence: 40_000, timestamp: 5e8, atMs: 6_000 });
    const { numbers } = counted([...packets(6), ...again]);
    expect(numbers?.lossRatio).toBe(0);
    expect(numbers?.fps).toBeCloseTo(FPS, 1);
  });

  it('of another type, another source, or of RTCP are not the camera’s', () => {
    const stats = new StreamStats(track);
    for (const { bytes, atMs, sequence } of packets(12)) {
      stats.video(bytes, atMs);
      const other = {
        sequence: sequence * 7,
        timestamp: sequence * 999,
        payload: Buffer.alloc(900),
      };
      stats.video(rtp({ ...other, payloadType: 97 }), atMs);
      stats.video(rtp({ ...other, source: 2 }), atMs);
      stats.video(Buffer.from('80c800060000000100000000000000000000000000000001', 'hex'), atMs);
      stats.video(Buffer.from('$nonsense'), atMs);
    }
    const { numbers } = stats.snapshot(12_000);
    expect(numbers?.lossRatio).toBe(0);
    expect(numbers?.fps).toBeCloseTo(FPS, 1);
    expect((numbers?.bytesPerSecond ?? 0) / BYTES_PER_SECOND).toBeCloseTo(1, 1.6);
  });

  it('of a new source are the camera’s once the old one is silent', () => {
    const stats = new StreamStats(track);
    for (const { bytes, atMs } of packets(2)) stats.video(bytes, atMs);
    const second = packets(8, { atMs: 4_000 });
    for (const { bytes, atMs } of second) {
      const other = Buffer.from(bytes);
      other.writeUInt32BE(77, 8);
      stats.video(other, atMs);
    }
    expect(stats.snapshot(12_000).lastFrameAgeMs).toBe(40);
    expect(stats.snapshot(12_000).numbers?.lossRatio).toBe(0);
  });

  it('that stop are a stall, and those held back meanwhile make no hundred frames a second', () => {
    const stats = new StreamStats(track);
    for (const { bytes, atMs } of packets(10)) stats.video(bytes, atMs);
    const stalled = stats.snapshot(14_000);
    expect(stalled.lastFrameAgeMs).toBeGreaterThan(stalled.stallAfterMs);
    const late = packets(16, { sequence: 1_000, timestamp: 900_000, atMs: 10_000 });
    for (const { bytes, atMs } of late) {
      stats.video(bytes, Math.max(15_000, atMs));
      if (atMs === 15_600) expect(stats.snapshot(atMs).numbers).toBeUndefined();
    }
    expect(stats.snapshot(26_000).numbers?.fps).toBeCloseTo(FPS, 0);
    expect(stats.snapshot(26_000).numbers?.maxGapMs).toBe(40);
  });

  it('of sound are heard while they come', () => {
    const stats = new StreamStats(track);
    const sound = rtp({ sequence: 1, timestamp: 1, payloadType: 8 });
    expect(stats.snapshot(0).hasAudio).toBe(false);
    stats.expectAudio(1_000);
    expect(stats.snapshot(2_000).hasAudio).toBeUndefined();
    stats.audio(Buffer.from('no packet'), 2_000);
    expect(stats.snapshot(6_500).hasAudio).toBe(false);
    stats.audio(sound, 7_000);
    expect(stats.snapshot(8_000).hasAudio).toBe(true);
    expect(stats.snapshot(12_500).hasAudio).toBe(false);
  });

  it('of a codec that nobody knows here are counted, and their kinds are not told apart', () => {
    const stats = new StreamStats({ clockRate: 90_000, payloadType: 96 });
    for (const { bytes, atMs } of packets(8)) stats.video(bytes, atMs);
    const seen = stats.snapshot(8_000);
    expect(seen.numbers?.fps).toBeCloseTo(FPS, 1);
    expect(seen.numbers?.keys).toBeUndefined();
    expect(seen.codec).toBeUndefined();
  });
});

describe('the head of an RTP packet', () => {
  it('may have sources, an extension and padding', () => {
    const full = Buffer.from(
      'b2e0' +
        '0102' +
        '00000003' +
        '00000004' +
        'aaaaaaaabbbbbbbb' +
        'bede0001' +
        '11223344' +
        '41e0' +
        '000003',
      'hex',
    );
    expect(rtpHead(full)).toEqual({
      payloadType: 96,
      sequence: 0x0102,
      timestamp: 3,
      source: 4,
      payloadAt: 28,
      payloadEnd: 30,
    });
  });

  it('that promises more than there is, is none', () => {
    for (const hex of [
      '',
      '8060000100000001000000',
      '4060000100000001000000020000',
      '8f6000010000000100000002',
      '906000010000000100000002bede',
      '906000010000000100000002bedeffff',
      'a06000010000000100000002ff',
    ])
      expect(rtpHead(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});

describe('the payload of a packet', () => {
  const kind = (codec: VideoCodec, payload: Buffer) => {
    const packet = rtp({ sequence: 1, timestamp: 1, payload });
    const head = rtpHead(packet);
    if (!head) throw new Error('no head');
    return payloadKind(codec, packet, head);
  };
  const nal = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, bytes.length]), bytes]);
  const sps = Buffer.from(spsH264, 'base64');
  const sps5 = Buffer.from(spsH265, 'base64');

  it.each([
    ['a slice of H.264', 'h264', Buffer.from([0x41, 0xe0]), { isKey: false }],
    ['a key slice', 'h264', Buffer.from([0x65, 0x88]), { isKey: true }],
    ['a piece of a key slice', 'h264', Buffer.from([0x7c, 0x85, 1]), { isKey: true }],
    ['a piece of a slice', 'h264', Buffer.from([0x5c, 0x81, 1]), { isKey: false }],
    ['a parameter set', 'h264', sps, { isKey: false, size: { width: 1280, height: 720 } }],
    [
      'sets and a key slice together',
      'h264',
      Buffer.concat([
        Buffer.from([0x78]),
        nal(sps),
        nal(Buffer.from([0x68, 1])),
        nal(Buffer.from([0x65, 1])),
      ]),
      { isKey: true, size: { width: 1280, height: 720 } },
    ],
    ['sets cut off', 'h264', Buffer.from([0x78, 0, 200, 0x65]), { isKey: false }],
    ['a slice of H.265', 'h265', Buffer.from([0x02, 0x01, 1]), { isKey: false }],
    ['a key slice of H.265', 'h265', Buffer.from([0x26, 0x01, 1]), { isKey: true }],
    ['a piece of one', 'h265', Buffer.from([0x62, 0x01, 0x93]), { isKey: true }],
    ['an H.265 set', 'h265', sps5, { isKey: false, size: { width: 2688, height: 1520 } }],
    [
      'H.265 sets together',
      'h265',
      Buffer.concat([Buffer.from([0x60, 0x01]), nal(sps5), nal(Buffer.from([0x26, 1, 1]))]),
      { isKey: true, size: { width: 2688, height: 1520 } },
    ],
    [
      'JPEG',
      'jpeg',
      Buffer.from([0, 0, 0, 0, 1, 255, 80, 60, 1]),
      { isKey: true, size: { width: 640, height: 480 } },
    ],
    ['a short JPEG', 'jpeg', Buffer.from([0, 0, 0]), { isKey: true }],
  ] as const)('is %s', (_, codec, payload, expected) => {
    expect(kind(codec, payload)).toEqual(expected);
  });
});

describe('the byte budget of a connection', () => {
  it('lets a burst and a hundred megabits a second through, and no more', () => {
    const budget = new ByteBudget(0);
    expect(budget.take(50_000_000, 0)).toBe(true);
    expect(budget.take(1, 0)).toBe(false);
    const steady = new ByteBudget(0);
    for (let second = 1; second <= 3_600; second += 1)
      expect(steady.take(12_500_000, second * 1_000)).toBe(true);
    expect(steady.take(50_000_001, 3_600_000)).toBe(false);
  });
});
