import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { AGENT_PATH, AGENT_SUBPROTOCOL } from '@ppe-pulse/protocol';

/** What may be wrong with a frame. */
export interface FrameFlaws {
  readonly isFinal?: boolean;
  readonly isMasked?: boolean;
  /** The three reserved bits, 0–7. */
  readonly reserved?: number;
}

export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** One WebSocket frame of a client, by hand: a library would refuse to send a broken one. */
export function frameOf(opcode: number, payload: string | Buffer, flaws: FrameFlaws = {}): Buffer {
  const { isFinal = true, isMasked = true, reserved = 0 } = flaws;
  const body = Buffer.from(payload);
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const maskBit = isMasked ? 0x80 : 0;
  const head =
    body.length < 126
      ? Buffer.of(first, maskBit | body.length)
      : Buffer.of(first, maskBit | 126, body.length >> 8, body.length & 0xff);
  if (!isMasked) return Buffer.concat([head, body]);
  const mask = randomBytes(4);
  const masked = body.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.concat([head, mask, masked]);
}

/** A TCP connection that speaks HTTP and WebSocket as badly as it is told to. */
export class RawPeer {
  readonly socket: Socket;
  /** Texts of the collector after the upgrade. */
  readonly texts: string[] = [];
  pongs = 0;
  closeCode: number | undefined;
  #head = '';
  #bytes = Buffer.alloc(0);
  readonly #gone: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    this.#gone = new Promise((resolve) => socket.on('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    onTestFinished(() => void socket.destroy());
  }

  static async open(url: string): Promise<RawPeer> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const peer = new RawPeer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** Opens and upgrades. */
  static async upgraded(url: string): Promise<RawPeer> {
    const peer = await RawPeer.open(url);
    peer.socket.write(upgradeHead());
    await peer.until(() => peer.status !== 0);
    if (peer.status !== 101) throw new Error(`the upgrade was answered ${peer.status}`);
    return peer;
  }

  /** Status of the HTTP answer, 0 before it. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.#head)?.[1] ?? 0);
  }

  /** Head of the HTTP answer. */
  get head(): string {
    return this.#head;
  }

  send(opcode: number, payload: string | Buffer, flaws: FrameFlaws = {}): void {
    this.socket.write(frameOf(opcode, payload, flaws));
  }

  /** The code of the collector's close frame. */
  async closed(): Promise<number> {
    await this.until(() => this.closeCode !== undefined);
    return this.closeCode ?? 0;
  }

  /** Waits, from one piece of data to the next, for what the condition says. */
  async until(condition: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(15_000);
    while (!condition()) {
      if (this.socket.destroyed) throw new Error(`the connection was cut: ${condition.toString()}`);
      await Promise.race([once(this.socket, 'data', { signal }), once(this.socket, 'close')]);
    }
  }

  /** Waits until the collector has let go of the connection, not only of its own half. */
  async isCut(): Promise<void> {
    const deadline = performance.now() + 15_000;
    while (!this.socket.destroyed) {
      if (performance.now() > deadline) throw new Error('the collector holds the connection');
      // Who has only said its last word still takes this; who is gone answers with a reset.
      if (this.socket.readableEnded) this.socket.write('x');
      await Promise.race([this.#gone, setTimeout(10)]);
    }
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (this.#head === '') {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#head = this.#bytes.subarray(0, end).toString('latin1');
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    if (this.status === 101) while (this.#takeFrame());
  }

  /** Frames of a server are not masked and, here, shorter than 64 KiB. */
  #takeFrame(): boolean {
    if (this.#bytes.length < 2) return false;
    const opcode = (this.#bytes[0] ?? 0) & 0x0f;
    const short = (this.#bytes[1] ?? 0) & 0x7f;
    const headBytes = short === 126 ? 4 : 2;
    if (this.#bytes.length < headBytes) return false;
    const length = short === 126 ? this.#bytes.readUInt16BE(2) : short;
    if (this.#bytes.length < headBytes + length) return false;
    const payload = this.#bytes.subarray(headBytes, headBytes + length);
    this.#bytes = this.#bytes.subarray(headBytes + length);
    if (opcode === opcodes.text) this.texts.push(payload.toString('utf8'));
    if (opcode === opcodes.pong) this.pongs += 1;
    if (opcode === opcodes.close)
      this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    return true;
  }
}

/** The head of a good upgrade; the lines can be replaced. */
export function upgradeHead(lines: Record<string, string> = {}, path: string = AGENT_PATH): string {
  const headers = {
    Host: 'collector',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Protocol': AGENT_SUBPROTOCOL,
    ...lines,
  };
  const text = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${text.join('\r\n')}\r\n\r\n`;
}
