/** A key stream that goes on where it stopped: the bytes of `zeros`, encrypted. */
export type KeyStream = (zeros: Uint8Array) => Uint8Array;

/** Opens AES-128 in counter mode with this key at this counter block, 16 bytes each. */
export type OpenKeyStream = (key: Uint8Array, counter: Uint8Array) => KeyStream;

/** The capability of an agent that takes part in rehearsals of the EM download. */
export const EM_CAPABILITY = 'emDownload';

/** Where a collector serves the package; the token goes into `Authorization: Em TOKEN`. */
export const EM_PACKAGE_PATH = '/agent/v1/em-package';

const BLOCK_BYTES = 16;
/** First part of the key; the seed is the rest. The package is no secret: it is only hard to pack. */
const KEY_LABEL = 'ppe-em-pack1';
/** Zeros that are encrypted over and over. */
const ZEROS = new Uint8Array(256 * 1024);

/**
 * The package of a seed, from any byte on: both sides make it, nobody stores it. AES in counter mode
 * is the generator because every PC has it in hardware and it can be entered anywhere.
 */
export class PackageBytes {
  readonly #open: OpenKeyStream;
  readonly #key: Uint8Array;
  #stream: KeyStream;
  #offset: number;

  constructor(seed: number, open: OpenKeyStream, offset = 0) {
    this.#open = open;
    this.#key = keyOf(seed);
    this.#stream = this.#enter(offset);
    this.#offset = offset;
  }

  /** Place of the next byte. */
  get offset(): number {
    return this.#offset;
  }

  /** Goes on from this byte. */
  seek(offset: number): void {
    if (offset === this.#offset) return;
    this.#stream = this.#enter(offset);
    this.#offset = offset;
  }

  /** The next bytes: as many as asked, at most 256 KiB. */
  next(length: number): Uint8Array {
    const bytes = this.#stream(ZEROS.subarray(0, length));
    this.#offset += bytes.length;
    return bytes;
  }

  #enter(offset: number): KeyStream {
    const stream = this.#open(this.#key, counterOf(Math.floor(offset / BLOCK_BYTES)));
    const inBlock = offset % BLOCK_BYTES;
    if (inBlock > 0) stream(ZEROS.subarray(0, inBlock));
    return stream;
  }
}

/** Strong: the same seed and size are the same bytes, on every collector. */
export function packageEtag(seed: number, bytes: number): string {
  return `"em1-${seed}-${bytes}"`;
}

function keyOf(seed: number): Uint8Array {
  const key = new Uint8Array(BLOCK_BYTES);
  for (let at = 0; at < KEY_LABEL.length; at += 1) key[at] = KEY_LABEL.charCodeAt(at);
  new DataView(key.buffer).setUint32(KEY_LABEL.length, seed);
  return key;
}

function counterOf(block: number): Uint8Array {
  const counter = new Uint8Array(BLOCK_BYTES);
  new DataView(counter.buffer).setBigUint64(8, BigInt(block));
  return counter;
}
