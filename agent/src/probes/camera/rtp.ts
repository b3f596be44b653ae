import type { VideoCodec } from './sdp.ts';
import { h264Size, h265Size, type FrameSize } from './sps.ts';

/** The head of an RTP packet (RFC 3550, 5.1) and where its payload is. */
export interface RtpHead {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  /** Synchronisation source: who sends. */
  readonly source: number;
  readonly payloadAt: number;
  readonly payloadEnd: number;
}

const FIXED_BYTES = 12;

/** Reads the head; undefined for anything that is no RTP packet. Payload is not looked at. */
export function rtpHead(packet: Buffer): RtpHead | undefined {
  if (packet.length < FIXED_BYTES) return undefined;
  const first = packet.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  let at = FIXED_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (packet.length < at + 4) return undefined;
    at += 4 + packet.readUInt16BE(at + 2) * 4;
  }
  const padding = (first & 0x20) === 0 ? 0 : packet.readUInt8(packet.length - 1);
  const end = packet.length - padding;
  if (at > end) return undefined;
  return {
    payloadType: packet.readUInt8(1) & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    source: packet.readUInt32BE(8),
    payloadAt: at,
    payloadEnd: end,
  };
}

/** What a payload is a piece of, by its first bytes. */
export interface PayloadKind {
  readonly isKey: boolean;
  readonly size?: FrameSize;
}

const PICTURE: PayloadKind = { isKey: false };
const KEY: PayloadKind = { isKey: true };

/** Kind of a payload of a codec. Only heads are looked at, never the picture. */
export function payloadKind(codec: VideoCodec, packet: Buffer, head: RtpHead): PayloadKind {
  const { payloadAt: at, payloadEnd: end } = head;
  if (end - at < 2) return PICTURE;
  if (codec === 'h264') return h264Kind(packet, at, end);
  if (codec === 'h265') return h265Kind(packet, at, end);
  return jpegKind(packet, at, end);
}

/** RFC 6184: single NAL units, STAP-A (24), FU-A (28). */
function h264Kind(packet: Buffer, at: number, end: number): PayloadKind {
  const type = packet.readUInt8(at) & 0x1f;
  if (type === 28) return (packet.readUInt8(at + 1) & 0x1f) === 5 ? KEY : PICTURE;
  if (type === 24) return aggregate(packet, at + 1, end, (nal) => h264Nal(nal));
  return h264Nal(packet.subarray(at, end));
}

function h264Nal(nal: Buffer): PayloadKind {
  const type = (nal[0] ?? 0) & 0x1f;
  if (type === 5) return KEY;
  const size = type === 7 ? h264Size(nal) : undefined;
  return size ? { isKey: false, size } : PICTURE;
}

/** RFC 7798: single NAL units, aggregation (48), fragments (49). Types 16–21 are key pictures. */
function h265Kind(packet: Buffer, at: number, end: number): PayloadKind {
  const type = (packet.readUInt8(at) >> 1) & 0x3f;
  if (type === 49 && end - at > 2)
    return isH265Key(packet.readUInt8(at + 2) & 0x3f) ? KEY : PICTURE;
  if (type === 48) return aggregate(packet, at + 2, end, (nal) => h265Nal(nal));
  return h265Nal(packet.subarray(at, end));
}

function h265Nal(nal: Buffer): PayloadKind {
  const type = ((nal[0] ?? 0) >> 1) & 0x3f;
  if (isH265Key(type)) return KEY;
  const size = type === 33 ? h265Size(nal) : undefined;
  return size ? { isKey: false, size } : PICTURE;
}

const isH265Key = (type: number): boolean => type >= 16 && type <= 21;

/** RFC 2435: every picture is whole; width and height in blocks of 8 pixels. */
function jpegKind(packet: Buffer, at: number, end: number): PayloadKind {
  if (end - at < 8) return KEY;
  const width = packet.readUInt8(at + 6) * 8;
  const height = packet.readUInt8(at + 7) * 8;
  return width > 0 && height > 0 ? { isKey: true, size: { width, height } } : KEY;
}

/** NAL units with their lengths before them. */
function aggregate(
  packet: Buffer,
  from: number,
  end: number,
  kindOf: (nal: Buffer) => PayloadKind,
): PayloadKind {
  let at = from;
  let isKey = false;
  let size: FrameSize | undefined;
  while (at + 2 <= end) {
    const length = packet.readUInt16BE(at);
    if (length === 0 || at + 2 + length > end) break;
    const kind = kindOf(packet.subarray(at + 2, at + 2 + length));
    isKey ||= kind.isKey;
    size ??= kind.size;
    at += 2 + length;
  }
  return size ? { isKey, size } : isKey ? KEY : PICTURE;
}
