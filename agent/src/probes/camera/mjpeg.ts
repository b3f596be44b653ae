import type { Clock } from '../../platform/clock.ts';
import { ByteBudget } from './byte-budget.ts';
import { CameraHttp, type HttpTarget } from './camera-http.ts';
import { FrameTally, STALL_MS } from './frame-tally.ts';
import { jpegSize } from './jpeg.ts';
import { boundaryOf, MultipartReader } from './multipart-reader.ts';
import type { OpenedStream, StreamFailure } from './stream-failure.ts';
import type { StreamSnapshot } from './stream-stats.ts';
import type { FrameSize } from './sps.ts';

const JPEG_START = 0xffd8;

/** Opens a Motion-JPEG stream (multipart/x-mixed-replace) and starts to count it. Never rejects. */
export async function openMjpegStream(target: HttpTarget, clock: Clock): Promise<OpenedStream> {
  const http = new CameraHttp(target.credentials);
  const opened = URL.canParse(target.url)
    ? await http.open(new URL(target.url))
    : { kind: 'failed' as const, reason: 'unsupported' as const };
  const boundary =
    opened.kind === 'open' ? boundaryOf(opened.response.headers['content-type'] ?? '') : undefined;
  if (opened.kind === 'failed' || boundary === undefined) {
    http.close();
    return opened.kind === 'failed' ? opened : { kind: 'failed', reason: 'unsupported' };
  }
  const { response } = opened;
  const stats = new MjpegStats(boundary);
  const budget = new ByteBudget(clock.monotonicMs());
  let end: (reason: StreamFailure) => void = () => undefined;
  const ended = new Promise<StreamFailure>((resolve) => {
    end = (reason) => {
      resolve(reason);
      http.close();
    };
  });
  response.on('data', (piece: Buffer) => {
    const nowMs = clock.monotonicMs();
    if (!budget.take(piece.length, nowMs) || !stats.push(piece, nowMs)) end('badAnswer');
  });
  for (const event of ['end', 'error', 'close'] as const) response.on(event, () => end('noStream'));
  return {
    kind: 'open',
    stream: {
      snapshot: (nowMs) => stats.snapshot(nowMs),
      ended,
      close: () => end('noStream'),
    },
  };
}

/** Folds pieces of a multipart body into numbers. Every picture is a key frame. */
export class MjpegStats {
  readonly #tally = new FrameTally();
  readonly #reader: MultipartReader;
  #nowMs = 0;
  #isPicture = false;
  #lastFrameMs: number | undefined;
  #size: FrameSize | undefined;

  constructor(boundary: string) {
    this.#reader = new MultipartReader(boundary, {
      start: (bytes) => {
        // A camera in trouble sends pages of text between its pictures.
        this.#isPicture = bytes.length < 2 || bytes.readUInt16BE(0) === JPEG_START;
        this.#size = jpegSize(bytes) ?? this.#size;
      },
      end: (bytes) => this.#frame(bytes),
    });
  }

  /** False when this is no multipart stream of pictures. */
  push(piece: Buffer, nowMs: number): boolean {
    this.#nowMs = nowMs;
    this.#tally.bytes(piece.length, nowMs);
    return this.#reader.push(piece);
  }

  snapshot(nowMs: number): StreamSnapshot {
    const numbers = this.#tally.numbers(nowMs);
    const ageMs = this.#lastFrameMs === undefined ? undefined : nowMs - this.#lastFrameMs;
    return {
      codec: 'jpeg',
      stallAfterMs: STALL_MS,
      ...(numbers ? { numbers } : {}),
      ...(this.#size ? { size: this.#size } : {}),
      ...(ageMs === undefined ? {} : { lastFrameAgeMs: ageMs, keyFrameAgeMs: ageMs }),
    };
  }

  #frame(bytes: number): void {
    if (bytes === 0 || !this.#isPicture) return;
    this.#lastFrameMs = this.#nowMs;
    this.#tally.frame(this.#nowMs);
    this.#tally.size(bytes, true, this.#nowMs);
  }
}
