import { onTestFinished } from 'vitest';
import { loadConfig, type ConfigOverrides } from '../../server/src/config.ts';
import { startCollector, type Collector } from '../../server/src/collector.ts';
import { createLog } from '../../server/src/log.ts';
import { tempDir } from './temp-dir.ts';

/** A collector in this process, on a free port, that goes with the test. */
export async function testCollector(
  overrides: ConfigOverrides = {},
  env: Record<string, string> = {},
): Promise<Collector> {
  const config = loadConfig(
    undefined,
    { PPE_PULSE_THROUGHPUT_CLOSED_FROM: '00:00', PPE_PULSE_THROUGHPUT_CLOSED_TO: '00:00', ...env },
    {
      port: 0,
      dataDir: tempDir(),
      ...overrides,
    },
  );
  const collector = await startCollector(config, createLog(process.env.PPE_LOG ?? 'silent'));
  let isStopped = false;
  const once = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await collector.stop();
  };
  onTestFinished(once);
  return { ...collector, signInPath: () => collector.signInPath(), stop: once };
}

/** Asks the collector's API as a script does. */
export async function api(
  collector: Collector,
  path: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: Record<string, never>; headers: Headers }> {
  const response = await fetch(collector.url + path, {
    method: init.method ?? 'GET',
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${collector.adminToken}`,
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  const body = (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, never>;
  return { status: response.status, body, headers: response.headers };
}
