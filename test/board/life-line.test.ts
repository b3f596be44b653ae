// @vitest-environment happy-dom
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freshnessOf } from '../../board/src/live/freshness.ts';
import { LiveClient } from '../../board/src/live/live-client.ts';
import { renewedClock } from '../../board/src/live/monotonic.ts';
import { sleptMs } from '../../board/src/live/sleep-watch.ts';
import { nothingKnown, reduceLive } from '@ppe-pulse/protocol';
import { BOARD_MS, deltaOf, overviewOf, snapshotOf } from '../support/board-page.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A browser's socket that a test plays. */
class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  isClosed = false;
  send(text: string): void {
    this.sent.push(text);
  }
  /** On a dead line nobody answers the goodbye: there is no event. */
  close(): void {
    this.isClosed = true;
  }
  say(frame: object): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(frame) }));
  }
}

function board(isSignedOut = async (): Promise<boolean> => false) {
  const sockets: FakeSocket[] = [];
  const live = new LiveClient('http://127.0.0.1', {
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    isSignedOut,
    nowMs: () => performance.now(),
    random: () => 0,
  });
  live.start();
  const latest = (): FakeSocket => sockets.at(-1) ?? new FakeSocket();
  const judged = (): string => freshnessOf(live.line, performance.now());
  return { live, sockets, latest, judged };
}

const beat = (seq = 1): object => ({
  type: 'beat',
  seq,
  serverTimeMs: BOARD_MS + 1_000,
  dataAgeMs: 0,
  overview: overviewOf(),
});

describe('how far a picture may be trusted', () => {
  it('is said within 16 s of the last frame, and within 3 s of a closed socket', () => {
    const { live, latest, judged } = board();
    latest().say(snapshotOf());
    expect(judged()).toBe('live');
    // The page looks twice a second.
    vi.advanceTimersByTime(15_500);
    expect(judged()).toBe('stale');
    latest().say(beat());
    expect(judged()).toBe('live');
    latest().dispatchEvent(new Event('close'));
    vi.advanceTimersByTime(2_500);
    expect(judged()).toBe('lost');
    live.stop();
  });

  it('never grows while nothing comes, whatever time passes', () => {
    const rank = ['live', 'late', 'stale', 'lost'];
    fc.assert(
      fc.property(
        fc.array(fc.nat(20_000), { maxLength: 20 }),
        fc.option(fc.nat(60_000), { nil: null }),
        fc.boolean(),
        (steps, closedSinceMs, isRestored) => {
          let [nowMs, worst] = [0, 0];
          for (const step of steps) {
            nowMs += step;
            const facts = { lastFrameMs: 0, closedSinceMs, isRestored };
            const at = rank.indexOf(freshnessOf(facts, nowMs));
            expect(at).toBeGreaterThanOrEqual(worst);
            worst = at;
          }
        },
      ),
      { seed: 731 },
    );
  });

  it('is never live for a picture that an earlier page kept, until the collector speaks of it', () => {
    const { live, latest, judged } = board();
    const { state } = reduceLive(nothingKnown, snapshotOf());
    live.restore(state, 500);
    expect(judged()).toBe('late');
    latest().say({ type: 'hello', protocol: 1, build: 'x', serverTimeMs: BOARD_MS, tickMs: 250 });
    expect([judged(), live.state.build]).toEqual(['late', 'x']);
    latest().say(snapshotOf());
    expect(judged()).toBe('live');
    // What comes from the store after the collector has spoken is too late.
    live.restore(state, 60_000);
    expect(judged()).toBe('live');
    live.stop();
  });

  it('is lost at once for a kept picture that is old', () => {
    const { live, judged } = board();
    live.restore(reduceLive(nothingKnown, snapshotOf()).state, 20 * 60_000);
    expect(judged()).toBe('lost');
    live.stop();
  });
});

describe('a line that is dead without a word', () => {
  it('is given up and opened anew, though the browser never closes it', async () => {
    const { live, sockets, latest } = board();
    latest().say(snapshotOf());
    vi.advanceTimersByTime(20_000);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5_100);
    expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    live.stop();
  });

  it('that wakes up again after it was given up changes nothing', async () => {
    const { live, sockets, latest } = board();
    latest().say(snapshotOf());
    await vi.advanceTimersByTimeAsync(30_000);
    const before = live.line.frames;
    sockets[0]?.say(beat());
    sockets[0]?.dispatchEvent(new Event('close'));
    expect(live.line.frames).toBe(before);
    expect(sockets).toHaveLength(2);
    live.stop();
  });

  it('is not given up while beats come', async () => {
    const { live, sockets, latest } = board();
    latest().say(snapshotOf());
    for (let second = 0; second < 120; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      latest().say(beat());
    }
    expect(sockets).toHaveLength(1);
    live.stop();
  });

  it('is tried at once when the network is back, and only if nothing is open', async () => {
    const { live, sockets, latest } = board();
    live.hurry();
    expect(sockets).toHaveLength(1);
    latest().dispatchEvent(new Event('close'));
    live.hurry();
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sockets).toHaveLength(2);
    live.stop();
  });

  it('leaves no timer behind when the client stops', () => {
    const { live, latest } = board();
    latest().dispatchEvent(new Event('close'));
    live.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a computer that sleeps', () => {
  it('is noticed by two clocks that part, and a slow timer is not', () => {
    const before = { monotonicMs: 1_000, wallMs: BOARD_MS };
    expect(sleptMs(before, { monotonicMs: 2_000, wallMs: BOARD_MS + 3_601_000 })).toBe(3_600_000);
    expect(sleptMs(before, { monotonicMs: 61_000, wallMs: BOARD_MS + 60_000 })).toBe(0);
    expect(sleptMs(before, { monotonicMs: 2_000, wallMs: BOARD_MS - 3_600_000 })).toBe(0);
  });

  it('shows its picture as old as it is, until the next frame', () => {
    const { live, latest, judged } = board();
    latest().say(snapshotOf());
    live.slept(3_600_000);
    expect(judged()).toBe('lost');
    latest().say(beat());
    expect(judged()).toBe('live');
    live.stop();
  });

  it('has the age of its picture renewed before anything is painted, when it is seen again', () => {
    const clock = renewedClock(500);
    const seen: number[] = [];
    const stop = clock.subscribe(() => seen.push(clock.nowMs()));
    const startedMs = clock.nowMs();
    vi.advanceTimersByTime(499);
    expect(seen).toEqual([]);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(seen).toEqual([startedMs + 499]);
    stop();
    vi.advanceTimersByTime(5_000);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(seen).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a session that is refused', () => {
  it('keeps the picture, and is forgiven when the collector speaks again', async () => {
    let isOut = true;
    const { live, latest, judged } = board(async () => isOut);
    latest().say(snapshotOf());
    latest().dispatchEvent(new Event('close'));
    await vi.advanceTimersByTimeAsync(3_000);
    expect([live.line.isRefused, live.state.seq, judged()]).toEqual([true, 1, 'lost']);
    isOut = false;
    latest().say(snapshotOf());
    expect([live.line.isRefused, judged()]).toEqual([false, 'live']);
    live.stop();
  });
});

describe('frames of a newer collector', () => {
  it('are taken in as far as they are known', () => {
    const { live, latest } = board();
    const newer = snapshotOf();
    latest().say({
      ...newer,
      holograms: [1],
      sites: newer.sites.map((site) => ({ ...site, mood: 1 })),
    });
    latest().say({ type: 'hologram', seq: 2 });
    latest().say({ ...deltaOf(2, { changes: [[0, 40, 99, 1, 2, 3]] }), moods: [] });
    expect(live.state.seq).toBe(2);
    // A verdict that this board does not know is not a good one.
    expect(live.state.workstations[0]?.verdict).toBe('unknown');
    live.stop();
  });

  it('out of their order ask for everything again, once, and change nothing', () => {
    const { live, latest } = board();
    latest().say(snapshotOf());
    for (const seq of [9, 5, 7]) latest().say(deltaOf(seq, { removed: [0] }));
    expect(live.state.seq).toBe(1);
    expect(live.state.workstations[0]).toBeDefined();
    expect(latest().sent.filter((text) => text.includes('resync'))).toHaveLength(1);
    live.stop();
  });

  it('that are broken in any way never take the picture away', () => {
    const { live, latest } = board();
    latest().say(snapshotOf());
    fc.assert(
      fc.property(
        fc.constantFrom('delta', 'beat', 'error', 'hello', 'nothing'),
        fc.dictionary(
          fc.constantFrom('seq', 'changes', 'flips', 'sites', 'overview'),
          fc.jsonValue(),
        ),
        (type, part) => {
          latest().say({ type, ...part });
          expect(live.state.workstations[0]).toBeDefined();
        },
      ),
      { seed: 732 },
    );
    live.stop();
  });
});
