/** Bytes of a packet without extensions (RFC 4330 §4). */
export const SNTP_BYTES = 48;
const CLIENT = 3;
const SERVER = 4;
const VERSION = 4;
/** Servers above this stratum are not synchronised themselves (RFC 5905 §7.3). */
const MAX_STRATUM = 15;
const NOT_SYNCHRONISED = 3;
/** Codes of stratum 0 that forbid or slow down (RFC 5905 §7.4); the others only tell a state. */
const STAY_AWAY = /^(?:DENY|RSTR|RATE)$/;
/** Seconds between 1900, where NTP counts from, and 1970. */
const NTP_EPOCH_SECONDS = 2_208_988_800;
/** Seconds of an era: the 32-bit count starts again on 7 February 2036. */
const ERA_SECONDS = 2 ** 32;
/** Counts from here up are of the era of 1900 (RFC 4330 §3): good until 2104. */
const ERA_PIVOT = 2 ** 31;
/** The PC's clock is read in whole ms. */
const TICK_MS = 1;
const AT = { origin: 24, receive: 32, transmit: 40 } as const;

/** What a packet says. Times are ms since 1970 UTC. */
export interface SntpReply {
  /** 3 means that the server's own clock is not set. */
  readonly leap: number;
  readonly version: number;
  readonly mode: number;
  readonly stratum: number;
  /** Stratum 0: up to four letters that say why there is no time, such as `RATE`. */
  readonly kissCode?: string;
  /** 16 hex digits; ours come back as they were sent. */
  readonly origin: string;
  readonly receivedMs: number;
  readonly sentMs: number;
}

/** Why a reply cannot be used. */
export type SntpFault =
  /** Not a reply to our question: late, forged, or not NTP at all. */
  | 'notOurs'
  /** A reply to it that makes no sense. */
  | 'badAnswer'
  /** The server asks us to stay away. */
  | 'kissOfDeath'
  /** The server's own clock is not set. */
  | 'notSynchronised';

/** Four times of one exchange: PC's clock, server's, server's, PC's; ms since 1970. */
export interface SntpExchange {
  readonly sentMs: number;
  readonly serverReceivedMs: number;
  readonly serverSentMs: number;
  readonly receivedMs: number;
}

/** The PC's clock against the server's. */
export interface SntpOffset {
  /** PC minus server: positive when the PC is ahead. */
  readonly skewMs: number;
  /** Time on the way, without the server's own. */
  readonly rttMs: number;
  /** The error is no more than this, half of `rttMs` and a tick, as long as the server is right. */
  readonly boundMs: number;
}

/**
 * A question. The PC's time is not in it: `nonce` (8 bytes, random) stands in its place, so a reply
 * cannot be forged without seeing the question and no clock is told to anybody.
 */
export function sntpQuestion(nonce: Buffer): Buffer {
  const packet = Buffer.alloc(SNTP_BYTES);
  packet.writeUInt8((VERSION << 3) | CLIENT, 0);
  nonce.copy(packet, AT.transmit, 0, 8);
  return packet;
}

/** Reads a packet; undefined when it is too short to be one. Judges nothing. Source: RFC 4330 §4. */
export function parseSntp(packet: Buffer): SntpReply | undefined {
  if (packet.length < SNTP_BYTES) return undefined;
  const first = packet.readUInt8(0);
  const stratum = packet.readUInt8(1);
  return {
    leap: first >> 6,
    version: (first >> 3) & 7,
    mode: first & 7,
    stratum,
    ...(stratum === 0 ? { kissCode: lettersOf(packet.subarray(12, 16)) } : {}),
    origin: packet.toString('hex', AT.origin, AT.origin + 8),
    receivedMs: timeAt(packet, AT.receive),
    sentMs: timeAt(packet, AT.transmit),
  };
}

/** What is wrong with a reply to the question that held `nonce`; undefined when nothing is. */
export function faultOf(reply: SntpReply, nonce: Buffer): SntpFault | undefined {
  const isReply = reply.mode === SERVER && reply.version >= 1 && reply.version <= VERSION;
  if (!isReply || reply.origin !== nonce.toString('hex', 0, 8)) return 'notOurs';
  if (STAY_AWAY.test(reply.kissCode ?? '')) return 'kissOfDeath';
  if (reply.stratum === 0 || reply.leap === NOT_SYNCHRONISED || reply.stratum > MAX_STRATUM)
    return 'notSynchronised';
  // NaN stands for a time that is not set; a reply cannot leave before its question came.
  return reply.sentMs >= reply.receivedMs ? undefined : 'badAnswer';
}

/** Offset and round trip of one exchange (RFC 4330 §5), in the sense of the PC's error. */
export function sntpOffset(exchange: SntpExchange): SntpOffset {
  const { sentMs, serverReceivedMs, serverSentMs, receivedMs } = exchange;
  // Clocks that tick in ms can make a round trip on loopback come out below nothing.
  const rttMs = Math.max(0, receivedMs - sentMs - (serverSentMs - serverReceivedMs));
  const skewMs = (sentMs - serverReceivedMs + (receivedMs - serverSentMs)) / 2;
  return { skewMs, rttMs, boundMs: rttMs / 2 + TICK_MS };
}

/** The exchange with the shortest round trip: a queue makes a trip longer, never shorter. */
export function bestOffset(offsets: readonly SntpOffset[]): SntpOffset | undefined {
  return offsets.reduce<SntpOffset | undefined>(
    (best, each) => (best === undefined || each.rttMs < best.rttMs ? each : best),
    undefined,
  );
}

function timeAt(packet: Buffer, at: number): number {
  const seconds = packet.readUInt32BE(at);
  const fraction = packet.readUInt32BE(at + 4);
  if (seconds === 0 && fraction === 0) return Number.NaN;
  const era = seconds < ERA_PIVOT ? ERA_SECONDS : 0;
  return (seconds + era - NTP_EPOCH_SECONDS) * 1_000 + (fraction / 2 ** 32) * 1_000;
}

function lettersOf(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll(/[^A-Z]/g, '');
}
