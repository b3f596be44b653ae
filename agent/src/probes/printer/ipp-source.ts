import type { HttpExchange } from '../../platform/http-exchange.ts';
import { failureOfStatus, type DeviceFailure } from '../../platform/failures.ts';
import {
  decodeIpp,
  encodeIpp,
  IppError,
  ippOperations,
  type IppReply,
  type IppRequestAttribute,
} from './ipp-message.ts';
import {
  activeJobs,
  endedJobs,
  jobAttributes,
  printerAttributes,
  restingSince,
  sightingOf,
} from './ipp-printer.ts';
import type { SourceLook } from './sighting.ts';

/** Two silences in a row say that nobody is there: after the longest wait both fit in two periods. */
const DEADLINE_MS = 2_200;
/** 100 jobs are 20 kB. */
const MAX_BYTES = 512 * 1024;
/** Jobs that ended between two looks at the queue are asked for this often. */
const ENDED_EVERY_MS = 10_000;
/** A printer that rests has no jobs; its word for it is checked this often. */
const RESTING_EVERY_MS = 30_000;
const ENDED_LIMIT = 20;
const ACTIVE_LIMIT = 100;
/** RFC 8011 status codes. */
const STATUS_FAILED = 0x0100;
const STATUS_NOT_FOUND = 0x0406;
const FORBIDDEN = [0x0401, 0x0402, 0x0403];

type Asked =
  | { readonly kind: 'reply'; readonly reply: IppReply }
  | { readonly kind: 'failed'; readonly reason: DeviceFailure };

/** Looks at a CUPS queue or a network printer over IPP; reads only. */
export class IppSource {
  readonly #uri: string;
  readonly #url: URL;
  readonly #exchange: HttpExchange;
  #requestId = 1;
  #endedAtMs = Number.NEGATIVE_INFINITY;
  #jobsBefore = '';
  #resting: { readonly since: number; readonly askedAtMs: number } | undefined;
  #source: 'ipp' | 'queue';

  /** `uri` is `ipp://host[:port]/path` or `ipps://…`. */
  constructor(uri: string, exchange: HttpExchange) {
    this.#uri = uri;
    this.#url = httpUrlOf(uri);
    this.#exchange = exchange;
    // CUPS' own path; the first answer tells for certain.
    this.#source = this.#url.pathname.startsWith('/printers/') ? 'queue' : 'ipp';
  }

  async look(nowMs: number, signal: AbortSignal): Promise<SourceLook> {
    const state = await this.#ask(ippOperations.getPrinterAttributes, printerAttributes, signal);
    if (state.kind === 'failed') return this.#failed(state.reason);
    const printer = state.reply.printers[0];
    if (!printer) return this.#failed('badAnswer');
    const sighting = sightingOf(printer);
    this.#source = sighting.source === 'ipp' ? 'ipp' : 'queue';
    const since = restingSince(printer);
    if (this.#rests(since, nowMs)) return { kind: 'seen', sighting: { ...sighting, jobs: [] } };
    const active = await this.#ask(ippOperations.getJobs, jobAttributes, signal, [
      { name: 'which-jobs', keywords: ['not-completed'] },
      { name: 'limit', integer: ACTIVE_LIMIT },
    ]);
    if (active.kind === 'failed') return this.#failed(active.reason);
    const jobs = activeJobs(active.reply.jobs);
    const key = `${jobs.map(({ id }) => id).join()} ${since ?? ''}`;
    const ended = await this.#ended(key, nowMs, signal);
    this.#resting =
      since === undefined || jobs.length > 0 ? undefined : { since, askedAtMs: nowMs };
    return {
      kind: 'seen',
      sighting: { ...sighting, jobs, ...(ended ? { ended } : {}) },
    };
  }

  /** Nothing has happened since jobs were asked for: an idle printer is one question a look. */
  #rests(since: number | undefined, nowMs: number): boolean {
    const before = this.#resting;
    if (!before || since !== before.since) return false;
    return nowMs - before.askedAtMs < RESTING_EVERY_MS;
  }

  /** Asked when the queue has changed, else now and then. */
  async #ended(key: string, nowMs: number, signal: AbortSignal) {
    if (key === this.#jobsBefore && nowMs - this.#endedAtMs < ENDED_EVERY_MS) return undefined;
    this.#jobsBefore = key;
    this.#endedAtMs = nowMs;
    const answer = await this.#ask(ippOperations.getJobs, jobAttributes, signal, [
      { name: 'which-jobs', keywords: ['completed'] },
      { name: 'limit', integer: ENDED_LIMIT },
    ]);
    return answer.kind === 'failed' ? undefined : endedJobs(answer.reply.jobs);
  }

  #failed(reason: DeviceFailure): SourceLook {
    return { kind: 'failed', source: this.#source, reason };
  }

  async #ask(
    operation: number,
    wanted: readonly string[],
    signal: AbortSignal,
    extra: readonly IppRequestAttribute[] = [],
  ): Promise<Asked> {
    this.#requestId += 1;
    return askIpp(
      this.#exchange,
      this.#url,
      signal,
      encodeIpp(operation, this.#requestId, [
        { name: 'printer-uri', uri: this.#uri },
        ...extra,
        { name: 'requested-attributes', keywords: wanted },
      ]),
    );
  }
}

/** Posts one IPP request and reads the reply. Never rejects. */
export async function askIpp(
  exchange: HttpExchange,
  url: URL,
  signal: AbortSignal,
  body: Buffer,
): Promise<Asked> {
  const answer = await exchange.ask({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/ipp' },
    body,
    deadlineMs: DEADLINE_MS,
    maxBytes: MAX_BYTES,
    signal,
  });
  if (answer.kind === 'failed') return answer;
  const refusal = failureOfStatus(answer.status);
  if (refusal) return { kind: 'failed', reason: refusal };
  try {
    const reply = decodeIpp(answer.body);
    const reason = failureOfIppStatus(reply.status);
    return reason ? { kind: 'failed', reason } : { kind: 'reply', reply };
  } catch (error) {
    if (error instanceof IppError) return { kind: 'failed', reason: 'badAnswer' };
    throw error;
  }
}

/** The web address behind an IPP one (RFC 3510, RFC 7472). */
export function httpUrlOf(uri: string): URL {
  const isTls = uri.startsWith('ipps:');
  const url = new URL(uri.replace(/^ipps?:/, isTls ? 'https:' : 'http:'));
  // A port that is the web's own vanishes from a parsed address: the text tells.
  const hasPort = /^ipps?:\/\/[^/]*:\d+(\/|$)/.test(uri);
  if (!hasPort && uri.startsWith('ipp')) url.port = '631';
  return url;
}

function failureOfIppStatus(status: number): DeviceFailure | undefined {
  if (status < STATUS_FAILED) return undefined;
  if (status === STATUS_NOT_FOUND) return 'notFound';
  return FORBIDDEN.includes(status) ? 'unauthorised' : 'badAnswer';
}
