import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { ensureAuthority, renewServer } from '../../server/src/access/authority.ts';
import { tlsFolder } from '../../server/src/access/tls-files.ts';
import type { Collector } from '../../server/src/collector.ts';
import { testCollector } from './collector.ts';
import { tempDir } from './temp-dir.ts';

/** A collector that speaks TLS by its own authority, and what clients must know of it. */
export interface TlsCollector {
  readonly collector: Collector;
  readonly dataDir: string;
  readonly caPem: string;
}

/** Starts one on loopback, on a free port, that goes with the test. */
export async function tlsCollector(): Promise<TlsCollector> {
  const dataDir = tempDir();
  await ensureAuthority(dataDir, Date.now());
  await renewServer(dataDir, [], Date.now());
  const collector = await testCollector({ dataDir });
  const caPem = readFileSync(join(tlsFolder(dataDir), 'ca.crt'), 'utf8');
  return { collector, dataDir, caPem };
}

/** Asks its API as a script does that knows the authority. */
export async function askOverTls(
  { collector, caPem }: TlsCollector,
  path: string,
  init: { readonly method?: string; readonly body?: unknown } = {},
): Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }> {
  const text = init.body === undefined ? '' : JSON.stringify(init.body);
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL(path, collector.url),
      {
        ca: caPem,
        agent: false,
        method: init.method ?? 'GET',
        headers: {
          authorization: `Bearer ${collector.adminToken}`,
          ...(text !== '' && { 'content-type': 'application/json' }),
          'content-length': Buffer.byteLength(text),
        },
      },
      (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => (answer += part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: answer, headers: response.headers }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(text);
  });
}
