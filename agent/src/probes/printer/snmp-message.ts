/**
 * SNMP v2c messages in BER (RFC 3416, X.690), as much of them as asking a printer for its objects
 * needs. A library for it was 16 kB of every update, and most of that answers, traps or encrypts;
 * this one is bounded and fuzzed.
 */

/** A value of an answer: an integer or the bytes of a string; undefined for «no such object». */
export type SnmpValue = number | Buffer | undefined;

/** An object that was answered. */
export interface SnmpBinding {
  readonly oid: string;
  readonly value: SnmpValue;
}

/** Asks for objects, or for what comes after them. */
export interface SnmpRequest {
  readonly kind: 'get' | 'getNext';
  readonly id: number;
  readonly community: string;
  readonly oids: readonly string[];
}

/** `errorStatus` 0 is success. */
export interface SnmpReply {
  readonly id: number;
  readonly community: string;
  readonly errorStatus: number;
  readonly bindings: readonly SnmpBinding[];
}

/** Nobody answered in time, or what was answered is not SNMP, or refuses. */
export class SnmpError extends Error {
  readonly reason: 'noAnswer' | 'badAnswer';

  constructor(reason: 'noAnswer' | 'badAnswer', what: string) {
    super(what);
    this.name = 'SnmpError';
    this.reason = reason;
  }
}

const VERSION_2C = 1;
const tag = {
  integer: 0x02,
  octets: 0x04,
  nothing: 0x05,
  oid: 0x06,
  sequence: 0x30,
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  counter64: 0x46,
} as const;
/** RFC 3416, 4.1: names have no more parts. */
const MAX_ARCS = 128;
const MAX_ARC = 2 ** 32 - 1;
/** A Counter64 with its zero in front. */
const MAX_INTEGER_BYTES = 9;

/** Bytes of a request. */
export function encodeSnmp({ kind, id, community, oids }: SnmpRequest): Buffer {
  const bindings = oids.map((oid) => tlv(tag.sequence, [encodeOid(oid), tlv(tag.nothing, [])]));
  const ok = integer(0);
  return tlv(tag.sequence, [
    integer(VERSION_2C),
    tlv(tag.octets, [Buffer.from(community)]),
    tlv(tag[kind], [integer(id), ok, ok, tlv(tag.sequence, bindings)]),
  ]);
}

/** Reads a response. Throws an `SnmpError` for what is none. */
export function decodeSnmp(bytes: Buffer): SnmpReply {
  const message = new BerReader(new BerReader(bytes).take(tag.sequence));
  if (message.integer() !== VERSION_2C) throw malformed('another version');
  const community = message.take(tag.octets).toString('utf8');
  const response = new BerReader(message.take(tag.response));
  const id = response.integer();
  const errorStatus = response.integer();
  // Which of the objects it is about: one that fails fails all.
  response.integer();
  const list = new BerReader(response.take(tag.sequence));
  const bindings: SnmpBinding[] = [];
  while (!list.isAtEnd) {
    const binding = new BerReader(list.take(tag.sequence));
    const oid = oidOf(binding.take(tag.oid));
    bindings.push({ oid, value: valueOf(binding.next()) });
  }
  return { id, community, errorStatus, bindings };
}

interface Tlv {
  readonly type: number;
  readonly content: Buffer;
}

/** Reads one value after the other; nothing is read beyond the end of what it was given. */
class BerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): Tlv {
    const type = this.#byte();
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed('it ends too early');
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { type, content };
  }

  take(expected: number): Buffer {
    const { type, content } = this.next();
    if (type !== expected) throw malformed(`type ${type} where ${expected} belongs`);
    return content;
  }

  integer(): number {
    const value = numberOf(this.take(tag.integer), true);
    if (value === undefined) throw malformed('an integer is too long');
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw malformed('it ends too early');
    this.#at += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    // A datagram has 64 kB at most; lengths without an end are not for SNMP (RFC 3417, 8).
    if (count === 0 || count > 4) throw malformed('a length is too long');
    let length = 0;
    for (let at = 0; at < count; at += 1) length = length * 256 + this.#byte();
    return length;
  }
}

/** Types 128–130 are «no such object», «no such instance» and «end of the view» (RFC 3416). */
function valueOf({ type, content }: Tlv): SnmpValue {
  switch (type) {
    case tag.integer:
      return numberOf(content, true);
    case tag.counter32:
    case tag.gauge32:
    case tag.timeTicks:
    case tag.counter64:
      // Some devices leave out the zero in front of a high bit: these are never negative.
      return numberOf(content, false);
    case tag.octets:
      return Buffer.from(content);
    default:
      return undefined;
  }
}

/** Undefined for what a number does not hold exactly. */
function numberOf(bytes: Buffer, isSigned: boolean): number | undefined {
  if (bytes.length === 0 || bytes.length > MAX_INTEGER_BYTES) throw malformed('an integer');
  const isNegative = isSigned && ((bytes[0] ?? 0) & 0x80) !== 0;
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  if (isNegative) value -= 256 ** bytes.length;
  return Number.isSafeInteger(value) ? value : undefined;
}

function oidOf(bytes: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const [at, byte] of bytes.entries()) {
    arc = arc * 128 + (byte & 0x7f);
    const goesOn = (byte & 0x80) !== 0;
    if (arc > MAX_ARC || (goesOn && at === bytes.length - 1)) throw malformed('a name');
    if (goesOn) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first, ...rest] = arcs;
  if (first === undefined || arcs.length >= MAX_ARCS) throw malformed('a name');
  // The first two parts are one number; beneath 0 and 1 there are forty each.
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join('.');
}

function encodeOid(oid: string): Buffer {
  const [top = 0, second = 0, ...rest] = oid.split('.').map(Number);
  return tlv(tag.oid, [Buffer.from([top * 40 + second, ...rest].flatMap(sevenBits))]);
}

/** Seven bits a byte, the first ones first; all but the last are marked. */
function sevenBits(arc: number): number[] {
  const bytes = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
    bytes.unshift(0x80 | (left % 128));
  return bytes;
}

/** Of whole numbers that are not negative. */
function integer(value: number): Buffer {
  const bytes = [value % 256];
  for (let left = Math.floor(value / 256); left > 0; left = Math.floor(left / 256))
    bytes.unshift(left % 256);
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return tlv(tag.integer, [Buffer.from(bytes)]);
}

function tlv(type: number, contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const long = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([type, ...long]), content]);
}

function malformed(what: string): SnmpError {
  return new SnmpError('badAnswer', `not an SNMP response: ${what}`);
}
