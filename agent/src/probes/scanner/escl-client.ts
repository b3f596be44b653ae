import type { Clock } from '../../platform/clock.ts';
import { failureOfStatus, type DeviceFailure } from '../../platform/failures.ts';
import type { HttpExchange } from '../../platform/http-exchange.ts';
import {
  parseScannerCapabilities,
  parseScannerStatus,
  type EsclCapabilities,
  type EsclReading,
  type EsclStatus,
} from './escl.ts';

const DEADLINE_MS = 3_000;
/** A status with 100 jobs is 40 kB; capabilities of an office machine are 30 kB. */
const MAX_BYTES = 64 * 1024;

/** What the scanner answered, or why it did not. */
export type EsclLook<T> =
  | { readonly kind: 'answered'; readonly value: T; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly reason: DeviceFailure };

/** Asks a network scanner how it is. Only GETs: neither question disturbs a scan. */
export class EsclClient {
  readonly #base: string;
  readonly #exchange: HttpExchange;
  readonly #clock: Clock;

  /** `address` is `http://host[:port][/path]` or `https://…`; without a path it is `/eSCL`. */
  constructor(address: string, exchange: HttpExchange, clock: Clock) {
    this.#base = esclBase(address);
    this.#exchange = exchange;
    this.#clock = clock;
  }

  /** State, feeder, jobs. Never rejects. */
  status(signal: AbortSignal): Promise<EsclLook<EsclStatus>> {
    return this.#ask('ScannerStatus', parseScannerStatus, signal);
  }

  /** What it can do; asked once a session. Never rejects. */
  capabilities(signal: AbortSignal): Promise<EsclLook<EsclCapabilities>> {
    return this.#ask('ScannerCapabilities', parseScannerCapabilities, signal);
  }

  async #ask<T>(
    document: string,
    parse: (text: string) => EsclReading<T>,
    signal: AbortSignal,
  ): Promise<EsclLook<T>> {
    const startMs = this.#clock.monotonicMs();
    const answer = await this.#exchange.ask({
      url: new URL(`${this.#base}/${document}`),
      method: 'GET',
      deadlineMs: DEADLINE_MS,
      maxBytes: MAX_BYTES,
      signal,
    });
    const tookMs = this.#clock.monotonicMs() - startMs;
    if (answer.kind === 'failed') return answer;
    const refusal = failureOfStatus(answer.status);
    if (refusal) return { kind: 'failed', reason: refusal };
    const reading = parse(answer.body.toString('utf8'));
    if (reading.kind === 'malformed') return { kind: 'failed', reason: 'badAnswer' };
    return { kind: 'answered', value: reading.value, tookMs };
  }
}

/** The resource that eSCL's documents are under, without a slash at its end. */
export function esclBase(address: string): string {
  const url = new URL(address);
  const path = url.pathname.replaceAll(/\/+$/g, '');
  return `${url.origin}${path === '' ? '/eSCL' : path}`;
}
