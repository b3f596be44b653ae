import type { VideoCodec } from './sdp.ts';
import type { FrameSize } from './sps.ts';

/** A playlist as far as it tells whether the stream goes on (RFC 8216). */
export interface Playlist {
  readonly targetMs: number;
  /** Number of the newest segment. */
  readonly newest: number;
  readonly segments: readonly { readonly uri: string; readonly durationMs: number }[];
  /** Of a master playlist: the first stream. */
  readonly variant?: Variant;
}

/** A stream of a master playlist. */
export interface Variant {
  readonly uri: string;
  readonly size?: FrameSize;
  readonly codec?: VideoCodec;
  /** Undefined where the playlist names no codecs. */
  readonly hasAudio?: boolean;
}

const MAX_LINES = 5_000;
const MAX_LINE = 2_000;
/** A live segment has 1–10 s. */
const MAX_TARGET_MS = 60_000;
const MIN_TARGET_MS = 500;

/** Reads a playlist; undefined for anything else. */
export function parsePlaylist(text: string): Playlist | undefined {
  const lines = text.split(/\r?\n/, MAX_LINES).map((line) => line.slice(0, MAX_LINE).trim());
  if (lines[0]?.replace(/^\uFEFF/, '') !== '#EXTM3U') return undefined;
  const segments: { uri: string; durationMs: number }[] = [];
  let durationMs: number | undefined;
  let variant: Variant | undefined;
  let described: Omit<Variant, 'uri'> | undefined;
  for (const line of lines) {
    const duration = /^#EXTINF:(\d{1,6}(?:\.\d{1,9})?)/.exec(line)?.[1];
    if (duration !== undefined) durationMs = Number(duration) * 1_000;
    if (line.startsWith('#EXT-X-STREAM-INF:')) described = descriptionOf(line);
    if (line === '' || line.startsWith('#')) continue;
    if (described) variant ??= { uri: line, ...described };
    else if (durationMs !== undefined) segments.push({ uri: line, durationMs });
    described = undefined;
    durationMs = undefined;
  }
  const first = numberOf(lines, '#EXT-X-MEDIA-SEQUENCE') ?? 0;
  const targetMs = (numberOf(lines, '#EXT-X-TARGETDURATION') ?? 10) * 1_000;
  return {
    targetMs: Math.min(MAX_TARGET_MS, Math.max(MIN_TARGET_MS, targetMs)),
    newest: first + segments.length - 1,
    segments,
    ...(variant ? { variant } : {}),
  };
}

function numberOf(lines: readonly string[], tag: string): number | undefined {
  const found = lines.find((each) => each.startsWith(`${tag}:`))?.slice(tag.length + 1);
  return found !== undefined && /^\d{1,15}$/.test(found) ? Number(found) : undefined;
}

function descriptionOf(line: string): Omit<Variant, 'uri'> {
  const [, width = '', height] = /RESOLUTION=(\d{1,5})x(\d{1,5})/.exec(line) ?? [];
  const codecs = /CODECS="([^"]{1,200})"/.exec(line)?.[1]?.split(',');
  const codec = codecs?.map((each) => codecOf(each.trim())).find((each) => each !== undefined);
  const hasAudio = codecs?.some((each) => /^(?:mp4a|ac-3|ec-3|opus)/i.test(each.trim()));
  return {
    ...(height === undefined ? {} : { size: { width: Number(width), height: Number(height) } }),
    ...(codec ? { codec } : {}),
    ...(hasAudio === undefined ? {} : { hasAudio }),
  };
}

/** RFC 6381 names. */
function codecOf(name: string): VideoCodec | undefined {
  if (/^avc[13]/i.test(name)) return 'h264';
  return /^h(?:vc|ev)1/i.test(name) ? 'h265' : undefined;
}
