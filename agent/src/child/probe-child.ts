import { readInventory } from '../platform/system-information.ts';
import type { JobReply, JobRequest, JobWork } from './jobs.ts';

/** What this process can do. Modules of rare work are loaded when they are asked for. */
const work: JobWork = {
  inventory: () => readInventory(),
  winspoolQueues: async () => (await import('./winspool-native.ts')).winspoolQueues(),
  soundDevices: async (server) =>
    (await import('../probes/sound/sound-server.ts')).lookAtSound(server),
  soundLevel: async (server) => (await import('../probes/sound/sound-server.ts')).listen(server),
  testScan: async (scan) => (await import('../probes/scanner/test-scan.ts')).testScan(scan),
  picture: async (target) => (await import('./picture.ts')).lookAtPicture(target),
  winspool: async (printer) => (await import('./winspool-native.ts')).winspoolReading(printer),
};

function reply(message: JobReply): void {
  if (process.connected) process.send?.(message);
}

process.on('message', (request: JobRequest) => {
  const { id, job, input } = request;
  reply({ id, kind: 'started' });
  const doIt = work[job] as (given: unknown) => Promise<unknown>;
  // Native work blocks here: the word that it began must be out before.
  setImmediate(() => {
    doIt(input).then(
      (output) => reply({ id, kind: 'done', output }),
      (error: unknown) => {
        reply({
          id,
          kind: 'failed',
          error: error instanceof Error ? error.message : String(error),
        });
      },
    );
  });
});
// The agent is gone: nobody would read the answer.
process.on('disconnect', () => process.exit(0));
