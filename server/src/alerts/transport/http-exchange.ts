import { request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestTls, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { outcomeOfError, outcomeOfStatus, type HttpStage } from './http-outcome.ts';
import { failure, type SendOutcome } from './send-outcome.ts';
import type { TransportLimits } from './transport-limits.ts';

/** One request, made up. */
export interface HttpCall {
  readonly url: URL;
  readonly body: string;
  readonly options: RequestOptions;
  readonly limits: TransportLimits;
  /** What is left of the time to connect in. */
  readonly connectWithinMs: number;
  /** What is left of the whole time. */
  readonly wholeWithinMs: number;
  readonly nowMs: number;
}

/** How a request ended. */
export interface HttpExchange {
  readonly outcome: SendOutcome;
  /** A kept connection had been closed by the other side: nobody saw the request. */
  readonly isStale: boolean;
}

/** Sends a request and waits for its answer, within the limits. Never throws, never redirects. */
export function exchange(call: HttpCall): Promise<HttpExchange> {
  return new Promise((resolve) => {
    new Exchange(call, resolve).start();
  });
}

class Exchange {
  readonly #call: HttpCall;
  readonly #resolve: (ended: HttpExchange) => void;
  readonly #timers: NodeJS.Timeout[] = [];
  #connectTimer: NodeJS.Timeout | undefined;
  #request: ClientRequest | undefined;
  #stage: HttpStage = 'connecting';
  #isEnded = false;
  #answerBytes = 0;

  constructor(call: HttpCall, resolve: (ended: HttpExchange) => void) {
    this.#call = call;
    this.#resolve = resolve;
  }

  start(): void {
    const { url, body, options, connectWithinMs, wholeWithinMs } = this.#call;
    this.#connectTimer = this.#after(connectWithinMs, () => this.#end(failure('timedOut')));
    this.#after(wholeWithinMs, () => this.#end(failure('timedOut')));
    try {
      const request = (url.protocol === 'https:' ? requestTls : requestPlain)(url, options);
      this.#request = request;
      request.on('socket', (socket) => this.#onSocket(socket));
      request.on('finish', () => this.#onSent());
      request.on('response', (response) => this.#onResponse(response));
      request.on('error', (error) => this.#onError(error));
      request.end(body);
    } catch {
      // A header that no request can carry: the settings are wrong, and stay so.
      this.#end(failure('notRenderable', false));
    }
  }

  #onSocket(socket: Socket): void {
    const isTls = this.#call.url.protocol === 'https:';
    const connected = (): void => {
      clearTimeout(this.#connectTimer);
      if (this.#stage === 'connecting') this.#stage = 'sending';
    };
    if (this.#request?.reusedSocket === true) connected();
    else socket.once(isTls ? 'secureConnect' : 'connect', connected);
  }

  #onSent(): void {
    if (this.#isEnded) return;
    this.#stage = 'answering';
    this.#after(this.#call.limits.answerWithinMs, () => this.#end(failure('timedOut')));
  }

  #onResponse(response: IncomingMessage): void {
    const status = response.statusCode ?? 0;
    const retryAfter = response.headers['retry-after'];
    const outcome = outcomeOfStatus(status, retryAfter, this.#call.nowMs);
    response.on('data', (chunk: Buffer) => {
      this.#answerBytes += chunk.length;
      if (this.#answerBytes > this.#call.limits.maxAnswerBytes) this.#end(outcome);
    });
    response.on('end', () => this.#end(outcome, response.complete));
    response.on('error', () => this.#endBroken(outcome));
    response.on('close', () => this.#endBroken(outcome));
  }

  /** Half a yes is none. A no is one without the rest of it. */
  #endBroken(outcome: SendOutcome): void {
    const isYes = outcome.outcome === 'delivered';
    this.#end(isYes ? { ...failure('brokenAnswer'), status: outcome.status } : outcome);
  }

  #onError(error: unknown): void {
    const isStale = this.#request?.reusedSocket === true && this.#answerBytes === 0;
    this.#end(outcomeOfError(error, this.#stage), false, isStale);
  }

  #end(outcome: SendOutcome, keepsConnection = false, isStale = false): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const timer of this.#timers) clearTimeout(timer);
    // Errors that come after the end say nothing any more; the handlers stay, so none is unheard.
    if (!keepsConnection) this.#request?.destroy();
    this.#resolve({ outcome, isStale });
  }

  #after(ms: number, callback: () => void): NodeJS.Timeout {
    const timer = setTimeout(callback, Math.max(1, ms));
    this.#timers.push(timer);
    return timer;
  }
}
