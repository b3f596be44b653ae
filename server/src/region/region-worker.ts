import { parentPort, workerData } from 'node:worker_threads';
import type { Municipality } from '@ppe-pulse/protocol';
import { parseRegion } from './parse-region.ts';
import type { ImportFile } from './raw-table.ts';

/** What the thread is started with. */
export interface ParseOrder {
  readonly files: readonly ImportFile[];
  readonly municipalities: readonly Municipality[];
}

/** The thread parses one import, answers with its JSON and ends: bytes cross without a copy. */
const { files, municipalities } = workerData as ParseOrder;
const answer = Buffer.from(JSON.stringify(parseRegion(files, municipalities)));
const bytes = new Uint8Array(answer);
parentPort?.postMessage(bytes, [bytes.buffer]);
