import { Worker } from 'node:worker_threads';
import { ConfigError } from '../../config-error.ts';
import type { EngineApi, EngineOptions, EngineReply } from './engine-api.ts';
import { workerFile } from '../../worker-file.ts';

const OWN_FILE = { compiled: 'series/duckdb/worker', bundled: 'duckdb-worker' };

/** The worker died while it was asked: nobody knows what became of the call. */
export class WorkerDied extends Error {
  constructor(detail: string) {
    super(`the store's thread ended: ${detail}`);
    this.name = 'WorkerDied';
  }
}

/** The engine in its own thread, seen from the main one. A native crash there ends calls, not us. */
export interface EngineWorker {
  readonly engine: EngineApi;
  /** Resolves when the thread has ended. */
  readonly ended: Promise<void>;
  terminate(): Promise<void>;
}

/** Starts the thread. */
export function startEngineWorker(options: EngineOptions): EngineWorker {
  const worker = new Worker(workerFile(import.meta.url, OWN_FILE), {
    workerData: options,
    // Flags for the main thread's modules (a test runner's conditions) are not the worker's.
    execArgv: [],
  });
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  let nextId = 1;
  let death: WorkerDied | undefined;
  worker.on('message', (reply: EngineReply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (!call) return;
    if (reply.ok) call.resolve(reply.value);
    else call.reject(reply.config ? new ConfigError(reply.message) : new Error(reply.message));
  });
  let detail = 'exit';
  worker.on('error', (error) => (detail = error.message));
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      death = new WorkerDied(`${detail} (code ${code})`);
      for (const call of waiting.values()) call.reject(death);
      waiting.clear();
      resolve();
    });
  });
  const call =
    (method: keyof EngineApi) =>
    (...parameters: readonly unknown[]): Promise<never> =>
      new Promise((resolve, reject) => {
        if (death) return reject(death);
        const id = nextId;
        nextId += 1;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        worker.postMessage({ id, method, parameters });
      });
  const engine: EngineApi = {
    open: call('open'),
    append: call('append'),
    missing: call('missing'),
    delivered: call('delivered'),
    series: call('series'),
    percentiles: call('percentiles'),
    maintain: call('maintain'),
    backup: call('backup'),
    report: call('report'),
    close: call('close'),
  };
  return { engine, ended, terminate: async () => void (await worker.terminate()) };
}
