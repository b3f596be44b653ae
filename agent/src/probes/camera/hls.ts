import type { Clock } from '../../platform/clock.ts';
import { HttpExchange } from '../../platform/http-exchange.ts';
import { failureOfStatus } from '../../platform/failures.ts';
import type { HttpTarget } from './http-open.ts';
import type { OpenedStream, StreamFailure } from './stream-failure.ts';
import type { FrameSize } from './sps.ts';

/** A playlist as far as it tells whether the stream goes on (RFC 8216). */
export interface Playlist {
  readonly targetMs: number;
  /** Number of the newest segment. */
  readonly newest: number;
  readonly segments: readonly { readonly uri: string; readonly durationMs: number }[];
  /** Of a master playlist: the first stream's own playlist and its picture. */
  readonly variant?: { readonly uri: string; readonly size?: FrameSize };
}

const MAX_PLAYLIST_BYTES = 256 * 1024;
const MAX_SEGMENT_BYTES = 30_000_000;
const MAX_LINES = 5_000;
const DEADLINE_MS = 5_000;
/** A live stream that brings nothing for three target durations is stale (RFC 8216, 6.3.4). */
const STALE_TARGETS = 3;

/** Reads a playlist; undefined for anything else. */
export function parsePlaylist(text: string): Playlist | undefined {
  const lines = text.split(/\r?\n/, MAX_LINES).map((line) => line.trim());
  if (lines[0]?.replace(/^\uFEFF/, '') !== '#EXTM3U') return undefined;
  const number = (tag: string): number | undefined => {
    const line = lines.find((each) => each.startsWith(`${tag}:`));
    const value = Number(line?.slice(tag.length + 1));
    return line !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const segments: { uri: string; durationMs: number }[] = [];
  let durationMs: number | undefined;
  let variant: Playlist['variant'];
  let isVariant = false;
  let size: FrameSize | undefined;
  for (const line of lines) {
    const duration = /^#EXTINF:(\d{1,6}(?:\.\d{1,9})?)/.exec(line)?.[1];
    if (duration !== undefined) durationMs = Number(duration) * 1_000;
    if (line.startsWith('#EXT-X-STREAM-INF:')) {
      isVariant = true;
      const found = /RESOLUTION=(\d{1,5})x(\d{1,5})/.exec(line);
      size = found ? { width: Number(found[1]), height: Number(found[2]) } : undefined;
    }
    if (line === '' || line.startsWith('#')) continue;
    if (isVariant) variant ??= size ? { uri: line, size } : { uri: line };
    else if (durationMs !== undefined) segments.push({ uri: line, durationMs });
    isVariant = false;
    durationMs = undefined;
  }
  const first = number('#EXT-X-MEDIA-SEQUENCE') ?? 0;
  const targetMs = (number('#EXT-X-TARGETDURATION') ?? 10) * 1_000;
  return {
    targetMs: Math.min(60_000, Math.max(500, targetMs)),
    newest: first + segments.length - 1,
    segments,
    ...(variant ? { variant } : {}),
  };
}

/** Opens an HLS stream: its playlist is asked for again and again, its newest segments are counted. */
export async function openHlsStream(target: HttpTarget, clock: Clock): Promise<OpenedStream> {
  const watch = new HlsWatch(target, clock);
  const reason = await watch.start();
  if (reason === undefined) return { kind: 'open', stream: watch };
  watch.close();
  return { kind: 'failed', reason };
}

class HlsWatch {
  readonly #exchange = new HttpExchange();
  readonly #clock: Clock;
  readonly #headers: Record<string, string>;
  #url: string;
  #size: FrameSize | undefined;
  #targetMs = 10_000;
  #newest = -1;
  #advancedAtMs = 0;
  #bytesPerSecond: number | undefined;
  #segments = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #end: (reason: StreamFailure) => void = () => undefined;
  readonly ended = new Promise<StreamFailure>((resolve) => {
    this.#end = resolve;
  });

  constructor(target: HttpTarget, clock: Clock) {
    this.#url = target.url;
    this.#clock = clock;
    const { credentials } = target;
    this.#headers = credentials
      ? { authorization: `Basic ${btoa(`${credentials.username}:${credentials.password}`)}` }
      : {};
  }

  async start(): Promise<StreamFailure | undefined> {
    const failure = await this.#look();
    if (failure === undefined) this.#plan();
    return failure;
  }

  snapshot(nowMs: number) {
    return {
      frames: this.#segments,
      stallAfterMs: STALE_TARGETS * this.#targetMs,
      lastFrameAgeMs: nowMs - this.#advancedAtMs,
      ...(this.#size ? { size: this.#size } : {}),
      ...(this.#bytesPerSecond === undefined
        ? {}
        : {
            numbers: {
              bytesPerSecond: this.#bytesPerSecond,
              lossRatio: 0,
              jitterMs: 0,
              maxGapMs: nowMs - this.#advancedAtMs,
            },
          }),
    };
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#exchange.close();
  }

  #plan(): void {
    this.#timer = setTimeout(() => {
      void this.#look().then((failure) => {
        if (this.#isClosed) return;
        if (failure === undefined) this.#plan();
        else this.#end(failure);
      });
    }, this.#targetMs / 2);
  }

  async #look(): Promise<StreamFailure | undefined> {
    const answer = await this.#get(this.#url, MAX_PLAYLIST_BYTES);
    if (typeof answer === 'string') return answer;
    const playlist = parsePlaylist(answer.toString('utf8'));
    if (!playlist) return 'badAnswer';
    if (playlist.variant) {
      // One level of lists: the second master playlist would be a loop.
      if (this.#size || this.#segments > 0) return 'badAnswer';
      this.#url = new URL(playlist.variant.uri, this.#url).href;
      this.#size = playlist.variant.size ?? { width: 0, height: 0 };
      const failure = await this.#look();
      if (this.#size.width === 0) this.#size = undefined;
      return failure;
    }
    const segment = playlist.segments.at(-1);
    if (!segment) return 'noStream';
    this.#targetMs = playlist.targetMs;
    if (playlist.newest === this.#newest) return undefined;
    this.#newest = playlist.newest;
    this.#advancedAtMs = this.#clock.monotonicMs();
    const bytes = await this.#get(new URL(segment.uri, this.#url).href, MAX_SEGMENT_BYTES);
    // A segment that is gone already is no fault of the stream.
    if (typeof bytes === 'string') return undefined;
    this.#segments += 1;
    this.#bytesPerSecond = (bytes.length * 1_000) / Math.max(1, segment.durationMs);
    return undefined;
  }

  async #get(href: string, maxBytes: number): Promise<Buffer | StreamFailure> {
    const url = new URL(href);
    if (!/^https?:$/.test(url.protocol)) return 'badAnswer';
    const answer = await this.#exchange.ask({
      url,
      method: 'GET',
      headers: this.#headers,
      deadlineMs: DEADLINE_MS,
      maxBytes,
    });
    if (answer.kind === 'failed') return answer.reason;
    return failureOfStatus(answer.status) ?? answer.body;
  }
}
