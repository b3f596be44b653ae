import { setTimeout as pause } from 'node:timers/promises';
import { deviceId, type CameraFacts, type Metrics } from '@ppe-pulse/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import type { CameraConfig } from './camera-config.ts';
import type { CameraRoom } from './camera-room.ts';
import { openHlsStream } from './hls.ts';
import { openMjpegStream } from './mjpeg.ts';
import { PictureState } from './picture.ts';
import { openRtspStream } from './rtsp-stream.ts';
import type { OpenedStream, StreamFailure, WatchedStream } from './stream-failure.ts';
import type { StreamSnapshot } from './stream-stats.ts';

/** A look at key frames by a program in the probe child; undefined when it could not look. */
export type LookAtPicture = (
  camera: CameraConfig,
) => Promise<'frozen' | 'black' | 'moving' | undefined>;

/** What a camera probe works with. */
export interface CameraParts {
  readonly clock: Clock;
  readonly room: CameraRoom;
  readonly look: LookAtPicture;
}

const SAMPLE_PERIOD_MS = 60_000;
/** The first second is dropped, then one whole window: and time for a slow camera to answer. */
const SAMPLE_MS = 10_000;
const SAMPLE_DEADLINE_MS = 35_000;
const ALWAYS_PERIOD_MS = 1_000;
const ALWAYS_DEADLINE_MS = 20_000;
/** A camera that refused is asked again after this. */
const RETRY_MS = 5_000;

/** One camera's stream: sampled once a minute, or watched without a pause. */
export class CameraProbe implements Probe {
  readonly name: string;
  readonly family = 'camera';
  readonly watches: { readonly subject: 'camera'; readonly device: number };
  readonly periodMs: number;
  readonly deadlineMs: number;
  readonly #device: number;
  readonly #camera: CameraConfig;
  readonly #parts: CameraParts;
  readonly #picture = new PictureState();
  #stream: WatchedStream | undefined;
  #failure: StreamFailure | undefined;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #openedAtMs = 0;
  #isLooking = false;
  #isStopped = false;

  constructor(device: number, camera: CameraConfig, parts: CameraParts) {
    this.name = `camera ${device}`;
    this.#device = device;
    this.watches = { subject: 'camera', device };
    const isAlways = camera.watch === 'always';
    this.periodMs = isAlways ? ALWAYS_PERIOD_MS : SAMPLE_PERIOD_MS;
    this.deadlineMs = isAlways ? ALWAYS_DEADLINE_MS : SAMPLE_DEADLINE_MS;
    this.#camera = camera;
    this.#parts = parts;
  }

  measure(signal: AbortSignal): Promise<ProbeOutcome> {
    return this.#camera.watch === 'always' ? this.#glance() : this.#sample(signal);
  }

  stop(): void {
    this.#isStopped = true;
    this.#stream?.close();
    this.#stream = undefined;
  }

  async #sample(signal: AbortSignal): Promise<ProbeOutcome> {
    await this.#open();
    if (this.#stream) {
      await pause(SAMPLE_MS, undefined, { signal }).catch(() => undefined);
    }
    const outcome = this.#outcome();
    this.#stream?.close();
    this.#stream = undefined;
    return outcome;
  }

  async #glance(): Promise<ProbeOutcome> {
    const nowMs = this.#parts.clock.monotonicMs();
    if (!this.#stream && nowMs - this.#failedAtMs >= RETRY_MS) await this.#open();
    // Until the first frame there is nothing to say, and soon there is a stall.
    return this.#outcome();
  }

  async #open(): Promise<void> {
    const opened = await open(this.#camera, this.#parts.clock);
    if (opened.kind === 'failed') {
      this.#failed(opened.reason);
      return;
    }
    const { stream } = opened;
    if (this.#isStopped) {
      stream.close();
      return;
    }
    this.#stream = stream;
    this.#openedAtMs = this.#parts.clock.monotonicMs();
    this.#failure = undefined;
    void stream.ended.then((reason) => {
      if (this.#stream !== stream) return;
      this.#stream = undefined;
      this.#failed(reason);
    });
  }

  #failed(reason: StreamFailure): void {
    this.#failure = reason;
    this.#failedAtMs = this.#parts.clock.monotonicMs();
  }

  #outcome(): ProbeOutcome {
    const nowMs = this.#parts.clock.monotonicMs();
    const seen = this.#stream?.snapshot(nowMs);
    const lastMs = seen?.lastFrameAgeMs;
    if (seen && lastMs === undefined && this.#failure === undefined) {
      // PLAY was answered and no frame has come: a stall once the first should be here.
      return this.#camera.watch === 'always' && nowMs - this.#openedAtMs < RETRY_MS
        ? { kind: 'measured', metrics: {} }
        : this.#judged(nowMs, 'stalled', seen);
    }
    if (!seen) return this.#judged(nowMs, 'none', undefined);
    if (seen.numbers) this.#picture.add(seen.numbers, nowMs);
    const isStalled = (lastMs ?? 0) > seen.stallAfterMs;
    if (!isStalled) this.#confirm(nowMs);
    return this.#judged(nowMs, isStalled ? 'stalled' : 'streaming', seen);
  }

  #judged(
    nowMs: number,
    state: CameraFacts['state'],
    seen: StreamSnapshot | undefined,
  ): ProbeOutcome {
    const { room } = this.#parts;
    const lastMs = seen?.lastFrameAgeMs ?? 0;
    const isStreaming = state === 'streaming';
    room.report(this.#device, isStreaming, isStreaming ? nowMs : nowMs - lastMs);
    const outageMs = room.outageMs(nowMs);
    const facts: CameraFacts = {
      transport: this.#camera.url.startsWith('rtsp') ? this.#camera.transport : 'http',
      state,
      ...(state === 'none' ? { failure: this.#failure ?? 'noStream' } : {}),
      ...(seen?.numbers?.fps === undefined ? {} : { fps: isStreaming ? seen.numbers.fps : 0 }),
      ...seen?.size,
      ...(seen?.hasAudio === undefined ? {} : { hasAudio: seen.hasAudio }),
      lossRatio: seen?.numbers?.lossRatio ?? 0,
      lastFrameAgeMs: lastMs,
      picture: isStreaming ? this.#picture.at(nowMs) : 'moving',
      outageMs,
      isOtherStreaming: room.isOtherStreaming(this.#device),
    };
    return {
      kind: 'measured',
      facts: { subject: 'camera', facts },
      metrics: this.#metrics(facts, seen),
    };
  }

  #metrics(facts: CameraFacts, seen: StreamSnapshot | undefined): Metrics {
    const isStreaming = facts.state === 'streaming';
    const numbers = isStreaming ? seen?.numbers : undefined;
    const values: Record<string, number | undefined> = {
      'camera.fps': isStreaming ? numbers?.fps : 0,
      'camera.bytesPerSecond': isStreaming ? numbers?.bytesPerSecond : 0,
      'camera.loss.ratio': numbers?.lossRatio,
      'camera.jitter.ms': numbers?.jitterMs,
      'camera.keyFrame.ms': seen?.keyFrameAgeMs,
      'camera.lastFrame.ms': seen?.lastFrameAgeMs,
      'camera.width.pixels': seen?.size?.width,
      'camera.height.pixels': seen?.size?.height,
      'camera.outage.seconds': facts.outageMs / 1_000,
    };
    const metrics: Metrics = {};
    for (const [id, value] of Object.entries(values)) {
      if (value !== undefined) metrics[deviceId(id, this.#device)] = value;
    }
    return metrics;
  }

  /** Asks for a look at the picture when its sizes seem still; one at a time. */
  #confirm(nowMs: number): void {
    if (!this.#camera.confirm || this.#isLooking || !this.#picture.needsLook(nowMs)) return;
    this.#isLooking = true;
    void this.#parts.look(this.#camera).then((picture) => {
      this.#isLooking = false;
      if (picture !== undefined) this.#picture.confirm(picture, this.#parts.clock.monotonicMs());
    });
  }
}

function open(camera: CameraConfig, clock: Clock): Promise<OpenedStream> {
  const { url, transport, username, password = '' } = camera;
  if (url.startsWith('rtsp:')) {
    const signIn = username === undefined ? {} : { username, password };
    return openRtspStream({ url, transport, ...signIn }, clock);
  }
  const target = username === undefined ? { url } : { url, credentials: { username, password } };
  return /\.m3u8(\?|$)/.test(url) ? openHlsStream(target, clock) : openMjpegStream(target, clock);
}
