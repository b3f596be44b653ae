import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CameraFacts } from '@ppe-pulse/protocol';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { withDeadline } from '../../agent/src/platform/deadline.ts';
import type { CameraConfig } from '../../agent/src/probes/camera/camera-config.ts';
import { CameraProbe, type CameraParts } from '../../agent/src/probes/camera/camera-probe.ts';
import { STALL_MS } from '../../agent/src/probes/camera/frame-tally.ts';
import { CameraRoom } from '../../agent/src/probes/camera/camera-room.ts';
import type {
  OpenedStream,
  StreamFailure,
  WatchedStream,
} from '../../agent/src/probes/camera/stream-failure.ts';
import type { StreamSnapshot } from '../../agent/src/probes/camera/stream-stats.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream whose frames come while `flows`. */
class FakeStream implements WatchedStream {
  isClosed = false;
  flows: boolean;
  #lastFrameMs: number | undefined;
  end: (reason: StreamFailure) => void = () => undefined;
  readonly ended = new Promise<StreamFailure>((resolve) => {
    this.end = resolve;
  });

  constructor(flows = true) {
    this.flows = flows;
  }

  snapshot(nowMs: number): StreamSnapshot {
    if (this.flows) this.#lastFrameMs = nowMs - 10;
    const still = { count: 3, meanBytes: 90_000, minBytes: 90_000, maxBytes: 90_000 };
    return {
      codec: 'h264',
      size: { width: 1280, height: 720 },
      stallAfterMs: STALL_MS,
      numbers: { fps: 25, bytesPerSecond: 250_000, lossRatio: 0, keys: still, spanMs: 5_000 },
      ...(this.#lastFrameMs === undefined ? {} : { lastFrameAgeMs: nowMs - this.#lastFrameMs }),
    };
  }

  close(): void {
    this.isClosed = true;
    this.end('noStream');
  }
}

/** A probe of a camera that answers as the test says. */
function probeOf(camera: Partial<CameraConfig>, parts: Partial<CameraParts> = {}) {
  const streams: FakeStream[] = [];
  const next: { answer: StreamFailure | (() => FakeStream) } = { answer: () => new FakeStream() };
  const opened: number[] = [];
  const clock = systemClock();
  const open = (): Promise<OpenedStream> => {
    opened.push(Math.round(clock.monotonicMs() / 1_000));
    if (typeof next.answer === 'string')
      return Promise.resolve({ kind: 'failed', reason: next.answer });
    const stream = next.answer();
    streams.push(stream);
    return Promise.resolve({ kind: 'open', stream });
  };
  const config: CameraConfig = {
    url: 'rtsp://192.0.2.1/live',
    transport: 'tcp',
    watch: 'always',
    confirm: false,
    ...camera,
  };
  const room = new CameraRoom();
  const probe = new CameraProbe(1, config, {
    clock,
    room,
    open,
    look: () => undefined,
    ...parts,
  });
  let facts: CameraFacts | undefined;
  const look = async (): Promise<CameraFacts | undefined> => {
    const outcome = await probe.measure(new AbortController().signal);
    if (outcome.kind === 'measured' && outcome.facts?.subject === 'camera')
      ({ facts } = outcome.facts);
    return facts;
  };
  /** Looks once a second, as the harness does; the last facts. */
  const pass = async (seconds: number): Promise<CameraFacts | undefined> => {
    for (let second = 0; second < seconds; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      await look();
    }
    return facts;
  };
  return { probe, streams, next, opened, look, pass };
}

describe('a camera that is watched without a pause', () => {
  it('is opened once, and says nothing until its first frame is due', async () => {
    const { next, look, pass, opened } = probeOf({});
    next.answer = () => new FakeStream(false);
    const first = look();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await first).toBeUndefined();
    expect(await pass(3)).toBeUndefined();
    expect(await pass(2)).toMatchObject({ state: 'stalled', fps: 0 });
    expect(opened).toEqual([0]);
  });

  it('that stays stalled is opened anew, and again while it does not answer', async () => {
    const { streams, next, look, pass, opened } = probeOf({});
    expect(await look()).toMatchObject({ state: 'streaming', fps: 25, outageMs: 0 });
    const [first] = streams;
    if (first) first.flows = false;
    next.answer = 'noAnswer';
    expect(await pass(4)).toMatchObject({ state: 'stalled' });
    expect(await pass(10)).toMatchObject({ state: 'stalled' });
    expect(first?.isClosed).toBe(false);
    expect(await pass(2)).toMatchObject({ state: 'none', failure: 'noAnswer' });
    expect(first?.isClosed).toBe(true);
    expect((await pass(10))?.outageMs).toBeGreaterThan(25_000);
    expect(opened.slice(1).map((each, at) => each - (opened[at] ?? 0))).toEqual([16, 5, 5]);
    next.answer = () => new FakeStream();
    const back = await pass(5);
    expect(back).toMatchObject({ state: 'streaming' });
    expect(back?.outageMs).toBeGreaterThan(25_000);
    expect((await pass(60))?.outageMs).toBe(back?.outageMs);
  });

  it('that ended is told so and asked again after five seconds', async () => {
    const { streams, next, look, pass, opened } = probeOf({});
    await look();
    next.answer = 'refused';
    streams[0]?.end('noStream');
    expect(await pass(1)).toMatchObject({ state: 'none', failure: 'noStream', picture: 'moving' });
    expect(await pass(5)).toMatchObject({ state: 'none', failure: 'refused' });
    expect((await pass(1))?.lastFrameAgeMs).toBeGreaterThan(6_000);
    expect(opened).toEqual([0, 5]);
  });

  it('that refuses the password is not asked so often that it locks us out', async () => {
    const { next, look, pass, opened } = probeOf({});
    next.answer = 'unauthorised';
    expect(await look()).toMatchObject({ state: 'none', failure: 'unauthorised' });
    expect(await pass(299)).toMatchObject({ state: 'none', failure: 'unauthorised' });
    await pass(1);
    expect(opened).toEqual([0, 300]);
  });

  it('is suspected to be frozen, and looked at without a second look beside the first', async () => {
    let looks = 0;
    let answer: (look: 'frozen') => void = () => undefined;
    const lookAt = () => {
      looks += 1;
      return new Promise<'frozen'>((resolve) => {
        answer = resolve;
      });
    };
    const { pass } = probeOf({ confirm: true }, { look: lookAt });
    expect(await pass(20)).toMatchObject({ picture: 'frozenSuspected' });
    expect(looks).toBe(1);
    answer('frozen');
    expect(await pass(1)).toMatchObject({ picture: 'frozen' });
    await pass(50);
    expect(looks).toBe(1);
    await pass(10);
    expect(looks).toBe(2);
  });

  it('waits with its look while another camera is looked at', async () => {
    let looks = 0;
    const { pass } = probeOf(
      { confirm: true },
      { look: () => ((looks += 1) > 3 ? Promise.resolve(undefined) : undefined) },
    );
    await pass(20);
    expect(looks).toBe(4);
  });

  it('that is stopped while it is opened is closed', async () => {
    let answer: (opened: OpenedStream) => void = () => undefined;
    const opening = new Promise<OpenedStream>((resolve) => {
      answer = resolve;
    });
    const { probe } = probeOf({}, { open: () => opening });
    const outcome = probe.measure(new AbortController().signal);
    probe.stop();
    const stream = new FakeStream();
    answer({ kind: 'open', stream });
    await outcome;
    expect(stream.isClosed).toBe(true);
  });
});

describe('a camera that is sampled', () => {
  const sample = async (
    seconds: number,
    measured: Promise<CameraFacts | undefined>,
  ): Promise<CameraFacts | undefined> => {
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
    return measured;
  };

  it('is watched for twelve seconds and closed, and its picture is judged', async () => {
    const { streams, look } = probeOf({ watch: 'sample' });
    const measured = look();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(streams[0]?.isClosed).toBe(false);
    expect(await sample(2, measured)).toMatchObject({
      state: 'streaming',
      fps: 25,
      picture: 'frozenSuspected',
    });
    expect(streams[0]?.isClosed).toBe(true);
  });

  it('is looked at after its sample, when its own stream is closed', async () => {
    const wasClosed: (boolean | undefined)[] = [];
    const { streams, look } = probeOf(
      { watch: 'sample', confirm: true },
      {
        look: () => {
          wasClosed.push(streams.at(-1)?.isClosed);
          return Promise.resolve('black' as const);
        },
      },
    );
    expect(await sample(13, look())).toMatchObject({ picture: 'black' });
    expect(wasClosed).toEqual([true]);
  });

  it('that stalls in its sample, ends in it, or does not answer says so', async () => {
    const { streams, next, look } = probeOf({ watch: 'sample' });
    const stalling = look();
    await vi.advanceTimersByTimeAsync(5_000);
    if (streams[0]) streams[0].flows = false;
    expect(await sample(8, stalling)).toMatchObject({ state: 'stalled' });
    const ending = look();
    await vi.advanceTimersByTimeAsync(5_000);
    streams[1]?.end('noStream');
    expect(await sample(8, ending)).toMatchObject({ state: 'none', failure: 'noStream' });
    await vi.advanceTimersByTimeAsync(60_000);
    next.answer = 'refused';
    expect(await look()).toMatchObject({ state: 'none', failure: 'refused' });
  });

  it('is closed when the harness’s time is up', async () => {
    const { probe, streams } = probeOf({ watch: 'sample' });
    const measured = withDeadline('camera', 3_000, (signal) => probe.measure(signal));
    await Promise.all([
      expect(measured).rejects.toThrow('did not answer within 3000 ms'),
      vi.advanceTimersByTimeAsync(3_000),
    ]);
    await vi.advanceTimersByTimeAsync(1);
    expect(streams[0]?.isClosed).toBe(true);
  });

  it('claims no outage of the minute between two samples', async () => {
    const { next, look } = probeOf({ watch: 'sample' });
    await sample(13, look());
    await vi.advanceTimersByTimeAsync(47_000);
    next.answer = 'refused';
    expect(await look()).toMatchObject({ state: 'none', outageMs: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await look())?.outageMs).toBe(60_000);
    await vi.advanceTimersByTimeAsync(60_000);
    next.answer = () => new FakeStream();
    // The sample's own twelve seconds were video.
    expect((await sample(13, look()))?.outageMs).toBe(120_000);
  });
});
