import type { IncomingMessage, ServerResponse } from 'node:http';
import { PackageBytes, packageEtag } from '@ppe-pulse/protocol';
import { openKeyStream } from './key-stream.ts';
import { headersOf, planRange } from './range.ts';
import { RateLimit } from './rate.ts';

/** One package and how fast it may go to one receiver. */
export interface PackageOffer {
  readonly seed: number;
  readonly bytes: number;
  /** 0 for no ceiling. */
  readonly maxBytesPerSecond: number;
  /** Told of bytes as they are handed to the socket. */
  readonly sent: (bytes: number) => void;
}

/** Ceilings of all downloads together. */
export interface PackageServerOptions {
  /** 0 for no ceiling. */
  readonly maxBytesPerSecond: number;
  readonly concurrent: number;
  readonly monotonicMs: () => number;
}

/** Written at once where nothing holds the rate. */
const BLOCK_BYTES = 256 * 1024;
/** A slow rate is cut finer: a receiver takes five seconds of silence for a cut line. */
const BLOCKS_PER_SECOND = 8;
const LEAST_BLOCK_BYTES = 1_024;
/** A receiver that takes nothing for this long is gone. */
const SILENCE_MS = 30_000;
/** A full server is asked again after this. */
const RETRY_SECONDS = 5;

/** A body that is being written. */
interface Stream {
  readonly response: ServerResponse;
  readonly own: RateLimit;
  readonly offer: PackageOffer;
  readonly source: PackageBytes;
  left: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Serves packages that are made while they are sent: nothing is stored and no byte is made before
 * the receiver takes the ones before it.
 */
export class PackageServer {
  readonly #options: PackageServerOptions;
  readonly #all: RateLimit;
  /** One a receiver: a newer connection takes the place of one that is half open. */
  readonly #streams = new Map<string, Stream>();

  constructor(options: PackageServerOptions) {
    this.#options = options;
    this.#all = new RateLimit(options.maxBytesPerSecond);
  }

  get open(): number {
    return this.#streams.size;
  }

  /** Answers a request of one receiver. */
  serve(
    receiver: string,
    offer: PackageOffer,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    this.drop(receiver);
    if (this.#streams.size >= this.#options.concurrent) {
      response.writeHead(503, { 'retry-after': String(RETRY_SECONDS), 'content-length': 0 }).end();
      return;
    }
    const whole = { bytes: offer.bytes, etag: packageEtag(offer.seed, offer.bytes) };
    const { range, 'if-range': ifRange } = request.headers;
    const answer = planRange({ range, ifRange: oneOf(ifRange) }, whole);
    response.writeHead(answer.status, headersOf(answer, whole));
    if (answer.status === 416 || request.method === 'HEAD') {
      response.end();
      return;
    }
    const stream: Stream = {
      response,
      own: new RateLimit(offer.maxBytesPerSecond),
      offer,
      source: new PackageBytes(offer.seed, openKeyStream, answer.from),
      left: answer.to - answer.from + 1,
      timer: undefined,
    };
    this.#streams.set(receiver, stream);
    response.once('close', () => {
      clearTimeout(stream.timer);
      stream.left = 0;
      if (this.#streams.get(receiver) === stream) this.#streams.delete(receiver);
    });
    response.setTimeout(SILENCE_MS, () => response.destroy());
    // A reset shows as the close that follows it.
    response.on('error', () => undefined);
    this.#pump(stream);
  }

  /** Cuts the receiver's connection. */
  drop(receiver: string): void {
    const stream = this.#streams.get(receiver);
    this.#streams.delete(receiver);
    stream?.response.destroy();
  }

  close(): void {
    for (const receiver of this.#streams.keys()) this.drop(receiver);
  }

  /** Books the next block, waits until it is due, writes it, waits until it is taken. */
  #pump(stream: Stream): void {
    if (stream.left === 0) {
      stream.response.end();
      return;
    }
    const length = Math.min(stream.left, this.#blockOf(stream));
    const nowMs = this.#options.monotonicMs();
    const waitMs = Math.max(stream.own.book(length, nowMs), this.#all.book(length, nowMs));
    if (waitMs < 1) this.#write(stream, length);
    else stream.timer = setTimeout(() => this.#write(stream, length), waitMs);
  }

  #write(stream: Stream, length: number): void {
    if (stream.left === 0) return;
    stream.left -= length;
    stream.offer.sent(length);
    const isTaken = stream.response.write(stream.source.next(length));
    // Also a receiver that takes everything lets others have their turn.
    if (isTaken) setImmediate(() => this.#goOn(stream));
    else stream.response.once('drain', () => this.#goOn(stream));
  }

  #goOn(stream: Stream): void {
    if (!stream.response.destroyed) this.#pump(stream);
  }

  #blockOf({ own }: Stream): number {
    const rates = [own.bytesPerSecond, this.#all.bytesPerSecond / this.#streams.size];
    const slowest = Math.min(...rates.filter((rate) => rate > 0));
    const block = Math.floor(slowest / BLOCKS_PER_SECOND);
    return Math.max(LEAST_BLOCK_BYTES, Math.min(BLOCK_BYTES, block));
  }
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
