import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { failureOf } from '../../platform/failures.ts';
import { authorization, type Credentials } from './rtsp-auth.ts';
import { RtspReader, type RtspResponse } from './rtsp-reader.ts';
import type { StreamFailure } from './stream-failure.ts';

const REQUEST_DEADLINE_MS = 3_000;
const CONNECT_DEADLINE_MS = 4_000;
const STANDARD_PORT = 554;

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
  ended(reason: StreamFailure): void;
}

/** Requests and responses of one RTSP connection; interleaved frames go to `onFrame`. */
export class RtspSession {
  readonly #socket: Socket;
  readonly #credentials: Credentials | undefined;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onEnd: (reason: StreamFailure) => void;
  #challenge: string | undefined;
  #sequence = 0;
  #count = 0;
  #hasEnded = false;

  private constructor(
    socket: Socket,
    credentials: Credentials | undefined,
    listener: RtspListener,
  ) {
    this.#socket = socket;
    this.#credentials = credentials;
    this.#onEnd = (reason) => listener.ended(reason);
    const reader = new RtspReader({
      response: (response) => this.#answered(response),
      frame: (channel, bytes) => listener.frame(channel, bytes),
    });
    socket.on('data', (piece: Buffer) => {
      try {
        reader.push(piece);
      } catch {
        // Not RTSP: there is nothing to learn from the rest.
        this.#end('badAnswer');
      }
    });
    socket.on('error', (error) => this.#end(failureOf(error)));
    socket.on('close', () => this.#end('noStream'));
  }

  /** Connects. Throws a `StreamError`. */
  static async connect(
    url: URL,
    credentials: Credentials | undefined,
    listener: RtspListener,
  ): Promise<RtspSession> {
    const host = url.hostname.replaceAll(/^\[|\]$/g, '');
    const socket = connect({ host, port: url.port === '' ? STANDARD_PORT : Number(url.port) });
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
      socket.destroy();
      throw error;
    });
    socket.removeAllListeners('error');
    return new RtspSession(socket, credentials, listener);
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? '127.0.0.1';
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? '127.0.0.1';
  }

  /** Asks, and signs in when the camera wants it. Throws a `StreamError`. */
  async ask(
    method: string,
    uri: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RtspResponse> {
    const first = await this.#send(method, uri, headers);
    if (first.status !== 401) return this.#checked(first);
    const challenge = first.headers.get('www-authenticate');
    // Credentials are shown only to a camera that asks, and a second time only with a new nonce.
    if (challenge === undefined || !this.#credentials || challenge === this.#challenge)
      throw new StreamError('unauthorised');
    this.#challenge = challenge;
    const second = await this.#send(method, uri, headers);
    if (second.status === 401) throw new StreamError('unauthorised');
    return this.#checked(second);
  }

  /** Sends without waiting for the answer. */
  tell(method: string, uri: string, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.#hasEnded) this.#write(method, uri, headers);
  }

  close(): void {
    this.#end('noStream');
  }

  #checked(response: RtspResponse): RtspResponse {
    const { status } = response;
    if (status >= 200 && status < 300) return response;
    if (status === 403) throw new StreamError('unauthorised');
    if (status === 404) throw new StreamError('notFound');
    if (status === 461) throw new StreamError('unsupported');
    throw new StreamError('badAnswer');
  }

  #send(
    method: string,
    uri: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<RtspResponse> {
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) {
        reject(new StreamError('noStream'));
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

  #write(method: string, uri: string, headers: Readonly<Record<string, string>>): number {
    this.#sequence += 1;
    const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${this.#sequence}`, 'User-Agent: ppe-pulse'];
    const signed = this.#signature(method, uri);
    if (signed !== undefined) lines.push(`Authorization: ${signed}`);
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return this.#sequence;
  }

  #signature(method: string, uri: string): string | undefined {
    if (this.#challenge === undefined || !this.#credentials) return undefined;
    this.#count += 1;
    return authorization(this.#challenge, this.#credentials, {
      method,
      uri,
      clientNonce: randomBytes(8).toString('hex'),
      count: this.#count,
    });
  }

  #answered(response: RtspResponse): void {
    const sequence = Number(response.headers.get('cseq'));
    const waiting = this.#waiting.get(sequence);
    this.#waiting.delete(sequence);
    waiting?.resolve(response);
  }

  #end(reason: StreamFailure): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#socket.destroy();
    for (const waiting of this.#waiting.values()) waiting.reject(new StreamError(reason));
    this.#waiting.clear();
    this.#onEnd(reason);
  }
}
