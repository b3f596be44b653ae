import { describe, it } from 'vitest';
import type { ThroughputOutcome } from '../../agent/src/probes/download/arrival-meter.ts';
import type { SntpOutcome } from '../../agent/src/probes/clock/sntp.ts';
import { hasChrony, startChrony } from '../parts/chrony.ts';
import { hasLine, openLine, part, type Line } from '../parts/line.ts';
import { isShort, tellSpread } from './figures.ts';
import { shippedRuntime } from './shipped-agent.ts';

/** The agent's compiled probes at the near end of a line, on the runtime that is shipped. */
const { node, flags } = shippedRuntime();
const measure = async <T>(line: Line, what: string, input: unknown): Promise<T> => {
  const script = [...flags, part('line-client.mjs'), what, JSON.stringify(input)];
  return (await line.start('near', node, script).next()) as T;
};
const startServer = async (line: Line) => {
  const server = line.run('far', 'line-server.mjs', [line.farAddress]);
  return (await server.next()) as { readonly http: number; readonly clock: number };
};

/** Round trip of most of the region's lines. */
const RTT_MS = 40;
const TIMES = isShort ? 1 : 20;
/** A line lives for 150 s; one for each rate is enough for all of its runs. */
const RATES = isShort ? [10] : [2, 10, 50, 100];
const CLOCK_TIMES = isShort ? 1 : 20;
/** The collector's clock is asked 16 times, and the best answer wins. */
const EXCHANGES = 16;
const SNTP_SAMPLES = 4;
const AHEAD_SECONDS = 37;

describe.skipIf(!hasLine())('a shaped line (root, ip, tc, nft)', () => {
  it.each(RATES)('throughput at %i Mbit/s', async (megabits) => {
    const line = await openLine({ delayMs: RTT_MS / 2 });
    const { http } = await startServer(line);
    line.rate(megabits);
    const slot = { kind: 'download', token: 'any', maxBytes: 12_000_000, maxMs: 4_000 };
    // The rate is of IP packets of 1500 bytes: 20 are IP's, 32 are TCP's with its time stamps.
    const wanted = ((megabits * 1e6) / 8) * (1_448 / 1_500);
    const errors: number[] = [];
    for (let at = 0; at < TIMES; at += 1) {
      const url = `http://${line.farAddress}:${http}`;
      const found = await measure<ThroughputOutcome>(line, 'throughput', { url, slot });
      if (found.kind === 'failed') throw new Error(found.reason);
      errors.push(Math.abs(found.bytesPerSecond / wanted - 1) * 100);
    }
    tellSpread(`line, ${RTT_MS} ms: throughput error at ${megabits} Mbit/s`, errors, '%', {
      median: null,
      p90: 3,
    });
  });

  it.each(isShort ? [15] : [0, 15])(
    'the collector’s clock with %i ms of jitter',
    async (jitterMs) => {
      const line = await openLine({ delayMs: RTT_MS / 2, jitterMs });
      const { clock } = await startServer(line);
      const target = { host: line.farAddress, port: clock };
      const errors: number[] = [];
      for (let at = 0; at < CLOCK_TIMES; at += 1) {
        const found = await measure<{ skewMs: number }>(line, 'clock', {
          target,
          exchanges: EXCHANGES,
        });
        errors.push(Math.abs(found.skewMs));
      }
      tellSpread(`line, ${RTT_MS} ms, jitter ${jitterMs} ms: clock error`, errors, 'ms', {
        median: null,
        highest: 5,
      });
    },
  );

  it.skipIf(isShort || !hasChrony())('a time server’s clock (chrony, faketime)', async () => {
    const line = await openLine({ delayMs: RTT_MS / 2 });
    const { host, port } = await startChrony({ aheadSeconds: AHEAD_SECONDS, line });
    const errors: number[] = [];
    for (let at = 0; at < CLOCK_TIMES; at += 1) {
      const target = { host, port, samples: SNTP_SAMPLES };
      const found = await measure<SntpOutcome>(line, 'sntp', target);
      if (found.kind === 'failed') throw new Error(found.reason);
      errors.push(Math.abs(found.skewMs + AHEAD_SECONDS * 1_000));
    }
    tellSpread(`line, ${RTT_MS} ms: clock error by a time server`, errors, 'ms', {
      median: null,
      highest: 5,
    });
  });
});
