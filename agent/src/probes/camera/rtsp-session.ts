import { connect, type Socket } from 'node:net';
import { failureOf } from '../../platform/failures.ts';
import { SignIn, type Credentials } from './camera-auth.ts';
import { RtspReader, type RtspResponse } from './rtsp-reader.ts';
import type { StreamFailure } from './stream-failure.ts';

const REQUEST_DEADLINE_MS = 3_000;
const CONNECT_DEADLINE_MS = 4_000;
/** For the camera to read the farewell. */
const FAREWELL_MS = 500;
const STANDARD_PORT = 554;
/** All is read into one buffer again and again: a stream's objects a piece cost a third more. */
const READ_BYTES = 16 * 1024;

/** The camera's refusal, or the line's. */
export class StreamError extends Error {
  readonly reason: StreamFailure;
  constructor(reason: StreamFailure) {
    super(`no stream: ${reason}`);
    this.name = 'StreamError';
    this.reason = reason;
  }
}

interface Waiting {
  readonly resolve: (response: RtspResponse) => void;
  readonly reject: (error: Error) => void;
}

/** What a connection hands on. The bytes of a frame are valid during the call only. */
export interface RtspListener {
  frame(channel: number, bytes: Buffer): void;
  /** Bytes have come; false cuts the connection. */
  allows(bytes: number): boolean;
  ended(reason: StreamFailure): void;
}

type Headers = Readonly<Record<string, string>>;

/** Requests and responses of one RTSP connection; interleaved frames go to the listener. */
export class RtspSession {
  readonly #socket: Socket;
  readonly #signIn: SignIn;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listener: RtspListener;
  readonly #reader: RtspReader;
  #sequence = 0;
  #ended: StreamFailure | undefined;

  private constructor(
    socket: Socket,
    credentials: Credentials | undefined,
    listener: RtspListener,
  ) {
    this.#socket = socket;
    this.#signIn = new SignIn(credentials);
    this.#listener = listener;
    this.#reader = new RtspReader({
      response: (response) => this.#answered(response),
      frame: (channel, bytes) => listener.frame(channel, bytes),
    });
    socket.on('error', (error) => this.end(lossOf(error)));
    socket.on('close', () => this.end('noStream'));
  }

  /** Connects. Throws a `StreamError`. */
  static async connect(
    url: URL,
    credentials: Credentials | undefined,
    listener: RtspListener,
  ): Promise<RtspSession> {
    const host = url.hostname.replaceAll(/^\[|\]$/g, '');
    const port = url.port === '' ? STANDARD_PORT : Number(url.port);
    const buffer = Buffer.alloc(READ_BYTES);
    let session: RtspSession | undefined;
    const callback = (count: number): boolean => {
      if (session) session.#take(buffer.subarray(0, count));
      return true;
    };
    const socket = connect({ host, port, onread: { buffer, callback } });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new StreamError('noAnswer')), CONNECT_DEADLINE_MS);
      socket.once('connect', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.once('error', (error) => {
        clearTimeout(timer);
        reject(new StreamError(failureOf(error)));
      });
    }).catch((error: unknown) => {
      // What the socket still has to say comes too late.
      socket.on('error', () => undefined);
      socket.destroy();
      throw error;
    });
    socket.removeAllListeners('error');
    session = new RtspSession(socket, credentials, listener);
    return session;
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? '127.0.0.1';
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? '127.0.0.1';
  }

  /** Asks, and signs in when the camera wants it. Throws a `StreamError`. */
  async ask(method: string, uri: string, headers: Headers = {}): Promise<RtspResponse> {
    const first = await this.#send(method, uri, headers);
    if (first.status !== 401) return checked(first);
    if (!this.#signIn.takes(first.headers.get('www-authenticate')))
      throw new StreamError('unauthorised');
    return checked(await this.#send(method, uri, headers));
  }

  /** Sends without waiting for the answer. */
  tell(method: string, uri: string, headers: Headers = {}): void {
    if (!this.#ended) this.#write(method, uri, headers);
  }

  /** Ends at once. */
  end(reason: StreamFailure): void {
    if (this.#over(reason)) this.#socket.destroy();
  }

  /** Ends in good order: weak cameras have few sessions, and keep one that was only cut off. */
  close(): void {
    if (!this.#over('noStream')) return;
    this.#socket.resume();
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), FAREWELL_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /** The piece is valid during the call only. */
  #take(piece: Buffer): void {
    if (this.#ended) return;
    try {
      if (this.#listener.allows(piece.length)) this.#reader.push(piece);
      else this.end('badAnswer');
    } catch {
      // Not RTSP: there is nothing to learn from the rest.
      this.end('badAnswer');
    }
  }

  /** False when it was over before. */
  #over(reason: StreamFailure): boolean {
    if (this.#ended) return false;
    this.#ended = reason;
    for (const waiting of this.#waiting.values()) waiting.reject(new StreamError(reason));
    this.#waiting.clear();
    this.#listener.ended(reason);
    return true;
  }

  #send(method: string, uri: string, headers: Headers): Promise<RtspResponse> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new StreamError(this.#ended));
        return;
      }
      const sequence = this.#write(method, uri, headers);
      const timer = setTimeout(() => {
        this.#waiting.delete(sequence);
        reject(new StreamError('noAnswer'));
      }, REQUEST_DEADLINE_MS);
      this.#waiting.set(sequence, {
        resolve: (response) => {
          clearTimeout(timer);
          resolve(response);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  }

  #write(method: string, uri: string, headers: Headers): number {
    this.#sequence += 1;
    const signed = this.#signIn.header(method, uri);
    const lines = [
      `${method} ${uri} RTSP/1.0`,
      `CSeq: ${this.#sequence}`,
      'User-Agent: ppe-pulse',
      ...(signed === undefined ? [] : [`Authorization: ${signed}`]),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    // Addresses and session names are the camera's own words: none of them begins a line.
    const safe = lines.map((line) => line.replaceAll(/[\r\n]/g, ''));
    this.#socket.write(`${safe.join('\r\n')}\r\n\r\n`);
    return this.#sequence;
  }

  #answered(response: RtspResponse): void {
    const own = response.headers.get('cseq');
    // A few cameras do not repeat the number; requests go one at a time.
    const sequence = own === undefined ? [...this.#waiting.keys()][0] : Number(own);
    const waiting = sequence === undefined ? undefined : this.#waiting.get(sequence);
    if (sequence === undefined || !waiting) return;
    this.#waiting.delete(sequence);
    waiting.resolve(response);
  }
}

function checked(response: RtspResponse): RtspResponse {
  const { status } = response;
  if (status >= 200 && status < 300) return response;
  if (status === 401 || status === 403) throw new StreamError('unauthorised');
  if (status === 404) throw new StreamError('notFound');
  if (status === 461) throw new StreamError('unsupported');
  throw new StreamError('badAnswer');
}

/** What a broken connection means: the camera that hung up has no stream any more. */
function lossOf(error: Error): StreamFailure {
  const reason = failureOf(error);
  return reason === 'badAnswer' ? 'noStream' : reason;
}
