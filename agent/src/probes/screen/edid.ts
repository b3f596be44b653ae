import type { ScreenSize } from './screen-size.ts';

/** The first block of a screen's own description (VESA E-EDID 1.4). */
const BLOCK_BYTES = 128;
const MAGIC = Buffer.from('00ffffffffffff00', 'hex');
/** The first detailed timing: since 1.3 the one that the screen is made for. */
const TIMING = { clock: 54, width: 56, widthHigh: 58, height: 59, heightHigh: 61, flags: 71 };
const INTERLACED = 0x80;

/** Pixels that a screen is made for; undefined for what is no description, or one without a timing. */
export function edidSize(edid: Buffer): ScreenSize | undefined {
  if (edid.length < BLOCK_BYTES || !edid.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  // A block without a pixel clock describes something else.
  if (edid.readUInt16LE(TIMING.clock) === 0) return undefined;
  const high = (at: number): number => (edid.readUInt8(at) >> 4) << 8;
  const width = edid.readUInt8(TIMING.width) + high(TIMING.widthHigh);
  const lines = edid.readUInt8(TIMING.height) + high(TIMING.heightHigh);
  const isInterlaced = (edid.readUInt8(TIMING.flags) & INTERLACED) !== 0;
  const height = isInterlaced ? lines * 2 : lines;
  return width > 0 && height > 0 ? { width, height } : undefined;
}
