import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownTls } from '../access/own-tls.ts';
import type { CollectorRequest } from './ask-collector.ts';

/** Where the collector of a data folder listens, how it is known, and the right to ask it. */
export type RunningCollector = Pick<CollectorRequest, 'address' | 'token' | 'tls'>;

/**
 * The collector that runs on a data folder; undefined when none does. One that was killed leaves its
 * address: then nobody answers there.
 */
export function runningCollector(dataDir: string): RunningCollector | undefined {
  const address = readLine(join(dataDir, 'collector.address'));
  if (address === '') return undefined;
  return { address, token: readLine(join(dataDir, 'admin.token')), tls: ownTls(dataDir) };
}

function readLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
