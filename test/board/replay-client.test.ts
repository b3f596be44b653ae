import { describe, expect, it } from 'vitest';
import type { RecordedFrame, ReplayFrames, ReplayGap, ReplayMoment } from '@ppe-pulse/protocol';
import type { ApiAnswer } from '../../board/src/api/client.ts';
import { GAP_SHOWN_MS, ReplayClient, TICK_MS } from '../../board/src/replay/replay-client.ts';
import {
  BOARD_MS,
  deltaOf,
  overviewOf,
  silentWorkstation,
  snapshotOf,
} from '../support/board-page.ts';

const SECOND_MS = 1_000;
const END_MS = BOARD_MS + 600_000;

/** A frame a second: the workstation's only value is the second. */
function frameAt(atMs: number): RecordedFrame {
  const second = Math.round((atMs - BOARD_MS) / SECOND_MS);
  const delta = deltaOf(1 + second, { serverTimeMs: atMs, changes: [[0, 0, 0, second]] });
  return { atMs, frame: delta };
}

function momentAt(atMs: number): ReplayMoment {
  const second = Math.floor((atMs - BOARD_MS) / SECOND_MS);
  const snapshot = snapshotOf({
    seq: 1 + second,
    serverTimeMs: BOARD_MS + second * SECOND_MS,
    workstations: [{ ...silentWorkstation(), values: [second] }],
  });
  return { atMs, snapshot, endedIncidents: [] };
}

/** A film of ten minutes whose collector answers when the test lets it. */
class Cinema {
  nowMs = 5_000;
  gap: ReplayGap | undefined;
  endMs = END_MS;
  readonly asked: string[] = [];
  refusal: ApiAnswer<never> | undefined;
  readonly client: ReplayClient;

  constructor() {
    this.client = new ReplayClient({
      nowMs: () => this.nowMs,
      moment: async (atMs) => {
        this.asked.push(`moment ${(atMs - BOARD_MS) / SECOND_MS}`);
        return this.refusal ?? { kind: 'done', value: momentAt(atMs) };
      },
      frames: async (fromMs, toMs) => {
        this.asked.push('frames');
        return { kind: 'done', value: this.#frames(fromMs, Math.min(toMs, this.endMs)) };
      },
    });
  }

  get second(): number {
    return Number(this.client.state.workstations[0]?.values[0]);
  }

  /** Real time goes by, a tick at a time. */
  async wait(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += TICK_MS) {
      this.nowMs += TICK_MS;
      this.client.tick();
      await this.settle();
    }
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }

  #frames(fromMs: number, toMs: number): ReplayFrames {
    const items: RecordedFrame[] = [];
    for (let atMs = BOARD_MS; atMs <= toMs; atMs += SECOND_MS)
      if (atMs > fromMs && !(this.gap && atMs > this.gap.fromMs && atMs < this.gap.toMs))
        items.push(frameAt(atMs));
    const gaps = this.gap && this.gap.fromMs < toMs && this.gap.toMs > fromMs ? [this.gap] : [];
    return { fromMs, toMs, endMs: this.endMs, gaps, items };
  }
}

async function opened(atMs = BOARD_MS): Promise<Cinema> {
  const cinema = new Cinema();
  await cinema.client.seek(atMs);
  await cinema.settle();
  return cinema;
}

describe('replay client', () => {
  it('shows a moment and stands still until somebody plays', async () => {
    const cinema = await opened(BOARD_MS + 30_500);
    expect(cinema.second).toBe(30);
    await cinema.wait(20_000);
    expect(cinema.second).toBe(30);
    expect(cinema.client.status).toMatchObject({ phase: 'shown', isPlaying: false });
    // Never late: half a second after its newest frame, however long anybody looks.
    expect(cinema.client.line.heldAgeMs).toBe(500);
    expect(cinema.nowMs - (cinema.client.line.lastFrameMs ?? 0)).toBe(500);
  });

  it.each([1, 2, 5, 10, 30, 60] as const)('plays ×%d as fast as it says', async (speed) => {
    const cinema = await opened();
    cinema.client.setSpeed(speed);
    cinema.client.play();
    await cinema.settle();
    await cinema.wait(8_000);
    expect(cinema.client.status.atMs).toBe(BOARD_MS + 8_000 * speed);
    expect(cinema.second).toBe(8 * speed);
    cinema.client.pause();
    await cinema.wait(2_000);
    expect(cinema.second).toBe(8 * speed);
  });

  it('fetches ahead in chunks: a minute at ×60 is not sixty requests', async () => {
    const cinema = await opened();
    cinema.client.setSpeed(60);
    cinema.client.play();
    await cinema.wait(9_000);
    expect(cinema.asked.length).toBeLessThan(9);
  });

  it('tells those who listen at most four times a second', async () => {
    const cinema = await opened();
    cinema.client.setSpeed(60);
    cinema.client.play();
    await cinema.settle();
    let told = 0;
    cinema.client.subscribe(() => (told += 1));
    await cinema.wait(4_000);
    expect(told).toBeLessThanOrEqual(16);
    expect(told).toBeGreaterThan(10);
  });

  it('jumps while it plays, and forgets what was asked before the jump', async () => {
    const cinema = await opened();
    cinema.client.play();
    const first = cinema.client.seek(BOARD_MS + 100_000);
    const second = cinema.client.seek(BOARD_MS + 300_000);
    await Promise.all([first, second]);
    await cinema.settle();
    expect(cinema.second).toBe(300);
    await cinema.wait(3_000);
    expect(cinema.second).toBe(303);
  });

  it('shows a gap as a gap for a while and goes on behind it', async () => {
    const cinema = await opened();
    cinema.gap = {
      fromMs: BOARD_MS + 20_000,
      toMs: BOARD_MS + 80_000,
      reason: 'notRecorded',
    };
    await cinema.client.seek(BOARD_MS + 15_000);
    cinema.client.play();
    await cinema.settle();
    await cinema.wait(5_250);
    expect(cinema.client.status).toMatchObject({ phase: 'gap', gap: cinema.gap });
    expect(cinema.client.status.atMs).toBe(BOARD_MS + 20_000);
    await cinema.wait(GAP_SHOWN_MS + TICK_MS);
    expect(cinema.client.status.phase).toBe('shown');
    expect(cinema.second).toBeGreaterThanOrEqual(80);
  });

  it('says where a jump fell into a gap, and does not show a picture there', async () => {
    const cinema = await opened();
    cinema.client.setSpans([
      { fromMs: BOARD_MS, toMs: BOARD_MS + 20_000, day: null },
      { fromMs: BOARD_MS + 80_000, toMs: END_MS, day: null },
    ]);
    cinema.refusal = { kind: 'failed', status: 404, detail: '', reason: 'notRecorded' };
    await cinema.client.seek(BOARD_MS + 40_000);
    expect(cinema.client.status).toMatchObject({
      phase: 'gap',
      gap: { fromMs: BOARD_MS + 20_000, toMs: BOARD_MS + 80_000 },
    });
    cinema.refusal = { kind: 'failed', status: 404, detail: '', reason: 'beforeRecord' };
    await cinema.client.seek(BOARD_MS - 40_000);
    expect(cinema.client.status).toMatchObject({ phase: 'failed', reason: 'beforeRecord' });
  });

  it('stops at the end of the record, and goes on when there is more', async () => {
    const cinema = await opened(END_MS - 3_000);
    cinema.client.play();
    await cinema.settle();
    await cinema.wait(6_000);
    expect(cinema.client.status).toMatchObject({ phase: 'end', isPlaying: false, atMs: END_MS });
    cinema.endMs += 60_000;
    cinema.client.play();
    await cinema.settle();
    await cinema.wait(3_000);
    expect(cinema.client.status).toMatchObject({ phase: 'shown', isPlaying: true });
    expect(cinema.second).toBeGreaterThan(600);
  });

  it('stops where a frame does not follow: a wrong picture is worse than none', async () => {
    const cinema = await opened();
    const { client } = cinema;
    const lost = new ReplayClient({
      nowMs: () => cinema.nowMs,
      moment: async (atMs) => ({ kind: 'done', value: momentAt(atMs) }),
      frames: async (fromMs, toMs) => ({
        kind: 'done',
        value: { fromMs, toMs, endMs: END_MS, gaps: [], items: [frameAt(BOARD_MS + 5_000)] },
      }),
    });
    await lost.seek(BOARD_MS);
    lost.play();
    await cinema.settle();
    for (let ms = 0; ms < 6_000; ms += TICK_MS) {
      cinema.nowMs += TICK_MS;
      lost.tick();
      await cinema.settle();
    }
    expect(lost.status).toMatchObject({ phase: 'failed', reason: 'damagedRecord' });
    expect(client.status.phase).toBe('shown');
    expect(overviewOf().at).toBe(lost.state.overview?.at);
  });
});
