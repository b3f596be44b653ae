import { parentPort, workerData } from 'node:worker_threads';
import { ConfigError } from '../../config-error.ts';
import type { EngineApi, EngineCall, EngineOptions, EngineReply } from './engine-api.ts';
import { openEngine } from './engine.ts';

/** The worker's thread: answers calls of the main thread, several at a time. */
async function serve(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('this file runs as a worker thread');
  const engine = openEngine(workerData as EngineOptions);
  // A failed start is told by the first call, not by an unhandled rejection.
  engine.catch(() => undefined);
  port.on('message', (call: EngineCall) => {
    void answer(engine, call).then((reply) => port.postMessage(reply));
  });
  await engine;
}

async function answer(opening: Promise<EngineApi>, call: EngineCall): Promise<EngineReply> {
  try {
    const engine = await opening;
    const method = engine[call.method] as (...parameters: readonly unknown[]) => Promise<unknown>;
    return { id: call.id, ok: true, value: await method(...call.parameters) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id: call.id, ok: false, message, config: error instanceof ConfigError };
  }
}

await serve();
