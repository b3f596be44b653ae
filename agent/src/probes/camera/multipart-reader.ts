/** Heads of parts are ~100 bytes. */
const MAX_HEAD_BYTES = 4_096;
/** A camera's picture is 50–500 kB. */
const MAX_PART_BYTES = 20_000_000;
/** A boundary has 70 characters at most (RFC 2046, 5.1.1). */
const MAX_BOUNDARY = 70;
const NOTHING: Buffer = Buffer.alloc(0);

/** What the reader hands on. */
export interface PartSink {
  /** The first bytes of a part, valid during the call only. */
  start(bytes: Buffer): void;
  /** A part came to its end. */
  end(bytes: number): void;
}

/**
 * Reads a `multipart/x-mixed-replace` body of any pieces: parts whose heads name a length are skipped
 * by it, others are searched for the boundary. Nothing is kept but an unfinished head.
 */
export class MultipartReader {
  readonly #sink: PartSink;
  readonly #delimiter: Buffer;
  #state: 'head' | 'counted' | 'searched' = 'head';
  #head: Buffer = NOTHING;
  /** Of a counted part: what is still to come. */
  #left = 0;
  #partBytes = 0;
  #hasBegun = false;
  /** Of a searched part: its last bytes, which may be the beginning of a boundary. */
  #tail: Buffer = NOTHING;

  constructor(boundary: string, sink: PartSink) {
    this.#sink = sink;
    this.#delimiter = Buffer.from(`--${boundary}`, 'latin1');
  }

  /** False when this is no such body, or goes over a limit: it is over then. */
  push(piece: Buffer): boolean {
    let rest = piece;
    while (rest.length > 0) {
      const next = this.#step(rest);
      if (next === undefined) return false;
      rest = next;
    }
    return true;
  }

  /** What is left of the bytes; undefined ends the reading. */
  #step(bytes: Buffer): Buffer | undefined {
    if (this.#state === 'head') return this.#takeHead(bytes);
    return this.#state === 'counted' ? this.#takeCounted(bytes) : this.#takeSearched(bytes);
  }

  #takeHead(bytes: Buffer): Buffer | undefined {
    const before = this.#head.length;
    const more = bytes.subarray(0, MAX_HEAD_BYTES - before);
    const head = before === 0 ? more : Buffer.concat([this.#head, more]);
    const end = endOfHead(head);
    if (end === undefined) {
      // The piece belongs to the socket: what is kept is copied.
      this.#head = Buffer.from(head);
      return head.length < MAX_HEAD_BYTES ? NOTHING : undefined;
    }
    this.#head = NOTHING;
    const text = head.toString('latin1', 0, end);
    const length = /^content-length:[ \t]*(\d{1,9})[ \t]*\r?$/im.exec(text)?.[1];
    if (length !== undefined && Number(length) > MAX_PART_BYTES) return undefined;
    this.#partBytes = 0;
    this.#hasBegun = false;
    this.#left = Number(length ?? 0);
    if (length === undefined) this.#state = 'searched';
    else if (this.#left > 0) this.#state = 'counted';
    return bytes.subarray(end - before);
  }

  #takeCounted(bytes: Buffer): Buffer {
    const taken = bytes.subarray(0, this.#left);
    this.#begin(taken);
    this.#left -= taken.length;
    this.#partBytes += taken.length;
    if (this.#left === 0) this.#finish();
    return bytes.subarray(taken.length);
  }

  #takeSearched(bytes: Buffer): Buffer | undefined {
    this.#begin(bytes);
    const joined = this.#tail.length === 0 ? bytes : Buffer.concat([this.#tail, bytes]);
    const at = joined.indexOf(this.#delimiter);
    if (at >= 0) {
      this.#partBytes += at;
      this.#tail = NOTHING;
      this.#finish();
      return joined.subarray(at);
    }
    const keptFrom = Math.max(0, joined.length - this.#delimiter.length + 1);
    this.#partBytes += keptFrom;
    this.#tail = Buffer.from(joined.subarray(keptFrom));
    return this.#partBytes > MAX_PART_BYTES ? undefined : NOTHING;
  }

  #begin(bytes: Buffer): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#sink.start(bytes);
  }

  #finish(): void {
    this.#state = 'head';
    this.#sink.end(this.#partBytes);
  }
}

/** The boundary of a Content-Type; cameras write it with and without its two dashes. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\/x-mixed-replace\b/i.test(contentType)) return undefined;
  const found = /;\s*boundary=(?:"([^"]*)"|([^\s;]*))/i.exec(contentType.slice(0, 500));
  const boundary = (found?.[1] ?? found?.[2] ?? '').replace(/^--/, '');
  return boundary === '' || boundary.length > MAX_BOUNDARY ? undefined : boundary;
}

/** Index after the empty line. */
function endOfHead(bytes: Buffer): number | undefined {
  const long = bytes.indexOf('\r\n\r\n');
  const short = bytes.indexOf('\n\n');
  if (long < 0 && short < 0) return undefined;
  return short < 0 || (long >= 0 && long < short) ? long + 4 : short + 2;
}
