import type { Clock } from '../../platform/clock.ts';
import { openHttp, type HttpTarget } from './http-open.ts';
import { jpegSize } from './jpeg.ts';
import type { OpenedStream, StreamFailure } from './stream-failure.ts';
import type { StreamNumbers, StreamSnapshot } from './stream-stats.ts';
import type { FrameSize } from './sps.ts';

const WINDOW_MS = 5_000;
const STALL_MS = 3_500;
/** Heads of parts are ~100 bytes. */
const MAX_HEAD_BYTES = 4_096;
/** A camera's picture is 50–500 kB. */
const MAX_PICTURE_BYTES = 20_000_000;

/** Opens a Motion-JPEG stream (multipart/x-mixed-replace) and starts to count it. Never rejects. */
export async function openMjpegStream(target: HttpTarget, clock: Clock): Promise<OpenedStream> {
  const opened = await openHttp(target);
  if (opened.kind === 'failed') return opened;
  const { request, response } = opened;
  const type = response.headers['content-type'] ?? '';
  if (!/^multipart\/x-mixed-replace/i.test(type)) {
    request.destroy();
    return { kind: 'failed', reason: 'unsupported' };
  }
  const stats = new MjpegStats();
  let end: (reason: StreamFailure) => void = () => undefined;
  const ended = new Promise<StreamFailure>((resolve) => {
    end = resolve;
  });
  response.on('data', (piece: Buffer) => {
    if (stats.push(piece, clock.monotonicMs())) return;
    end('badAnswer');
    request.destroy();
  });
  for (const event of ['end', 'error', 'close'] as const) response.on(event, () => end('noStream'));
  request.on('error', () => end('noStream'));
  return {
    kind: 'open',
    stream: {
      snapshot: (nowMs) => stats.snapshot(nowMs),
      ended,
      close: () => request.destroy(),
    },
  };
}

/** Folds pieces of a multipart body into numbers. Pictures are skipped by their length. */
export class MjpegStats {
  #head: Buffer = Buffer.alloc(0);
  #skip = 0;
  #isBody = false;
  #frames = 0;
  #allFrames = 0;
  #bytes = 0;
  #maxGapMs = 0;
  #windowStartMs: number | undefined;
  #lastFrameMs: number | undefined;
  #numbers: StreamNumbers | undefined;
  #size: FrameSize | undefined;

  /** False when this is no multipart stream of pictures with lengths. */
  push(piece: Buffer, nowMs: number): boolean {
    this.#roll(nowMs);
    this.#bytes += piece.length;
    let rest = piece;
    while (rest.length > 0) {
      if (this.#isBody) {
        this.#size ??= jpegSize(rest);
        const taken = Math.min(this.#skip, rest.length);
        this.#skip -= taken;
        rest = rest.subarray(taken);
        if (this.#skip === 0) {
          this.#isBody = false;
          this.#frame(nowMs);
        }
        continue;
      }
      this.#head = Buffer.concat([this.#head, rest]);
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return this.#head.length <= MAX_HEAD_BYTES;
      const length = /content-length:\s*(\d{1,9})/i.exec(
        this.#head.toString('latin1', 0, end),
      )?.[1];
      if (length === undefined || Number(length) > MAX_PICTURE_BYTES) return false;
      rest = this.#head.subarray(end + 4);
      this.#head = Buffer.alloc(0);
      this.#skip = Number(length);
      this.#isBody = this.#skip > 0;
    }
    return true;
  }

  snapshot(nowMs: number): StreamSnapshot {
    this.#roll(nowMs);
    return {
      frames: this.#allFrames,
      stallAfterMs: STALL_MS,
      ...(this.#numbers ? { numbers: this.#numbers } : {}),
      ...(this.#size ? { size: this.#size } : {}),
      ...(this.#lastFrameMs === undefined
        ? {}
        : { lastFrameAgeMs: nowMs - this.#lastFrameMs, keyFrameAgeMs: nowMs - this.#lastFrameMs }),
    };
  }

  #frame(nowMs: number): void {
    if (this.#lastFrameMs !== undefined)
      this.#maxGapMs = Math.max(this.#maxGapMs, nowMs - this.#lastFrameMs);
    this.#lastFrameMs = nowMs;
    this.#frames += 1;
    this.#allFrames += 1;
  }

  #roll(nowMs: number): void {
    this.#windowStartMs ??= nowMs;
    const passedMs = nowMs - this.#windowStartMs;
    if (passedMs < WINDOW_MS) return;
    this.#numbers = {
      fps: (this.#frames * 1_000) / passedMs,
      bytesPerSecond: (this.#bytes * 1_000) / passedMs,
      lossRatio: 0,
      jitterMs: 0,
      maxGapMs: this.#maxGapMs,
    };
    this.#windowStartMs = nowMs;
    this.#frames = 0;
    this.#bytes = 0;
    this.#maxGapMs = 0;
  }
}
