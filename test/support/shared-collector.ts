import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { loadConfig } from '../../server/src/config.ts';
import { startCollector, type Collector } from '../../server/src/collector.ts';
import { createLog } from '../../server/src/log.ts';
import { api } from './collector.ts';

/** One collector for all tests of a file: what one peer does to it, the next one would feel. */
export function sharedCollector(): () => Collector {
  let collector: Collector | undefined;
  let dataDir = '';
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ppe-pulse-'));
    const env = {
      PPE_PULSE_THROUGHPUT_CLOSED_FROM: '00:00',
      PPE_PULSE_THROUGHPUT_CLOSED_TO: '23:59',
    };
    const config = loadConfig(undefined, env, { port: 0, dataDir });
    collector = await startCollector(config, createLog(process.env.PPE_LOG ?? 'silent'));
  });
  afterAll(async () => {
    await collector?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return () => {
    if (!collector) throw new Error('the collector is not up');
    return collector;
  };
}

/** The value of one of the collector's own counters; 0 for a series that is not there yet. */
export async function counted(
  collector: Collector,
  name: string,
  reason?: string,
): Promise<number> {
  const { body } = await api(collector, '/metrics');
  const { text } = body as unknown as { text: string };
  const series = reason === undefined ? name : `${name}{reason="${reason}"}`;
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}
