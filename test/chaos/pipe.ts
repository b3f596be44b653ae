import type { Socket } from 'node:net';

/** How a link carries bytes now. Both directions look at it again with each chunk. */
export interface LinkManners {
  /** Nothing passes, not even an end: a cable that is out somewhere on the way. */
  isFrozen: boolean;
  /** One way. */
  delayMs: number;
  /** Infinity for as fast as it goes. */
  bytesPerSecond: number;
  /** How much longer than `delayMs` the next chunk takes: packets that were lost and sent again. */
  lossMs: () => number;
}

/** Bytes that a link holds in one direction; a sender that has more must wait, as TCP makes it. */
const MAX_HELD_BYTES = 2_000_000;
/** A slow link gives bytes in such pieces. */
const PIECE_BYTES = 512;

interface Chunk {
  readonly bytes: Buffer;
  readonly dueMs: number;
}

/** What a pipe tells its owner. `passedBytes` counts all that were handed on. */
export interface PipeListener {
  came(bytes: Buffer): void;
  passed(passedBytes: number): void;
}

/** One direction of a connection: takes bytes off `source` at once and hands them on by the manners. */
export class Pipe {
  readonly #source: Socket;
  readonly #manners: LinkManners;
  readonly #listener: PipeListener;
  readonly #held: Chunk[] = [];
  #sink: Socket | undefined;
  #heldBytes = 0;
  #passedBytes = 0;
  #lineFreeAtMs = 0;
  #hasEnded = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Socket, manners: LinkManners, listener: PipeListener) {
    this.#source = source;
    this.#manners = manners;
    this.#listener = listener;
    source.on('data', (bytes: Buffer) => this.#take(bytes));
    source.on('end', () => this.#end());
    source.on('close', () => this.#end());
  }

  /** The other end is there now. */
  connect(sink: Socket): void {
    this.#sink = sink;
    this.pump();
  }

  /** Hands on what is due; called when the manners changed. */
  pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const sink = this.#sink;
    if (!sink || this.#isOver) return;
    while (!this.#manners.isFrozen) {
      if (sink.destroyed) {
        this.stop();
        return;
      }
      const chunk = this.#held[0];
      if (!chunk) {
        if (this.#hasEnded) this.#finish(sink);
        return;
      }
      const nowMs = performance.now();
      const dueMs = Math.max(chunk.dueMs, this.#lineFreeAtMs);
      if (nowMs < dueMs) {
        this.#timer = setTimeout(() => this.pump(), dueMs - nowMs + 1);
        return;
      }
      this.#pass(chunk, sink, nowMs);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.#held.length = 0;
  }

  #take(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#listener.came(bytes);
    const last = this.#held.at(-1)?.dueMs ?? 0;
    const dueMs = performance.now() + this.#manners.delayMs + this.#manners.lossMs();
    // Bytes keep their order: what is behind a lost packet waits for it.
    this.#held.push({ bytes, dueMs: Math.max(last, dueMs) });
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_HELD_BYTES) this.#source.pause();
    if (this.#timer === undefined) this.pump();
  }

  #end(): void {
    this.#hasEnded = true;
    if (this.#timer === undefined) this.pump();
  }

  #pass(chunk: Chunk, sink: Socket, nowMs: number): void {
    const rate = this.#manners.bytesPerSecond;
    const count = Number.isFinite(rate)
      ? Math.min(PIECE_BYTES, chunk.bytes.length)
      : chunk.bytes.length;
    const rest = chunk.bytes.subarray(count);
    if (rest.length > 0) this.#held[0] = { bytes: rest, dueMs: chunk.dueMs };
    else this.#held.shift();
    this.#heldBytes -= count;
    if (this.#heldBytes <= MAX_HELD_BYTES && this.#source.isPaused()) this.#source.resume();
    if (Number.isFinite(rate)) this.#lineFreeAtMs = nowMs + (count / rate) * 1_000;
    sink.write(chunk.bytes.subarray(0, count));
    this.#passedBytes += count;
    this.#listener.passed(this.#passedBytes);
  }

  #finish(sink: Socket): void {
    this.#isOver = true;
    if (this.#source.errored) sink.destroy();
    else sink.end();
  }
}
