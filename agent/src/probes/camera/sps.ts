/** Width and height of a picture, from the parameter sets of H.264 and H.265 streams. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Parameter sets are ~40 bytes; more than this is not one. */
const MAX_BYTES = 512;
const MAX_PIXELS = 16_384;

/** Reads bits and exp-Golomb numbers (ITU-T H.264, 9.1); reading past the end gives zeros. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#at > this.#bytes.length * 8;
  }

  bit(): number {
    const byte = this.#bytes[this.#at >> 3] ?? 0;
    const value = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return value;
  }

  bits(count: number): number {
    let value = 0;
    for (let each = 0; each < count; each += 1) value = value * 2 + this.bit();
    return value;
  }

  /** An unsigned exp-Golomb number. */
  golomb(): number {
    let zeros = 0;
    while (this.bit() === 0 && zeros < 32 && !this.isOver) zeros += 1;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  signed(): number {
    const value = this.golomb();
    return value % 2 === 0 ? -value / 2 : (value + 1) / 2;
  }
}

/** Profiles whose parameter set names the chroma format (ITU-T H.264, 7.3.2.1.1). */
const CHROMA_PROFILES: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);

/** An H.264 sequence parameter set, with its NAL header; undefined for anything else. */
export function h264Size(nal: Uint8Array): FrameSize | undefined {
  if (nal.length < 4 || nal.length > MAX_BYTES || ((nal[0] ?? 0) & 0x1f) !== 7) return undefined;
  const read = new BitReader(withoutEmulation(nal.subarray(1)));
  const profile = read.bits(8);
  read.bits(16);
  read.golomb();
  let chroma = 1;
  if (CHROMA_PROFILES.has(profile)) {
    chroma = read.golomb();
    if (chroma === 3) read.bit();
    read.golomb();
    read.golomb();
    read.bit();
    if (read.bit() === 1) skipScalingLists(read, chroma === 3 ? 12 : 8);
  }
  read.golomb();
  const order = read.golomb();
  if (order === 0) read.golomb();
  else if (order === 1) {
    read.bit();
    read.signed();
    read.signed();
    const cycle = Math.min(255, read.golomb());
    for (let each = 0; each < cycle; each += 1) read.signed();
  }
  read.golomb();
  read.bit();
  const widthBlocks = read.golomb() + 1;
  const heightUnits = read.golomb() + 1;
  const isFrameOnly = read.bit();
  if (isFrameOnly === 0) read.bit();
  read.bit();
  const crop = read.bit() === 1 ? cropOf(read) : NO_CROP;
  const [unitX, unitY] = chromaUnits(chroma);
  const height = heightUnits * 16 * (2 - isFrameOnly);
  return sane(read, {
    width: widthBlocks * 16 - (crop.left + crop.right) * unitX,
    height: height - (crop.top + crop.bottom) * unitY * (2 - isFrameOnly),
  });
}

/** An H.265 sequence parameter set, with its two-byte NAL header (ITU-T H.265, 7.3.2.2). */
export function h265Size(nal: Uint8Array): FrameSize | undefined {
  if (nal.length < 6 || nal.length > MAX_BYTES || (((nal[0] ?? 0) >> 1) & 0x3f) !== 33)
    return undefined;
  const read = new BitReader(withoutEmulation(nal.subarray(2)));
  read.bits(4);
  const layers = read.bits(3);
  read.bit();
  skipProfile(read, layers);
  read.golomb();
  const chroma = read.golomb();
  if (chroma === 3) read.bit();
  const width = read.golomb();
  const height = read.golomb();
  const crop = read.bit() === 1 ? cropOf(read) : NO_CROP;
  const [unitX, unitY] = chromaUnits(chroma);
  return sane(read, {
    width: width - (crop.left + crop.right) * unitX,
    height: height - (crop.top + crop.bottom) * unitY,
  });
}

const NO_CROP = { left: 0, right: 0, top: 0, bottom: 0 };

function cropOf(read: BitReader): typeof NO_CROP {
  return {
    left: read.golomb(),
    right: read.golomb(),
    top: read.golomb(),
    bottom: read.golomb(),
  };
}

/** Samples of luma that a unit of cropping has: 4:2:0 halves both, 4:2:2 the width. */
function chromaUnits(chroma: number): readonly [number, number] {
  return [chroma === 1 || chroma === 2 ? 2 : 1, chroma === 1 ? 2 : 1];
}

function sane(read: BitReader, { width, height }: FrameSize): FrameSize | undefined {
  const isSize = (value: number): boolean => value >= 16 && value <= MAX_PIXELS;
  return !read.isOver && isSize(width) && isSize(height) ? { width, height } : undefined;
}

function skipScalingLists(read: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (read.bit() === 0) continue;
    let last = 8;
    let next = 8;
    for (let at = 0; at < (list < 6 ? 16 : 64) && !read.isOver; at += 1) {
      if (next !== 0) next = (last + read.signed() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

/** General profile, level, and those of the sub-layers. */
function skipProfile(read: BitReader, layers: number): void {
  read.bits(48);
  read.bits(48);
  const has: boolean[][] = [];
  for (let layer = 0; layer < layers; layer += 1) has.push([read.bit() === 1, read.bit() === 1]);
  if (layers > 0) for (let layer = layers; layer < 8; layer += 1) read.bits(2);
  for (const [hasProfile, hasLevel] of has) {
    if (hasProfile === true) {
      read.bits(44);
      read.bits(44);
    }
    if (hasLevel === true) read.bits(8);
  }
}

/** Takes out the 3 of every 0 0 3, which is there so that no start code appears by chance. */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  const kept: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    kept.push(byte);
  }
  return Uint8Array.from(kept);
}
