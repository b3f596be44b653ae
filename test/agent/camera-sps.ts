/** Writes parameter sets, so that every size can be read back. */

/** Bits and exp-Golomb numbers (ITU-T H.264, 9.1). */
class BitWriter {
  readonly #bits: number[] = [];

  bits(value: number, count: number): this {
    for (let at = count - 1; at >= 0; at -= 1) this.#bits.push(Math.floor(value / 2 ** at) % 2);
    return this;
  }

  golomb(value: number): this {
    const length = Math.floor(Math.log2(value + 1));
    return this.bits(0, length).bits(value + 1, length + 1);
  }

  signed(value: number): this {
    return this.golomb(value > 0 ? value * 2 - 1 : -value * 2);
  }

  /** With the stop bit, and with a 3 wherever a start code would appear by chance. */
  nal(header: readonly number[]): Buffer {
    this.bits(1, 1);
    while (this.#bits.length % 8 !== 0) this.bits(0, 1);
    const out = [...header];
    let zeros = 0;
    for (let at = 0; at < this.#bits.length; at += 8) {
      const byte = this.#bits.slice(at, at + 8).reduce((sum, bit) => sum * 2 + bit, 0);
      if (zeros >= 2 && byte <= 3) {
        out.push(3);
        zeros = 0;
      }
      zeros = byte === 0 ? zeros + 1 : 0;
      out.push(byte);
    }
    return Buffer.from(out);
  }
}

export interface SpsChoice {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4. */
  readonly chroma: 0 | 1 | 2 | 3;
  readonly isInterlaced: boolean;
  /** Bits of the scaling lists' deltas; none: no lists. */
  readonly scaling: readonly number[];
  readonly order: 0 | 1 | 2;
  readonly layers: number;
}

/** A high-profile H.264 set. The size must be a multiple of the units of cropping. */
export function writeH264(choice: SpsChoice): Buffer {
  const { width, height, chroma, isInterlaced, scaling, order } = choice;
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = (chroma === 1 ? 2 : 1) * (isInterlaced ? 2 : 1);
  const mapUnit = isInterlaced ? 32 : 16;
  const [blocksX, blocksY] = [Math.ceil(width / 16), Math.ceil(height / mapUnit)];
  const out = new BitWriter().bits(100, 8).bits(0x0028, 16).golomb(0).golomb(chroma);
  if (chroma === 3) out.bits(0, 1);
  out.golomb(0).golomb(0).bits(0, 1);
  out.bits(scaling.length > 0 ? 1 : 0, 1);
  if (scaling.length > 0) writeScaling(out, chroma === 3 ? 12 : 8, scaling);
  out.golomb(4).golomb(order);
  if (order === 0) out.golomb(6);
  if (order === 1) out.bits(0, 1).signed(-2).signed(3).golomb(2).signed(1).signed(-1);
  out.golomb(1).bits(0, 1);
  out.golomb(blocksX - 1).golomb(blocksY - 1);
  out.bits(isInterlaced ? 0 : 1, 1);
  if (isInterlaced) out.bits(1, 1);
  out.bits(1, 1);
  const cropX = (blocksX * 16 - width) / unitX;
  const cropY = (blocksY * mapUnit - height) / unitY;
  const isCropped = cropX + cropY > 0;
  out.bits(isCropped ? 1 : 0, 1);
  if (isCropped) out.golomb(0).golomb(cropX).golomb(0).golomb(cropY);
  return out.bits(0, 1).nal([0x67]);
}

/** Some lists follow the fall-back rule, others are written out (7.3.2.1.1.1). */
function writeScaling(out: BitWriter, lists: number, deltas: readonly number[]): void {
  for (let list = 0; list < lists; list += 1) {
    const isWritten = list % 2 === 0;
    out.bits(isWritten ? 1 : 0, 1);
    if (!isWritten) continue;
    let last = 8;
    for (let at = 0; at < (list < 6 ? 16 : 64); at += 1) {
      const delta = deltas[at % deltas.length] ?? 0;
      out.signed(delta);
      last = (last + delta + 256) % 256;
      // Zero: the rest of the list is the last value.
      if (last === 0) break;
    }
  }
}

/** A main-profile H.265 set; `layers` temporal sub-layers with profiles and levels of their own. */
export function writeH265({ width, height, chroma, layers }: SpsChoice): Buffer {
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = chroma === 1 ? 2 : 1;
  const [codedX, codedY] = [Math.ceil(width / 8) * 8, Math.ceil(height / 8) * 8];
  const out = new BitWriter().bits(0, 4).bits(layers, 3).bits(1, 1);
  out.bits(1, 8).bits(0x6000_0000, 32).bits(0, 48).bits(120, 8);
  for (let layer = 0; layer < layers; layer += 1) out.bits(layer % 2 === 0 ? 3 : 1, 2);
  if (layers > 0) out.bits(0, 2 * (8 - layers));
  for (let layer = 0; layer < layers; layer += 1) {
    if (layer % 2 === 0) out.bits(1, 8).bits(0x6000_0000, 32).bits(0, 48);
    out.bits(93, 8);
  }
  out.golomb(0).golomb(chroma);
  if (chroma === 3) out.bits(0, 1);
  out.golomb(codedX).golomb(codedY);
  const [cropX, cropY] = [(codedX - width) / unitX, (codedY - height) / unitY];
  out.bits(cropX + cropY > 0 ? 1 : 0, 1);
  if (cropX + cropY > 0) out.golomb(0).golomb(cropX).golomb(0).golomb(cropY);
  return out.golomb(0).golomb(0).nal([0x42, 0x01]);
}
