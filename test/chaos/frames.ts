/** A text frame that went by, and where it ends in its direction's bytes. */
export interface PassingText {
  readonly text: string;
  /** Bytes of the direction up to and with the frame's last one. */
  readonly endByte: number;
}

/** A head that is longer is no WebSocket upgrade. */
const MAX_HEAD_BYTES = 16_384;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const TEXT = 1;
const CONTINUATION = 0;

/**
 * Reads the text frames of one direction of a WebSocket connection while its bytes pass: no
 * extensions, as between our agent and collector. Anything that is not an upgrade is let pass unread.
 */
export class FrameReader {
  #phase: 'head' | 'frames' | 'unread' = 'head';
  #rest = Buffer.alloc(0);
  /** Bytes before `#rest`. */
  #readBytes = 0;
  #parts: Buffer[] = [];
  #opcode = CONTINUATION;

  /** Takes the next bytes; answers the texts that end in them. */
  push(bytes: Buffer): PassingText[] {
    if (this.#phase === 'unread') return [];
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (this.#phase === 'head') this.#readHead();
    const texts: PassingText[] = [];
    while (this.#phase === 'frames') {
      const frame = frameAt(this.#rest);
      if (!frame) break;
      this.#drop(frame.bytes);
      // Control frames stand between the parts of a text.
      if (frame.opcode >= 8) continue;
      if (frame.opcode !== CONTINUATION) this.#opcode = frame.opcode;
      this.#parts.push(frame.payload);
      if (!frame.isLast) continue;
      const text = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      if (this.#opcode === TEXT) texts.push({ text, endByte: this.#readBytes });
    }
    return texts;
  }

  #readHead(): void {
    const end = this.#rest.indexOf(END_OF_HEAD);
    if (end < 0) {
      if (this.#rest.length > MAX_HEAD_BYTES) this.#phase = 'unread';
      return;
    }
    const isUpgrade = /^upgrade:\s*websocket/im.test(this.#rest.toString('latin1', 0, end));
    this.#phase = isUpgrade ? 'frames' : 'unread';
    this.#drop(end + END_OF_HEAD.length);
  }

  #drop(bytes: number): void {
    this.#rest = this.#rest.subarray(bytes);
    this.#readBytes += bytes;
  }
}

interface Frame {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  /** With its header. */
  readonly bytes: number;
}

/** The frame at the beginning (RFC 6455 §5.2), undefined when not all of it is there. */
function frameAt(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  const isMasked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < headerBytes) return undefined;
  const length =
    short === 126
      ? bytes.readUInt16BE(2)
      : short === 127
        ? Number(bytes.readBigUInt64BE(2))
        : short;
  const end = headerBytes + length;
  if (bytes.length < end) return undefined;
  const payload = Buffer.from(bytes.subarray(headerBytes, end));
  if (isMasked) {
    const mask = bytes.subarray(headerBytes - 4, headerBytes);
    for (let at = 0; at < payload.length; at += 1)
      payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
  }
  return { isLast: (first & 0x80) !== 0, opcode: first & 0x0f, payload, bytes: end };
}
