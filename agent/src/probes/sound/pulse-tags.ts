/**
 * Values of PulseAudio's native protocol: each has a tag byte before it (pulsecore/tagstruct.h).
 * Texts of properties are skipped: they name people and their devices.
 */

/** A value as far as it is of use here. Everything that is skipped is `undefined`. */
export type PulseValue = string | number | boolean | readonly number[] | undefined;

/** The bytes are no values of this protocol. */
export class PulseError extends Error {
  constructor(what: string) {
    super(`not PulseAudio: ${what}`);
    this.name = 'PulseError';
  }
}

const TAG = {
  string: 0x74,
  noString: 0x4e,
  u32: 0x4c,
  u8: 0x42,
  u64: 0x52,
  s64: 0x72,
  sampleSpec: 0x61,
  bytes: 0x78,
  yes: 0x31,
  no: 0x30,
  time: 0x54,
  usec: 0x55,
  channelMap: 0x6d,
  channelVolumes: 0x76,
  properties: 0x50,
  volume: 0x56,
  format: 0x66,
} as const;

/** Bytes of values that are of no use here. */
const skipped: Readonly<Record<number, number>> = {
  [TAG.u64]: 8,
  [TAG.s64]: 8,
  [TAG.sampleSpec]: 6,
  [TAG.time]: 8,
  [TAG.usec]: 8,
};
/** A property list of a device has ~30 entries. */
const MAX_PROPERTIES = 1_000;

/** Reads values in order. Throws a `PulseError` for what is none, and past the end. */
export class PulseReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#at = 0;
  }

  get isOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u32(): number {
    const value = this.value();
    if (typeof value !== 'number') throw new PulseError('no number where one should be');
    return value;
  }

  /** Undefined for a text that is not there. */
  text(): string | undefined {
    const value = this.value();
    if (value !== undefined && typeof value !== 'string')
      throw new PulseError('no text where one should be');
    return value;
  }

  /** Passes values over. */
  skip(count: number): void {
    for (let each = 0; each < count; each += 1) this.value();
  }

  value(): PulseValue {
    const tag = this.#byte();
    switch (tag) {
      case TAG.string:
        return this.#string();
      case TAG.noString:
        return undefined;
      case TAG.u32:
      case TAG.volume:
        return this.#number();
      case TAG.u8:
        return this.#byte();
      case TAG.yes:
        return true;
      case TAG.no:
        return false;
      case TAG.channelVolumes:
        return Array.from({ length: this.#byte() }, () => this.#number());
      case TAG.channelMap:
        return this.#pass(this.#byte());
      case TAG.bytes:
        return this.#pass(this.#number());
      case TAG.properties:
        return this.#properties();
      case TAG.format:
        // An encoding and its properties, each with a tag of its own.
        this.skip(2);
        return undefined;
      default:
        return this.#pass(skipped[tag] ?? this.#refuse(tag));
    }
  }

  #refuse(tag: number): never {
    throw new PulseError(`tag ${tag}`);
  }

  #properties(): undefined {
    for (let each = 0; each < MAX_PROPERTIES; each += 1) {
      const tag = this.#byte();
      if (tag === TAG.noString) return undefined;
      if (tag !== TAG.string) throw new PulseError('a property without a name');
      this.#string();
      // Its length, and its bytes with their length once more.
      this.skip(2);
    }
    throw new PulseError('properties without end');
  }

  #string(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw new PulseError('a text without end');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new PulseError('too short');
    this.#at += 1;
    return byte;
  }

  #number(): number {
    if (this.#at + 4 > this.#bytes.length) throw new PulseError('too short');
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  #pass(bytes: number): undefined {
    if (this.#at + bytes > this.#bytes.length) throw new PulseError('too short');
    this.#at += bytes;
    return undefined;
  }
}

/** A number as a value. */
export function pulseNumber(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(TAG.u32, 0);
  bytes.writeUInt32BE(value, 1);
  return bytes;
}

/** Bytes as a value. */
export function pulseBytes(value: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(TAG.bytes, 0);
  head.writeUInt32BE(value.length, 1);
  return Buffer.concat([head, value]);
}

/** Properties as a value. */
export function pulseProperties(properties: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(properties).flatMap(([name, text]) => {
    const value = Buffer.from(`${text}\0`);
    return [
      Buffer.from([TAG.string]),
      Buffer.from(`${name}\0`),
      pulseNumber(value.length),
      pulseBytes(value),
    ];
  });
  return Buffer.concat([Buffer.from([TAG.properties]), ...entries, Buffer.from([TAG.noString])]);
}
