/**
 * What comes over an RTSP connection (RFC 2326): responses, and binary frames between them (`$`,
 * channel, length). Bytes come in any pieces; nothing is kept but an unfinished piece.
 */

/** A response of the camera. Header names are in lower case. */
export interface RtspResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The camera does not speak RTSP, or goes over a limit. */
export class RtspError extends Error {
  constructor(what: string) {
    super(`not RTSP: ${what}`);
    this.name = 'RtspError';
  }
}

/** What the reader hands on. The bytes of a frame are valid during the call only. */
export interface RtspSink {
  response(response: RtspResponse): void;
  frame(channel: number, bytes: Buffer): void;
}

const MAX_HEAD_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 64 * 1024;
const FRAME_MARK = 0x24;
const FRAME_HEAD_BYTES = 4;
const LINE_ENDS: ReadonlySet<number | undefined> = new Set([0x0a, 0x0d]);
/** How a head begins: a response, or a request of the camera, which is read over. */
const BEGINNING = /^(?:RTSP\/|[A-Z_]{1,20}(?: |$))/;
const BEGINNING_BYTES = 21;

/** Takes pieces of the connection in order. Throws an `RtspError`; the connection is over then. */
export class RtspReader {
  readonly #sink: RtspSink;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** With fewer bytes there is no sense in looking again: a drip would be joined for every byte. */
  #neededBytes = 0;

  constructor(sink: RtspSink) {
    this.#sink = sink;
  }

  push(piece: Buffer): void {
    const isEnough = this.#heldBytes === 0 || this.#heldBytes + piece.length >= this.#neededBytes;
    if (!isEnough) {
      this.#hold(piece);
      return;
    }
    // Mostly whole frames come and nothing is left over: then nothing is copied.
    const bytes = this.#heldBytes === 0 ? piece : Buffer.concat([...this.#held, piece]);
    this.#held = [];
    this.#heldBytes = 0;
    let at = 0;
    while (at < bytes.length) {
      const used = this.#take(bytes, at);
      if (used === 0) break;
      at += used;
    }
    if (at < bytes.length) this.#hold(bytes.subarray(at));
  }

  /** The piece belongs to the socket: what is kept is copied. */
  #hold(piece: Buffer): void {
    this.#held.push(Buffer.from(piece));
    this.#heldBytes += piece.length;
  }

  /** Bytes used, 0 when the next thing is not whole yet. */
  #take(bytes: Buffer, at: number): number {
    if (bytes[at] === FRAME_MARK) return this.#takeFrame(bytes, at);
    // Empty lines before a head are read over (RFC 2326, 4.1).
    if (LINE_ENDS.has(bytes[at])) return 1;
    return this.#takeHead(bytes.subarray(at));
  }

  /** Hundreds a second, and the shipped runtime has no compiler: every call and object counts. */
  #takeFrame(bytes: Buffer, at: number): number {
    const channel = bytes[at + 1];
    const high = bytes[at + 2];
    const low = bytes[at + 3];
    const isHead = channel !== undefined && high !== undefined && low !== undefined;
    const length = FRAME_HEAD_BYTES + (isHead ? high * 256 + low : 0);
    if (!isHead || bytes.length - at < length) return this.#waitFor(length);
    this.#sink.frame(channel, bytes.subarray(at + FRAME_HEAD_BYTES, at + length));
    return length;
  }

  #takeHead(bytes: Buffer): number {
    // Nonsense is told before 16 kB of it have come.
    if (!BEGINNING.test(bytes.toString('latin1', 0, BEGINNING_BYTES)))
      throw new RtspError('another protocol');
    const end = endOfHead(bytes.subarray(0, MAX_HEAD_BYTES));
    if (!end) {
      if (bytes.length >= MAX_HEAD_BYTES) throw new RtspError('a head without an end');
      return this.#waitFor(bytes.length + 1);
    }
    const { status, headers } = parseHead(bytes.toString('latin1', 0, end.textBytes));
    const length = Number(headers.get('content-length') ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES)
      throw new RtspError('a body over the limit');
    const total = end.bytes + length;
    if (bytes.length < total) return this.#waitFor(total);
    if (status !== undefined)
      this.#sink.response({ status, headers, body: bytes.toString('utf8', end.bytes, total) });
    return total;
  }

  #waitFor(bytes: number): 0 {
    this.#neededBytes = bytes;
    return 0;
  }
}

/** Where the empty line is. A few cameras end lines with LF alone. */
function endOfHead(
  bytes: Buffer,
): { readonly textBytes: number; readonly bytes: number } | undefined {
  const long = bytes.indexOf('\r\n\r\n');
  const short = bytes.indexOf('\n\n');
  if (long < 0 && short < 0) return undefined;
  return short < 0 || (long >= 0 && long < short)
    ? { textBytes: long, bytes: long + 4 }
    : { textBytes: short, bytes: short + 2 };
}

/** Status undefined: a request of the camera (ANNOUNCE, OPTIONS…), which needs no answer here. */
function parseHead(text: string): { status: number | undefined; headers: Map<string, string> } {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const status = /^RTSP\/[12]\.\d (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined && !/^[A-Z_]{1,20} \S+ RTSP\/[12]\.\d$/.test(first))
    throw new RtspError('another protocol');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = headers.get(name);
    // A camera may offer several ways to sign in, each on a line of its own. Of others the first counts.
    if (known === undefined) headers.set(name, value);
    else if (name === 'www-authenticate') headers.set(name, `${known}\n${value}`);
  }
  return { status: status === undefined ? undefined : Number(status), headers };
}
