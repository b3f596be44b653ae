import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { VerifiedTls } from '../../link/trust.ts';
import { codeOf } from '../../platform/errors.ts';
import { dialOptions } from '../../platform/resolve-localhost.ts';
import {
  planResponse,
  rangeHeaders,
  type Received,
  type ResponseHead,
  type ResponsePlan,
} from './http-range.ts';

/** A CA to believe instead of the built-in ones (PEM text), or the collector's own trust. */
export type ServerTrust = VerifiedTls | { readonly ca?: string };

/** One request for the rest of the package. */
export interface AttemptRequest {
  readonly url: URL;
  /** How the server is known, for https. */
  readonly tls: ServerTrust;
  /** `Authorization` of the request: a token is never part of a URL. */
  readonly authorization?: string | undefined;
  readonly received: Received;
  /** Silence after which the line counts as cut, ms: before the head and between two chunks. */
  readonly stallMs: number;
}

/** A plan that reads the body. */
export type BodyPlan = Extract<ResponsePlan, { kind: 'append' | 'restart' }>;

/** Where the attempt's bytes go. */
export interface AttemptSink {
  /** Called once, before the first chunk, when the body will be read. */
  begin(plan: BodyPlan, head: ResponseHead): void;
  /** False ends the attempt: the budget is used up. */
  take(chunk: Buffer): boolean;
  /** How long the next bytes are left on the line to keep under a rate, ms. Missing: they are not. */
  holdMs?(): number;
}

/** How an attempt ended. */
export type AttemptOutcome =
  /** The body came to its end. */
  | { readonly kind: 'complete' }
  | { readonly kind: 'enough' }
  /** The code is the system's, or `stalled`, or `short` for an end before the length was reached. */
  | { readonly kind: 'cut'; readonly code: string }
  | Exclude<ResponsePlan, BodyPlan>
  | { readonly kind: 'distrusted'; readonly reason: 'certificateExpired' | 'certificateInvalid' };

/** OpenSSL's and Node's codes for a certificate: asking again would bring the same. */
const CERTIFICATE = /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_)/;

/** Sends one request and reads its body into the sink. Rejects only with the reason of an abort. */
export function attempt(
  request: AttemptRequest,
  sink: AttemptSink,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { url, tls, authorization, received, stallMs } = request;
  const dial = dialOptions(url);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const outgoing = send(url, {
      ...dial,
      agent: false,
      signal,
      headers: {
        ...dial.headers,
        // Bytes on the line are counted, so nothing may be packed on the way.
        'accept-encoding': 'identity',
        ...rangeHeaders(received),
        ...(authorization !== undefined && { authorization }),
      },
      ...(url.protocol === 'https:' && tls),
    });
    const finish = (outcome: AttemptOutcome): void => {
      clearTimeout(stall);
      clearTimeout(held);
      outgoing.destroy();
      if (signal.aborted) reject(signal.reason as Error);
      else resolve(outcome);
    };
    let held: NodeJS.Timeout | undefined;
    const stall = setTimeout(() => finish({ kind: 'cut', code: 'stalled' }), stallMs);
    outgoing.on('error', (error) => finish(outcomeOfError(codeOf(error))));
    outgoing.once('response', (response) => {
      stall.refresh();
      const head = headOf(response);
      const plan = planResponse(head, received);
      if (plan.kind !== 'append' && plan.kind !== 'restart') {
        finish(plan);
        return;
      }
      sink.begin(plan, head);
      response.on('data', (chunk: Buffer) => {
        stall.refresh();
        if (!sink.take(chunk)) finish({ kind: 'enough' });
        else held = hold(response, sink, () => stall.refresh());
      });
      response.once('end', () =>
        finish(response.complete ? { kind: 'complete' } : { kind: 'cut', code: 'short' }),
      );
      response.once('error', (error) => finish({ kind: 'cut', code: codeOf(error) }));
      response.once('close', () => finish({ kind: 'cut', code: 'short' }));
    });
    outgoing.end();
  });
}

/** Leaves the next bytes on the line for as long as the sink wants, and is then not impatient. */
function hold(
  response: IncomingMessage,
  sink: AttemptSink,
  resumed: () => void,
): NodeJS.Timeout | undefined {
  const holdMs = sink.holdMs?.() ?? 0;
  if (holdMs < 1) return undefined;
  response.pause();
  return setTimeout(() => {
    resumed();
    response.resume();
  }, holdMs);
}

function outcomeOfError(code: string): AttemptOutcome {
  if (code === 'CERT_HAS_EXPIRED') return { kind: 'distrusted', reason: 'certificateExpired' };
  if (CERTIFICATE.test(code)) return { kind: 'distrusted', reason: 'certificateInvalid' };
  return { kind: 'cut', code };
}

function headOf(response: IncomingMessage): ResponseHead {
  return {
    status: response.statusCode ?? 0,
    contentLength: response.headers['content-length'],
    contentRange: response.headers['content-range'],
    etag: response.headers.etag,
  };
}
