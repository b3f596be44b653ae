import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasSettled,
  tailBytesPerSecond,
  type Arrival,
} from '../../agent/src/probes/download/throughput-estimate.ts';
import { Receipts } from '../../agent/src/probes/download/upload.ts';
import { isLineNeeded, refusalOf } from '../../agent/src/probes/download/slot-guard.ts';
import { cpuTimes, parseCpuTimes } from '../../agent/src/platform/cpu-times.ts';
import { cpuRatio } from '../../agent/src/probes/host/host-probe.ts';
import { ClockEstimate } from '../../agent/src/probes/link/clock-estimate.ts';
import { LossEstimate, lostInHandshake } from '../../agent/src/probes/loss/loss-estimate.ts';
import { nicRates } from '../../agent/src/probes/nic/nic-probe.ts';
import { RollingMean } from '../../agent/src/probes/rolling-mean.ts';
import { parseMeminfo } from '../../agent/src/platform/memory.ts';
import { parseProcNetDev } from '../../agent/src/platform/nic-counters.ts';
import { plain } from '../../agent/src/platform/plain.ts';
import { idPatterns } from '@ppe-pulse/protocol';

/** Arrivals of a line with slow start: half the speed in the first half second. */
function line(bytesPerSecond: number, ms: number, everyMs = 10): Arrival[] {
  return Array.from({ length: Math.floor(ms / everyMs) }, (_, at) => {
    const atMs = (at + 1) * everyMs;
    return { atMs, bytes: (bytesPerSecond * everyMs * (atMs <= 500 ? 0.5 : 1)) / 1_000 };
  });
}

describe('throughput', () => {
  it.each([2, 10, 50, 100])(
    'of a %d Mbit/s line is found within 1 %% in spite of slow start',
    (megabits) => {
      const speed = (megabits * 1e6) / 8;
      const found = tailBytesPerSecond(line(speed, 2_000), 0, 2_000) ?? 0;
      expect(Math.abs(found - speed) / speed).toBeLessThan(0.01);
    },
  );

  it('of a line so fast that there is no tail is taken whole', () => {
    expect(tailBytesPerSecond([{ atMs: 12, bytes: 12_000_000 }], 0, 12)).toBe(1e9);
    expect(tailBytesPerSecond([], 0, 0)).toBeUndefined();
    expect(tailBytesPerSecond([{ atMs: 0, bytes: 5 }], 0, 0)).toBeUndefined();
  });

  it('of a line that was slow to climb is that of its end, which has settled', () => {
    // Percent of the speed each 100 ms, as seen on a line of 50 Mbit/s that lost in slow start.
    const climb = [
      17, 25, 30, 40, 36, 43, 51, 57, 61, 60, 77, 89, 95, 98, 102, 100, 99, 100, 98, 99,
    ];
    const arrivals = climb.flatMap((percent, at) =>
      Array.from({ length: 10 }, (_, part) => ({
        atMs: at * 100 + (part + 1) * 10,
        bytes: (6e6 * percent) / 10_000,
      })),
    );
    const endMs = climb.length * 100;
    expect(hasSettled(arrivals, 0, endMs)).toBe(true);
    expect(Math.abs((tailBytesPerSecond(arrivals, 0, endMs) ?? 0) / 6e6 - 1)).toBeLessThan(0.03);
  });

  it('has settled after a steady second, not during slow start and not on a swinging line', () => {
    const steady = line(1e6, 1_600);
    expect(hasSettled(steady, 0, 900)).toBe(false);
    expect(hasSettled(steady, 0, 1_600)).toBe(true);
    const swinging = steady.map((each, at) => ({
      ...each,
      bytes: each.bytes * (at % 80 < 40 ? 1 : 3),
    }));
    expect(hasSettled(swinging, 0, 1_600)).toBe(false);
    expect(hasSettled([], 0, 5_000)).toBe(false);
  });

  it('of an upload is read from receipts, whatever stands between them', () => {
    const receipts = new Receipts();
    for (let at = 1; at <= 12; at += 1) {
      receipts.add(
        `${at * 100}.0 ${at * 125_000}\nnonsense\n-1 5\n${at * 100}.0 9\n${'x'.repeat(9)}`,
      );
      receipts.add('\n');
    }
    expect(receipts.bytesPerSecond()).toBeCloseTo(1_250_000, -3);
    expect(receipts.bytes).toBe(1_500_000);
  });

  it('gives the line back when the other direction gets busy', () => {
    const rates = (received: number, sent: number) => ({
      receivedBytesPerSecond: received,
      sentBytesPerSecond: sent,
      errorsPerSecond: 0,
    });
    expect(isLineNeeded('download', rates(12e6, 0.5e6))).toBe(false);
    expect(isLineNeeded('download', rates(12e6, 2e6))).toBe(true);
    expect(isLineNeeded('upload', rates(2e6, 12e6))).toBe(true);
    expect(isLineNeeded('upload', undefined)).toBe(false);
  });

  it('is not measured when others need the line or the mode is quiet', () => {
    const free = {
      mode: 'prep',
      receivingBytesPerSecond: 10_000,
      lastBytesPerSecond: undefined,
    } as const;
    expect(refusalOf(free)).toBeUndefined();
    expect(refusalOf({ ...free, mode: 'quiet' })).toBe('quiet');
    expect(refusalOf({ ...free, isLineClosed: true })).toBe('closedHours');
    expect(refusalOf({ ...free, isLineClosed: false })).toBeUndefined();
    expect(refusalOf({ ...free, receivingBytesPerSecond: 1_000_001 })).toBe('lineBusy');
    expect(
      refusalOf({ ...free, receivingBytesPerSecond: 300_000, lastBytesPerSecond: 1_250_000 }),
    ).toBe('lineBusy');
    expect(refusalOf({ ...free, receivingBytesPerSecond: undefined })).toBeUndefined();
    expect(refusalOf({ ...free, sendingBytesPerSecond: 1_000_001 })).toBe('lineBusy');
  });

  it('is measured again after a bad test: what a PC says anyway is no busy line', () => {
    const after = (receivingBytesPerSecond: number) =>
      refusalOf({ mode: 'prep', receivingBytesPerSecond, lastBytesPerSecond: 40_000 });
    expect(after(10_000)).toBeUndefined();
    expect(after(50_001)).toBe('lineBusy');
  });
});

describe('clock', () => {
  it('is off by no more than half the best round trip, however lopsided the line', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -36_000_000, max: 36_000_000 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 })), {
          minLength: 1,
          maxLength: 40,
        }),
        (skewMs, trips) => {
          const estimate = new ClockEstimate();
          let nowMs = 1_000;
          const collector = (monotonicMs: number): number => 1_715_740_000_000 + monotonicMs;
          for (const [there, back] of trips) {
            const sentMs = nowMs;
            const receivedMs = sentMs + there + 2 + back;
            estimate.add({
              sentMs,
              receivedMs,
              collectorReceivedMs: collector(sentMs + there),
              collectorSentMs: collector(sentMs + there + 2),
            });
            nowMs += 5_000;
          }
          const found = estimate.skew(collector(nowMs) + skewMs, nowMs);
          const best = Math.min(...trips.slice(-16).map(([there, back]) => there + back));
          expect(found?.boundMs).toBe(best / 2);
          expect(Math.abs((found?.skewMs ?? Number.NaN) - skewMs)).toBeLessThanOrEqual(
            best / 2 + 1e-6,
          );
        },
      ),
      { seed: 16 },
    );
  });

  it('shows a step of the PC’s clock at once and passes over an impossible exchange', () => {
    const estimate = new ClockEstimate();
    expect(estimate.skew(0, 0)).toBeUndefined();
    estimate.add({ sentMs: 10, receivedMs: 5, collectorReceivedMs: 0, collectorSentMs: 0 });
    expect(estimate.medianRttMs()).toBeUndefined();
    estimate.add({ sentMs: 0, receivedMs: 40, collectorReceivedMs: 1_020, collectorSentMs: 1_020 });
    expect(estimate.skew(1_100, 100)?.skewMs).toBe(0);
    expect(estimate.skew(3_601_100, 100)?.skewMs).toBe(3_600_000);
  });

  it('is right with the first exchange after a sleep, when the monotonic clock stood still', () => {
    const estimate = new ClockEstimate();
    const add = (sentMs: number, rttMs: number, offsetMs: number): void =>
      estimate.add({
        sentMs,
        receivedMs: sentMs + rttMs,
        collectorReceivedMs: sentMs + rttMs / 2 + offsetMs,
        collectorSentMs: sentMs + rttMs / 2 + offsetMs,
      });
    for (let at = 0; at < 16; at += 1) add(at * 10_000, 20, 1_000);
    const asleepMs = 3_600_000;
    add(160_000, 60, 1_000 + asleepMs);
    const found = estimate.skew(160_060 + 1_000 + asleepMs, 160_060);
    expect(found).toEqual({ skewMs: 0, boundMs: 30 });
    expect(estimate.medianRttMs()).toBe(60);
  });

  it('keeps exchanges that differ by what whole milliseconds and crystals make', () => {
    const estimate = new ClockEstimate();
    const at = (offsetMs: number) => ({
      sentMs: 0,
      receivedMs: 0.2,
      collectorReceivedMs: offsetMs,
      collectorSentMs: offsetMs,
    });
    estimate.add({ ...at(1_000), receivedMs: 0.1 });
    estimate.add(at(1_008));
    expect(estimate.skew(0, 0)?.boundMs).toBe(0.05);
  });
});

describe('loss', () => {
  it('is read off the time of a handshake', () => {
    expect([10, 999, 1_010, 2_999, 3_050].map(lostInHandshake)).toEqual([0, 0, 1, 1, 2]);
  });

  it('comes close to the truth of a line with retries', () => {
    for (const loss of [0, 0.01, 0.05, 0.2]) {
      let state = 12_345;
      // A small linear congruential generator: the same line in every run.
      const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
      const ratios: number[] = [];
      const estimate = new LossEstimate();
      for (let at = 0; at < 3_000; at += 1) {
        let tries = 0;
        while (tries < 3 && (random() < loss || random() < loss)) tries += 1;
        if (tries >= 3) estimate.unanswered();
        else estimate.finished([30, 1_030, 3_030][tries] ?? 30);
        ratios.push(estimate.ratio() ?? 0);
      }
      const mean = ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
      expect(Math.abs(mean - loss)).toBeLessThan(0.02 + loss * 0.25);
    }
  });

  it('is none from the first handshake on; one that was lost tells nothing before the tenth', () => {
    const estimate = new LossEstimate();
    expect(estimate.ratio()).toBeUndefined();
    for (let at = 0; at < 8; at += 1) estimate.finished(10);
    expect(estimate.ratio()).toBe(0);
    estimate.finished(1_010);
    expect(estimate.ratio()).toBeUndefined();
    estimate.finished(10);
    expect(estimate.ratio()).toBeCloseTo(1 / 21);
  });

  it('is nothing of a cut: three silent handshakes in a row leave the window', () => {
    const estimate = new LossEstimate();
    for (let at = 0; at < 20; at += 1) estimate.finished(10);
    const cuts = Array.from({ length: 4 }, () => {
      estimate.unanswered();
      return estimate.isCut;
    });
    expect(cuts).toEqual([false, false, true, true]);
    estimate.finished(10);
    expect([estimate.isCut, estimate.ratio()]).toEqual([false, 0]);
  });

  it('is seen where silent handshakes follow one another while others come about', () => {
    const estimate = new LossEstimate();
    for (let at = 0; at < 20; at += 1) estimate.finished(10);
    for (let at = 0; at < 3; at += 1) estimate.unanswered(true);
    expect(estimate.isCut).toBe(false);
    expect(estimate.ratio()).toBeCloseTo(6 / 46);
  });
});

describe('host', () => {
  const none = { busy: 0, total: 0 };

  it('a CPU ratio is a share of the time that passed', () => {
    expect(cpuRatio({ busy: 0, total: 0 }, { busy: 30, total: 120 })).toBe(0.25);
    expect(cpuRatio({ busy: 5, total: 9 }, { busy: 5, total: 9 })).toBeUndefined();
  });

  it('a core that waits for a disk is not busy, as it is none that computes', () => {
    const stat = (all: string): string => `cpu  ${all}\ncpu0 1 2 3 4 5 6 7 8 9 10\nctxt 5\n`;
    const before = parseCpuTimes(stat('100 0 50 800 40 0 10 0 0 0'));
    const after = parseCpuTimes(stat('103 1 52 802 132 0 10 0 3 0'));
    expect(before).toEqual({ busy: 160, total: 1_000 });
    expect(cpuRatio(before ?? none, after ?? none)).toBeCloseTo(0.06);
    // Kernels of old have fewer columns; what is no such file is none.
    expect(parseCpuTimes(stat('1 2 3 4 5'))).toEqual({ busy: 6, total: 15 });
    expect(parseCpuTimes(stat('1 2 3 4'))).toBeUndefined();
    expect(parseCpuTimes('cpu  a b c d e\n')).toBeUndefined();
    expect(parseCpuTimes('nonsense')).toBeUndefined();
    const now = cpuTimes();
    expect(now.busy).toBeGreaterThan(0);
    expect(now.total).toBeGreaterThan(now.busy);
  });

  it('a rolling mean forgets what is older than its window', () => {
    const mean = new RollingMean(60_000);
    expect(mean.add(1, 0)).toBe(1);
    expect(mean.add(0, 30_000)).toBe(0.5);
    expect(mean.add(0, 60_000)).toBe(0);
  });

  it('reads Linux’ memory file, and says when it cannot', () => {
    expect(
      parseMeminfo('MemTotal:       8000000 kB\nMemFree: 1 kB\nMemAvailable:    2000000 kB\n'),
    ).toEqual({
      totalBytes: 8_192_000_000,
      availableBytes: 2_048_000_000,
    });
    expect(parseMeminfo('nonsense')).toBeUndefined();
  });

  it('reads Linux’ network file and makes rates of it', () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 100 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0
  eth0: 2000 20 1 0 0 0 0 0 500 5 2 0 0 0 0 0
broken line
`;
    expect(parseProcNetDev(text)[1]).toEqual({
      name: 'eth0',
      receivedBytes: 2_000,
      sentBytes: 500,
      errors: 3,
    });
    const before = [{ name: 'eth0', receivedBytes: 1_000, sentBytes: 500, errors: 3 }];
    expect(nicRates(before, parseProcNetDev(text), 500)).toEqual({
      receivedBytesPerSecond: 2_000,
      sentBytesPerSecond: 0,
      errorsPerSecond: 0,
    });
    expect(
      nicRates(
        before.map((each) => ({ ...each, receivedBytes: 9e9 })),
        parseProcNetDev(text),
        500,
      )?.receivedBytesPerSecond,
    ).toBe(0);
  });

  it('lets nothing out that the wire would refuse', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(plain(text)).toMatch(new RegExp(idPatterns.plainText));
      }),
      { seed: 80 },
    );
    expect(plain('Intel® Core™ i3 / Иванов')).toBe('Intel Core i3');
  });
});
