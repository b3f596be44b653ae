import type { Clock } from '../../platform/clock.ts';
import { CameraHttp, type HttpTarget } from './camera-http.ts';
import { parsePlaylist, type Playlist, type Variant } from './m3u8.ts';
import type { OpenedStream, StreamFailure, WatchedStream } from './stream-failure.ts';
import type { StreamSnapshot } from './stream-stats.ts';

/** How far a stream had got, from one sample to the next. */
export class HlsProgress {
  #newest = '';
  #atMs = 0;

  /** Takes a playlist; true when there is a segment that was not there before. */
  take(playlist: Playlist, nowMs: number): boolean {
    // A playlist without numbers shows by the name of its last segment that it goes on.
    const newest = `${playlist.newest} ${playlist.segments.at(-1)?.uri ?? ''}`;
    if (newest === this.#newest) return false;
    this.#newest = newest;
    this.#atMs = nowMs;
    return true;
  }

  ageMs(nowMs: number): number {
    return nowMs - this.#atMs;
  }
}

const MAX_PLAYLIST_BYTES = 256 * 1024;
const MAX_SEGMENT_BYTES = 30_000_000;
const DEADLINE_MS = 5_000;
/** A live stream that brings nothing for three target durations is stale (RFC 8216, 6.3.4). */
const STALE_TARGETS = 3;

/**
 * Opens an HLS stream: its playlist is asked for again and again, its newest segments are counted.
 * `progress` belongs to the camera and lives longer than this stream. Never rejects.
 */
export async function openHlsStream(
  target: HttpTarget,
  clock: Clock,
  progress: HlsProgress,
): Promise<OpenedStream> {
  if (!URL.canParse(target.url)) return { kind: 'failed', reason: 'unsupported' };
  const watch = new HlsWatch(target, clock, progress);
  const reason = await watch.start();
  if (reason === undefined) return { kind: 'open', stream: watch };
  watch.close();
  return { kind: 'failed', reason };
}

class HlsWatch implements WatchedStream {
  readonly #http: CameraHttp;
  readonly #clock: Clock;
  readonly #progress: HlsProgress;
  #url: URL;
  #variant: Variant | undefined;
  #targetMs = 10_000;
  #bytesPerSecond: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #end: (reason: StreamFailure) => void = () => undefined;
  readonly ended = new Promise<StreamFailure>((resolve) => {
    this.#end = resolve;
  });

  constructor(target: HttpTarget, clock: Clock, progress: HlsProgress) {
    this.#url = new URL(target.url);
    this.#http = new CameraHttp(target.credentials);
    this.#clock = clock;
    this.#progress = progress;
  }

  async start(): Promise<StreamFailure | undefined> {
    const failure = await this.#look();
    if (failure === undefined) this.#plan();
    return failure;
  }

  snapshot(nowMs: number): StreamSnapshot {
    const { size, codec, hasAudio } = this.#variant ?? {};
    const bytesPerSecond = this.#bytesPerSecond;
    return {
      stallAfterMs: STALE_TARGETS * this.#targetMs,
      lastFrameAgeMs: this.#progress.ageMs(nowMs),
      ...(size ? { size } : {}),
      ...(codec ? { codec } : {}),
      ...(hasAudio === undefined ? {} : { hasAudio }),
      ...(bytesPerSecond === undefined ? {} : { numbers: { bytesPerSecond } }),
    };
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#http.close();
  }

  #plan(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      void this.#look().then((failure) => {
        if (this.#isClosed) return;
        if (failure === undefined) this.#plan();
        else this.#end(failure);
      });
    }, this.#targetMs / 2);
  }

  async #look(): Promise<StreamFailure | undefined> {
    const playlist = await this.#playlist();
    if (typeof playlist === 'string') return playlist;
    if (playlist.variant) {
      // One level of lists: the second master playlist would be a loop.
      if (this.#variant) return 'badAnswer';
      const url = this.#near(playlist.variant.uri);
      if (!url) return 'unsupported';
      this.#url = url;
      this.#variant = playlist.variant;
      return this.#look();
    }
    const segment = playlist.segments.at(-1);
    if (!segment) return 'noStream';
    this.#targetMs = playlist.targetMs;
    if (this.#progress.take(playlist, this.#clock.monotonicMs())) await this.#measure(segment);
    return undefined;
  }

  async #playlist(): Promise<Playlist | StreamFailure> {
    const pieces: Buffer[] = [];
    const failure = await this.#http.read(this.#url, {
      deadlineMs: DEADLINE_MS,
      maxBytes: MAX_PLAYLIST_BYTES,
      onPiece: (piece) => void pieces.push(piece),
    });
    return failure ?? parsePlaylist(Buffer.concat(pieces).toString('utf8')) ?? 'badAnswer';
  }

  async #measure(segment: Playlist['segments'][number]): Promise<void> {
    const url = this.#near(segment.uri);
    if (!url) return;
    let bytes = 0;
    const failure = await this.#http.read(url, {
      deadlineMs: DEADLINE_MS,
      maxBytes: MAX_SEGMENT_BYTES,
      onPiece: (piece) => {
        bytes += piece.length;
      },
    });
    // A segment that is gone already is no fault of the stream.
    if (failure === undefined && segment.durationMs > 0)
      this.#bytesPerSecond = (bytes * 1_000) / segment.durationMs;
  }

  /** An address of the same server; a playlist sends nobody and no credentials to another host. */
  #near(uri: string): URL | undefined {
    if (!URL.canParse(uri, this.#url.href)) return undefined;
    const url = new URL(uri, this.#url);
    return url.origin === this.#url.origin ? url : undefined;
  }
}
