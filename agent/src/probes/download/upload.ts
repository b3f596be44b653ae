import { randomBytes } from 'node:crypto';
import { request as requestHttp, type ClientRequest } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Slot } from '@ppe-pulse/protocol';
import { dialOptions } from '../../platform/resolve-localhost.ts';
import type { SlotWay } from './download.ts';
import { outcomeOf, type ThroughputOutcome } from './arrival-meter.ts';
import { hasSettled, tailBytesPerSecond, type Arrival } from './throughput-estimate.ts';

/** Random bytes, so that nothing on the way can compress them. */
const BLOCK_BYTES = 64 * 1024;
const CONNECT_DEADLINE_MS = 5_000;
/** Receipts are short lines; anything longer is not ours. */
const MAX_LINE = 64;

/**
 * Uploads random bytes to the collector and measures by its receipts: what a sender has written into
 * its own socket overstates a slow line by 12–37 % (measured). Ends at the slot's bytes or time, or
 * when the speed has settled; aborting ends it as `lineBusy`.
 */
export function upload(
  baseUrl: string,
  slot: Slot,
  { tls, signal }: Omit<SlotWay, 'clock'>,
): Promise<ThroughputOutcome> {
  const url = new URL('/agent/v1/throughput', baseUrl);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const receipts = new Receipts();
  const dial = dialOptions(url);
  return new Promise((resolve) => {
    const request = send(url, {
      ...dial,
      ...(url.protocol === 'https:' && tls),
      method: 'POST',
      agent: false,
      headers: {
        ...dial.headers,
        authorization: `Slot ${slot.token}`,
        'content-type': 'application/octet-stream',
        'content-length': slot.maxBytes,
      },
    });
    const finish = (outcome: ThroughputOutcome): void => {
      clearTimeout(deadline);
      request.destroy();
      resolve(outcome);
    };
    const done = (): void => finish(outcomeOf(receipts));
    const deadline = setTimeout(done, CONNECT_DEADLINE_MS + slot.maxMs);
    signal.addEventListener('abort', () => finish({ kind: 'failed', reason: 'lineBusy' }), {
      once: true,
    });
    request.on('error', () =>
      receipts.bytes > 0 ? done() : finish({ kind: 'failed', reason: 'noAnswer' }),
    );
    request.on('response', (response) => {
      if (response.statusCode !== 200) {
        finish({ kind: 'failed', reason: 'refusedByCollector' });
        return;
      }
      response.setEncoding('latin1');
      response.on('data', (text: string) => {
        if (receipts.add(text)) done();
      });
      response.on('end', done);
      response.on('error', done);
    });
    request.once('socket', () => pump(request, slot.maxBytes));
  });
}

function pump(request: ClientRequest, maxBytes: number): void {
  const block = randomBytes(BLOCK_BYTES);
  let left = maxBytes;
  const write = (): void => {
    while (left > 0 && !request.destroyed) {
      const chunk = left >= block.length ? block : block.subarray(0, left);
      left -= chunk.length;
      if (!request.write(chunk)) {
        request.once('drain', write);
        return;
      }
    }
    if (left <= 0) request.end();
  };
  write();
}

/** Lines of «milliseconds bytes», on the collector's clock. */
export class Receipts {
  readonly #arrivals: Arrival[] = [];
  #rest = '';
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  bytesPerSecond(): number | undefined {
    return tailBytesPerSecond(this.#arrivals, 0, this.#arrivals.at(-1)?.atMs ?? 0);
  }

  /** True when the speed has settled. Lines that make no sense are passed over. */
  add(text: string): boolean {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) {
      const found = /^(\d{1,7}(?:\.\d)?) (\d{1,12})$/.exec(line);
      if (!found) continue;
      const atMs = Number(found[1]);
      const total = Number(found[2]);
      const last = this.#arrivals.at(-1);
      if (total <= this.#bytes || (last && atMs <= last.atMs)) continue;
      this.#arrivals.push({ atMs, bytes: total - this.#bytes });
      this.#bytes = total;
    }
    const last = this.#arrivals.at(-1);
    return last !== undefined && hasSettled(this.#arrivals, 0, last.atMs);
  }
}
