import { Worker } from 'node:worker_threads';
import { regionLimits, type RegionProblemCode } from '@ppe-pulse/protocol';
import type { ParsedRegion } from './parse-region.ts';
import type { ParseOrder } from './region-worker.ts';
import { createRemarks, spotOfFile } from './remarks.ts';
import { workerFile } from '../worker-file.ts';

const OWN_FILE = { compiled: 'region/region-worker', bundled: 'region-worker' };

/** Heap of the thread: a country takes less than half of it. */
const HEAP_MEGABYTES = 384;

/**
 * Parses an import in a thread of its own, so that heartbeats are taken meanwhile. Files that take
 * too long or too much memory are refused as any other.
 */
export async function parseInThread(order: ParseOrder): Promise<ParsedRegion> {
  const worker = new Worker(workerFile(import.meta.url, OWN_FILE), {
    workerData: order,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ParsedRegion>((resolve, reject) => {
      const refuse = (code: RegionProblemCode): void => resolve(refused(order, code));
      timer = setTimeout(() => refuse('importTooLong'), regionLimits.importMs);
      worker.once('message', (bytes: Uint8Array) =>
        resolve(JSON.parse(Buffer.from(bytes.buffer).toString('utf8')) as ParsedRegion),
      );
      worker.once('error', (error: Error & { code?: string }) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') refuse('tooBigInside');
        else reject(error);
      });
      worker.once('exit', (code) =>
        reject(new Error(`the import's thread ended (code ${code}) before it answered`)),
      );
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function refused({ files }: ParseOrder, code: RegionProblemCode): ParsedRegion {
  const { problems, warnings } = createRemarks();
  problems.add(spotOfFile(files[0]?.name ?? ''), code);
  return { sites: [], problems: problems.result(), warnings: warnings.result() };
}
