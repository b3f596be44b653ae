import { readInventory } from '../platform/system-information.ts';
import { createCollector } from '../service/collect-memory.ts';
import type { JobReply, JobRequest, JobWork } from './jobs.ts';
import { NativeLibraries } from './native-libraries.ts';

const libraries = new NativeLibraries();

/** What this process can do. Modules of rare work are loaded when they are asked for. */
const work: JobWork = {
  inventory: () => readInventory(),
  winspoolQueues: async () => (await import('./winspool-native.ts')).winspoolQueues(libraries),
  soundLevel: async (server) => (await import('../probes/sound/listen.ts')).listen(server),
  testScan: async (scan) => (await import('../probes/scanner/test-scan.ts')).testScan(scan),
  picture: async (target) => (await import('./picture.ts')).lookAtPicture(target),
  winspool: async (printer) =>
    (await import('./winspool-native.ts')).winspoolReading(libraries, printer),
  scannerDevices: async (usbId) =>
    (await import('./scanner-native.ts')).scannerReading(libraries, usbId ?? undefined),
  usbPresence: async (usbId) => (await import('./usb-native.ts')).usbPresence(libraries, usbId),
  soundCounts: async () => (await import('./sound-native.ts')).soundCounts(libraries),
  power: async () => (await import('./power-native.ts')).powerReading(libraries),
  screens: async () => (await import('./screen-native.ts')).screenReading(libraries),
  zone: async () => (await import('./zone-native.ts')).zoneReading(libraries),
  software: async (wanted) =>
    process.platform === 'win32'
      ? (await import('./software-native.ts')).lookAtPrograms(libraries, wanted)
      : (await import('../probes/software/installed-software.ts')).lookAtPackages(wanted),
  nicCounters: async () => (await import('./nic-native.ts')).nicReading(libraries),
  processTimes: async (pid) => (await import('./process-native.ts')).processTimes(libraries, pid),
  processUse: async (pid) => (await import('../platform/process-use.ts')).processUse(pid),
};

/** Longer than between two looks at a program: who has work every few seconds keeps what he works with. */
const REST_AFTER_MS = 15_000;
const collect = createCollector(process.env, 1);
/** Who had no work for so long gives back what only his start and his last work needed. */
const resting = setTimeout(() => {
  // Where nobody collects it holds more for its last seconds.
  collect().catch(() => undefined);
}, REST_AFTER_MS);

function reply(message: JobReply): void {
  if (process.connected) process.send?.(message);
}

process.on('message', (request: JobRequest) => {
  const { id, job, input } = request;
  reply({ id, kind: 'started' });
  resting.refresh();
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
