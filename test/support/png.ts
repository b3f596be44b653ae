import { createHash } from 'node:crypto';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture without transparency: three bytes a pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGB = 2;
const PALETTE = 3;
const RGBA = 6;
const MOST_COLOURS = 256;
/** Bits that are left of a channel when colours are counted. */
const COUNTED_BITS = 5;

/** What a browser's screenshot shows; of our own palette pictures, too. */
export function decodePng(file: Buffer): Pixels {
  const chunks = chunksOf(file);
  const head = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (!head) throw new Error('not a PNG: there is no IHDR in it');
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const [depth, kind] = [head[8], head[9]];
  if (depth !== 8 || (kind !== RGB && kind !== RGBA && kind !== PALETTE) || head[12] !== 0)
    throw new Error(`a PNG of depth ${depth} and colour type ${kind} is not read here`);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((it) => it.data));
  const size = kind === RGBA ? 4 : kind === RGB ? 3 : 1;
  const raw = unfiltered(inflateSync(packed), { width, height, size });
  const rgb = new Uint8Array(width * height * 3);
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data;
  for (let at = 0; at < width * height; at += 1) {
    const from = palette ? (raw[at] ?? 0) * 3 : at * size;
    const source = palette ?? raw;
    for (let channel = 0; channel < 3; channel += 1)
      rgb[at * 3 + channel] = source[from + channel] ?? 0;
  }
  return { width, height, rgb };
}

/** The same for the same pixels, whoever packed them. */
export function digestOf({ width, height, rgb }: Pixels): string {
  return createHash('sha256').update(`${width}x${height}:`).update(rgb).digest('hex');
}

/** A small file for eyes: at most so many colours, those that cover most. */
export function encodePalette({ width, height, rgb }: Pixels, colours = MOST_COLOURS): Buffer {
  const { palette, indexOf } = paletteOf(rgb, colours);
  // A byte of filter before each row: none helps with a palette.
  const raw = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) raw[y * (width + 1) + 1 + x] = indexOf((y * width + x) * 3);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, PALETTE], 8);
  const packed = deflateSync(raw, { level: 9, memLevel: 9 });
  const parts = [chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', packed)];
  return Buffer.concat([SIGNATURE, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** Each pixel is the mean of `factor`² ones. */
export function shrink({ width, height, rgb }: Pixels, factor: number): Pixels {
  const [wide, high] = [Math.floor(width / factor), Math.floor(height / factor)];
  const small = new Uint8Array(wide * high * 3);
  for (let y = 0; y < high; y += 1)
    for (let x = 0; x < wide; x += 1)
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        for (let at = 0; at < factor * factor; at += 1) {
          const row = y * factor + Math.floor(at / factor);
          sum += rgb[(row * width + x * factor + (at % factor)) * 3 + channel] ?? 0;
        }
        small[(y * wide + x) * 3 + channel] = Math.round(sum / factor ** 2);
      }
  return { width: wide, height: high, rgb: small };
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at + 8 <= file.length;) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: file.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel. */
  readonly size: number;
}

/** Rows as they were before each was written as a difference to its neighbours. */
function unfiltered(packed: Buffer, { width, height, size }: Layout): Uint8Array {
  const row = width * size;
  const raw = new Uint8Array(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = packed[y * (row + 1)] ?? 0;
    for (let x = 0; x < row; x += 1) {
      const left = x >= size ? (raw[y * row + x - size] ?? 0) : 0;
      const up = y > 0 ? (raw[(y - 1) * row + x] ?? 0) : 0;
      const corner = x >= size && y > 0 ? (raw[(y - 1) * row + x - size] ?? 0) : 0;
      const told = packed[y * (row + 1) + 1 + x] ?? 0;
      raw[y * row + x] = told + predicted(filter, { left, up, corner });
    }
  }
  return raw;
}

interface Neighbours {
  readonly left: number;
  readonly up: number;
  readonly corner: number;
}

function predicted(filter: number, { left, up, corner }: Neighbours): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  const [byLeft, byUp] = [Math.abs(up - corner), Math.abs(left - corner)];
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

interface Bin {
  readonly key: number;
  count: number;
  readonly sums: [number, number, number];
}

/** Colours that cover most of a picture, and which of them stands for the pixel at an offset. */
function paletteOf(rgb: Uint8Array, colours: number) {
  const bins = new Map<number, Bin>();
  const keyAt = (at: number): number =>
    [0, 1, 2].reduce(
      (key, channel) => (key << COUNTED_BITS) | ((rgb[at + channel] ?? 0) >> (8 - COUNTED_BITS)),
      0,
    );
  for (let at = 0; at < rgb.length; at += 3) {
    const key = keyAt(at);
    const bin = bins.get(key) ?? { key, count: 0, sums: [0, 0, 0] };
    bin.count += 1;
    for (const channel of [0, 1, 2] as const) bin.sums[channel] += rgb[at + channel] ?? 0;
    bins.set(key, bin);
  }
  const chosen = [...bins.values()]
    .sort((a, b) => b.count - a.count || a.key - b.key)
    .map((bin) => ({ ...bin, mean: meanOf(bin), far: Number.POSITIVE_INFINITY, nearest: 0 }));
  const palette: number[] = [];
  for (let index = 0; index < Math.min(colours, chosen.length); index += 1) {
    // What covers most comes first; then what is least like anything chosen, or a rare red is lost.
    const next =
      index < colours / 2
        ? chosen[index]
        : chosen.reduce((a, b) =>
            b.far * Math.sqrt(b.count) > a.far * Math.sqrt(a.count) ? b : a,
          );
    if (!next) break;
    palette.push(...next.mean);
    for (const bin of chosen) {
      const far = bin.mean.reduce((sum, it, at) => sum + (it - (next.mean[at] ?? 0)) ** 2, 0);
      if (far < bin.far) Object.assign(bin, { far, nearest: index });
    }
  }
  const nearest = new Map(chosen.map((bin) => [bin.key, bin.nearest]));
  return {
    palette: Uint8Array.from(palette),
    indexOf: (at: number): number => nearest.get(keyAt(at)) ?? 0,
  };
}

function meanOf({ sums, count }: Bin): number[] {
  return sums.map((sum) => Math.round(sum / count));
}
