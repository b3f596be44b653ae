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

/** Takes pieces of the connection in order. Throws an `RtspError`; the connection is over then. */
export class RtspReader {
  readonly #sink: RtspSink;
  #rest: Buffer = Buffer.alloc(0);

  constructor(sink: RtspSink) {
    this.#sink = sink;
  }

  push(piece: Buffer): void {
    // Mostly whole frames come and nothing is left over: then nothing is copied.
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    for (;;) {
      const used = bytes[0] === FRAME_MARK ? this.#takeFrame(bytes) : this.#takeResponse(bytes);
      if (used === 0) break;
      bytes = bytes.subarray(used);
      if (bytes.length === 0) break;
    }
    // The piece belongs to the socket: what is kept is copied.
    this.#rest = bytes.length === 0 ? bytes : Buffer.from(bytes);
  }

  /** Bytes used, 0 when the frame is not whole yet. */
  #takeFrame(bytes: Buffer): number {
    if (bytes.length < FRAME_HEAD_BYTES) return 0;
    const length = FRAME_HEAD_BYTES + bytes.readUInt16BE(2);
    if (bytes.length < length) return 0;
    this.#sink.frame(bytes.readUInt8(1), bytes.subarray(FRAME_HEAD_BYTES, length));
    return length;
  }

  #takeResponse(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) {
      if (bytes.length > MAX_HEAD_BYTES) throw new RtspError('a head without an end');
      // A reply starts with its version: nonsense is told before 16 kB of it have come.
      const start = bytes.toString('latin1', 0, Math.min(5, bytes.length));
      if (!'RTSP/'.startsWith(start)) throw new RtspError('another protocol');
      return 0;
    }
    if (end > MAX_HEAD_BYTES) throw new RtspError('a head over the limit');
    const { status, headers } = parseHead(bytes.toString('latin1', 0, end));
    const length = Number(headers.get('content-length') ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES)
      throw new RtspError('a body over the limit');
    const total = end + 4 + length;
    if (bytes.length < total) return 0;
    this.#sink.response({ status, headers, body: bytes.toString('utf8', end + 4, total) });
    return total;
  }
}

function parseHead(text: string): { status: number; headers: Map<string, string> } {
  const [first = '', ...lines] = text.split('\r\n');
  const status = /^RTSP\/[12]\.\d (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined) throw new RtspError('another protocol');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    // A camera may offer several ways to sign in, each on a line of its own.
    const known = headers.get(name);
    headers.set(name, known === undefined ? value : `${known}\n${value}`);
  }
  return { status: Number(status), headers };
}
