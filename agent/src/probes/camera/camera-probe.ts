import { MAX_DEVICES, type CameraFacts } from '@ppe-pulse/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import type { CameraConfig } from './camera-config.ts';
import { cameraFacts, cameraMetrics, type CameraView } from './camera-report.ts';
import type { CameraRoom } from './camera-room.ts';
import { PictureState, type Look } from './picture.ts';
import type { OpenedStream, StreamFailure, WatchedStream } from './stream-failure.ts';
import type { StreamSnapshot } from './stream-stats.ts';

/** What a camera probe works with. */
export interface CameraParts {
  readonly clock: Clock;
  readonly room: CameraRoom;
  /** Never rejects, and takes 10 s at most. */
  readonly open: () => Promise<OpenedStream>;
  /**
   * A look at decoded frames by a program in the probe child, 28 s at most; its outcome is undefined
   * when it could not see. Undefined while another camera is looked at. Never rejects.
   */
  readonly look: () => Promise<Look | undefined> | undefined;
}

const SAMPLE_PERIOD_MS = 60_000;
/** The first second is dropped, ten are counted, and the first frame has time to come. */
const SAMPLE_MS = 12_000;
/** Opening, the sample, a look at the picture, and some to spare. */
const SAMPLE_DEADLINE_MS = 52_000;
const ALWAYS_PERIOD_MS = 1_000;
const ALWAYS_DEADLINE_MS = 20_000;
/** In a sample the frames are looked at so often. */
const GLANCE_MS = 1_000;
/** A camera that refused is asked again after this. */
const RETRY_MS = 5_000;
/** Cameras lock out who tries a wrong password five times. */
const RETRY_SIGN_IN_MS = 300_000;
/** A server may wait for the next key frame before it sends anything. */
const FIRST_FRAME_MS = 5_000;
/** A camera that lost its power behind a cable that was cut never tells: it is asked anew. */
const REOPEN_MS = 15_000;

/** One camera's stream: sampled once a minute, or watched without a pause. */
export class CameraProbe implements Probe {
  readonly name: string;
  readonly family = 'camera';
  readonly watches: { readonly subject: 'camera'; readonly device: number };
  readonly startAfterMs: number;
  readonly periodMs: number;
  /** A camera is no device that prints or scans. */
  readonly quietPeriodMs = 'never';
  readonly deadlineMs: number;
  readonly #device: number;
  readonly #parts: CameraParts;
  readonly #isAlways: boolean;
  readonly #confirms: boolean;
  readonly #transport: CameraFacts['transport'];
  readonly #picture = new PictureState();
  #stream: WatchedStream | undefined;
  #openedAtMs = 0;
  #lastFrameAtMs: number | undefined;
  #failure: StreamFailure | undefined;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #isLooking = false;
  #isResting = false;
  #isStopped = false;

  constructor(device: number, camera: CameraConfig, parts: CameraParts) {
    this.name = `camera ${device}`;
    this.#device = device;
    this.watches = { subject: 'camera', device };
    this.#isAlways = camera.watch === 'always';
    this.periodMs = this.#isAlways ? ALWAYS_PERIOD_MS : SAMPLE_PERIOD_MS;
    // Fifty samples at once would fill the card of the PC that watches a site's cameras.
    this.startAfterMs = this.#isAlways ? 0 : ((device - 1) * SAMPLE_PERIOD_MS) / MAX_DEVICES;
    this.deadlineMs = this.#isAlways ? ALWAYS_DEADLINE_MS : SAMPLE_DEADLINE_MS;
    this.#confirms = camera.confirm;
    this.#transport = camera.url.startsWith('rtsp:') ? camera.transport : 'http';
    this.#parts = parts;
    parts.room.join(device);
  }

  measure(signal: AbortSignal): Promise<ProbeOutcome> {
    this.#isResting = false;
    return this.#isAlways ? this.#glance(signal) : this.#sample(signal);
  }

  rest(): void {
    this.#isResting = true;
    this.#close();
  }

  stop(): void {
    this.#isStopped = true;
    this.#close();
  }

  async #sample(signal: AbortSignal): Promise<ProbeOutcome> {
    if (this.#isDue()) await this.#open();
    const untilMs = this.#openedAtMs + SAMPLE_MS;
    while (this.#stream && !signal.aborted && this.#nowMs() < untilMs) {
      await pause(GLANCE_MS, signal);
      this.#see();
    }
    const seen = this.#see();
    const state = stateOf(seen);
    this.#close();
    // After the sample, not beside it: a weak camera has one session for us.
    if (state === 'streaming' && !signal.aborted) await this.#look();
    return this.#judged(state, seen);
  }

  async #glance(signal: AbortSignal): Promise<ProbeOutcome> {
    if (this.#isDead()) this.#close();
    if (!this.#stream && this.#isDue()) {
      await this.#open();
      // The first frame comes 0.1–0.3 s after PLAY: then there is something to say at once.
      if (this.#stream && this.#see()?.lastFrameAgeMs === undefined) await pause(GLANCE_MS, signal);
    }
    const seen = this.#see();
    const isYoung = this.#nowMs() - this.#openedAtMs < FIRST_FRAME_MS;
    // PLAY was answered: until a frame is due there is nothing to say.
    if (seen && seen.lastFrameAgeMs === undefined && isYoung)
      return { kind: 'measured', metrics: {} };
    const state = stateOf(seen);
    if (state === 'streaming') void this.#look();
    return this.#judged(state, seen);
  }

  async #open(): Promise<void> {
    const opened = await this.#parts.open();
    if (opened.kind === 'failed') {
      this.#failed(opened.reason);
      return;
    }
    const { stream } = opened;
    if (this.#isStopped || this.#isResting) {
      stream.close();
      return;
    }
    this.#stream = stream;
    this.#openedAtMs = this.#nowMs();
    this.#failure = undefined;
    void stream.ended.then((reason) => {
      if (this.#stream !== stream) return;
      this.#stream = undefined;
      this.#failed(reason);
    });
  }

  #close(): void {
    const stream = this.#stream;
    // First forgotten, then closed: this end is no failure.
    this.#stream = undefined;
    stream?.close();
  }

  #failed(reason: StreamFailure): void {
    this.#failure = reason;
    this.#failedAtMs = this.#nowMs();
  }

  #isDue(): boolean {
    const waitMs = this.#failure === 'unauthorised' ? RETRY_SIGN_IN_MS : RETRY_MS;
    return this.#failure === undefined || this.#nowMs() - this.#failedAtMs >= waitMs;
  }

  #isDead(): boolean {
    const nowMs = this.#nowMs();
    const seen = this.#stream?.snapshot(nowMs);
    if (!seen) return false;
    const silentMs = Math.min(
      nowMs - this.#openedAtMs,
      seen.lastFrameAgeMs ?? Number.POSITIVE_INFINITY,
    );
    return silentMs > Math.max(REOPEN_MS, seen.stallAfterMs);
  }

  /** What is true of the stream now; what its frames look like is remembered. */
  #see(): StreamSnapshot | undefined {
    const nowMs = this.#nowMs();
    const seen = this.#stream?.snapshot(nowMs);
    if (seen?.lastFrameAgeMs !== undefined) this.#lastFrameAtMs = nowMs - seen.lastFrameAgeMs;
    if (stateOf(seen) !== 'streaming') this.#picture.reset();
    else if (seen?.numbers) this.#picture.add(seen.numbers, seen, nowMs);
    return seen;
  }

  /** Looks at decoded frames when it is time, one look at a time. */
  async #look(): Promise<void> {
    if (!this.#confirms || this.#isLooking || !this.#picture.needsLook(this.#nowMs())) return;
    const look = this.#parts.look();
    if (!look) return;
    this.#isLooking = true;
    const found = await look;
    this.#isLooking = false;
    this.#picture.looked(found, this.#nowMs());
  }

  #judged(state: CameraFacts['state'], stream: StreamSnapshot | undefined): ProbeOutcome {
    const { room } = this.#parts;
    const nowMs = this.#nowMs();
    room.report(this.#device, state === 'streaming', this.#sinceMs(state, nowMs));
    const view: CameraView = {
      transport: this.#transport,
      state,
      failure: this.#failure,
      stream,
      lastFrameAgeMs: this.#lastFrameAtMs === undefined ? undefined : nowMs - this.#lastFrameAtMs,
      picture: this.#picture.at(nowMs),
      outageMs: room.outageMs(nowMs),
      isOtherStreaming: room.isOtherStreaming(this.#device),
    };
    return {
      kind: 'measured',
      facts: { subject: 'camera', facts: cameraFacts(view) },
      metrics: cameraMetrics(this.#device, view),
    };
  }

  /** When the state began: between two samples nobody saw, so that nothing is claimed of that time. */
  #sinceMs(state: CameraFacts['state'], nowMs: number): number {
    if (state === 'streaming') return this.#isAlways ? nowMs : this.#openedAtMs;
    const isOfNow = this.#isAlways || state === 'stalled';
    return isOfNow ? (this.#lastFrameAtMs ?? nowMs) : nowMs;
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }
}

function stateOf(seen: StreamSnapshot | undefined): CameraFacts['state'] {
  if (!seen) return 'none';
  const ageMs = seen.lastFrameAgeMs ?? Number.POSITIVE_INFINITY;
  return ageMs > seen.stallAfterMs ? 'stalled' : 'streaming';
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
