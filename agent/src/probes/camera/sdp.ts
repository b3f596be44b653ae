import { h264Size, h265Size, type FrameSize } from './sps.ts';

/** Codecs whose key frames are told from the others. */
export type VideoCodec = 'h264' | 'h265' | 'jpeg';

/** One track that a camera offers. */
export interface Track {
  readonly kind: 'video' | 'audio';
  /** Undefined for a codec that is not known here: its frames are counted all the same. */
  readonly codec?: VideoCodec;
  readonly payloadType: number;
  /** RTP time stamps a second. */
  readonly clockRate: number;
  /** Absolute address for SETUP. */
  readonly control: string;
  /** From the parameter sets in the description, where they are. */
  readonly size?: FrameSize;
}

/** A session description as far as it is needed. */
export interface Description {
  readonly tracks: readonly Track[];
  /** Absolute address for PLAY. */
  readonly control: string;
}

const MAX_LINES = 500;
const MAX_TRACKS = 8;
const MAX_ADDRESS = 1_000;
const codecs: ReadonlyMap<string, VideoCodec> = new Map([
  ['H264', 'h264'],
  ['H265', 'h265'],
  ['HEVC', 'h265'],
  ['JPEG', 'jpeg'],
]);

/**
 * Reads a session description (RFC 4566, RFC 6184, RFC 7798). `base` is Content-Base or the requested
 * address; addresses of tracks may be relative to it.
 */
export function readDescription(sdp: string, base: string): Description {
  const session: string[] = [];
  const sections: string[][] = [];
  for (const line of sdp.split(/\r?\n/, MAX_LINES)) {
    if (line.startsWith('m=')) sections.push([]);
    (sections.at(-1) ?? session).push(line.trim());
  }
  return {
    tracks: sections.slice(0, MAX_TRACKS).flatMap((lines) => trackOf(lines, base) ?? []),
    control: absolute(attributeOf(session, 'control') ?? '*', base),
  };
}

function trackOf(lines: readonly string[], base: string): Track | undefined {
  const media = /^m=(video|audio) \d+(?:\/\d+)? [\w/]+ (\d{1,3})\b/.exec(lines[0] ?? '');
  if (!media) return undefined;
  const kind = media[1] === 'audio' ? 'audio' : 'video';
  const payloadType = Number(media[2]);
  const map = /^ ?([\w-]+)\/(\d{1,7})/.exec(attributeOf(lines, 'rtpmap', payloadType) ?? '');
  // Payload type 26 is JPEG by RFC 3551, and needs no map.
  const name = map?.[1]?.toUpperCase() ?? (payloadType === 26 ? 'JPEG' : '');
  const codec = kind === 'video' ? codecs.get(name) : undefined;
  const size = codec && sizeOf(codec, attributeOf(lines, 'fmtp', payloadType) ?? '');
  return {
    kind,
    payloadType,
    clockRate: Number(map?.[2]) || (kind === 'video' ? 90_000 : 8_000),
    control: absolute(attributeOf(lines, 'control') ?? '*', base),
    ...(codec ? { codec } : {}),
    ...(size ? { size } : {}),
  };
}

/** `a=rtpmap:96 H264/90000` → `H264/90000`. */
function attributeOf(
  lines: readonly string[],
  name: string,
  payloadType?: number,
): string | undefined {
  const start = `a=${name}:${payloadType === undefined ? '' : `${payloadType} `}`;
  return lines.find((line) => line.startsWith(start))?.slice(start.length);
}

function absolute(control: string, base: string): string {
  const trimmed = control.trim().slice(0, MAX_ADDRESS);
  if (/^rtsps?:\/\//i.test(trimmed)) return trimmed;
  if (trimmed === '' || trimmed === '*') return base;
  return `${base.endsWith('/') ? base : `${base}/`}${trimmed.replace(/^\//, '')}`;
}

function sizeOf(codec: VideoCodec, fmtp: string): FrameSize | undefined {
  const value = (name: string): string | undefined =>
    new RegExp(`(?:^|[;\\s])${name}=([A-Za-z0-9+/=,]{4,1024})`).exec(fmtp)?.[1];
  if (codec === 'h264') {
    const sets = (value('sprop-parameter-sets') ?? '').split(',').slice(0, 4);
    return firstOf(sets, (each) => h264Size(Buffer.from(each, 'base64')));
  }
  const set = codec === 'h265' ? value('sprop-sps') : undefined;
  return set === undefined ? undefined : h265Size(Buffer.from(set, 'base64'));
}

function firstOf<T, R>(all: readonly T[], of: (each: T) => R | undefined): R | undefined {
  for (const each of all) {
    const found = of(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
