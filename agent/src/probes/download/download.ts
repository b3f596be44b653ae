import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Slot } from '@ppe-pulse/protocol';
import type { Clock } from '../../platform/clock.ts';
import { hasSettled, tailBytesPerSecond, type Arrival } from './throughput-estimate.ts';

/** Outcome of a download test. */
export type DownloadOutcome =
  | { readonly kind: 'measured'; readonly bytesPerSecond: number; readonly bytes: number }
  | { readonly kind: 'failed'; readonly reason: 'noAnswer' | 'refusedByCollector' | 'tooShort' };

/** Arrivals closer than this are counted together: a fast line has thousands a second. */
const ARRIVAL_GRAIN_MS = 5;
const CONNECT_DEADLINE_MS = 5_000;
/**
 * A line that brings this much in this time is faster than any contract (480 Mbit/s): the rest would
 * only cost memory, which the system's allocator does not give back.
 */
const PLENTY_BYTES = 3_000_000;
const PLENTY_MS = 50;

/**
 * Downloads the slot's bytes from the collector, counts and forgets them. Ends at the slot's bytes
 * or time, or earlier when the speed has settled. `baseUrl` is `http(s)://host:port`.
 */
export function download(baseUrl: string, slot: Slot, clock: Clock): Promise<DownloadOutcome> {
  const url = new URL('/agent/v1/throughput', baseUrl);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const request = send(url, { agent: false, headers: { authorization: `Slot ${slot.token}` } });
    const deadline = setTimeout(() => request.destroy(), CONNECT_DEADLINE_MS + slot.maxMs);
    request.on('error', () => resolve({ kind: 'failed', reason: 'noAnswer' }));
    request.on('close', () => clearTimeout(deadline));
    request.on('response', (response) => {
      if (response.statusCode !== 200) {
        response.destroy();
        resolve({ kind: 'failed', reason: 'refusedByCollector' });
        return;
      }
      void count(response, slot, clock).then((outcome) => {
        request.destroy();
        resolve(outcome);
      });
    });
    request.end();
  });
}

function count(response: IncomingMessage, slot: Slot, clock: Clock): Promise<DownloadOutcome> {
  const startMs = clock.monotonicMs();
  const arrivals: { atMs: number; bytes: number }[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const finish = (): void => resolve(outcomeOf(arrivals, startMs, bytes));
    response.on('data', (chunk: Buffer) => {
      const atMs = clock.monotonicMs();
      bytes += chunk.length;
      const last = arrivals.at(-1);
      if (last && atMs - last.atMs < ARRIVAL_GRAIN_MS) last.bytes += chunk.length;
      else arrivals.push({ atMs, bytes: chunk.length });
      const passedMs = atMs - startMs;
      const isOver = bytes >= slot.maxBytes || passedMs >= slot.maxMs;
      const isPlenty = bytes >= PLENTY_BYTES && passedMs <= PLENTY_MS;
      if (isOver || isPlenty || hasSettled(arrivals, startMs, atMs)) finish();
    });
    response.on('end', finish);
    response.on('error', finish);
    response.on('close', finish);
  });
}

function outcomeOf(arrivals: readonly Arrival[], startMs: number, bytes: number): DownloadOutcome {
  const bytesPerSecond = tailBytesPerSecond(arrivals, startMs);
  return bytesPerSecond === undefined
    ? { kind: 'failed', reason: 'tooShort' }
    : { kind: 'measured', bytesPerSecond, bytes };
}
