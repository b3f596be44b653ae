import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NativeLibraries } from '../child/native-libraries.ts';
import { cleanRangesOf } from './clean-pages.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What V8's own `gc` takes. */
type Collect = (how?: {
  readonly type: 'major';
  readonly execution: 'sync';
  readonly flavor: 'last-resort';
}) => void;

/** A function that was not called for so many collections gives its bytecode back. */
const BYTECODE_AGES = 7;
/** The runtime that is shipped. Older ones take these words for a small collection, and none for a full. */
const KNOWS_LAST_RESORT = 24;
/** MADV_DONTNEED of Linux. */
const DONT_NEED = 4;

const prototypes = {
  trim: 'int malloc_trim(size_t keep)',
  advise: 'int madvise(uintptr_t address, size_t bytes, int advice)',
};

/**
 * Collects garbage as a process would that is out of memory. V8 never runs a full collection in a
 * process that is mostly idle: without this the agent's memory grows for days, though it holds nothing.
 * So many times at once, and what ran at the start alone is forgotten, 1.4 MB of bytecode.
 */
export function collectMemory(times = 1): void {
  setFlagsFromString('--expose-gc');
  // V8 hands the function to contexts that are made after the flag was set.
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  const knows = Number.parseInt(process.versions.node, 10) >= KNOWS_LAST_RESORT;
  for (let time = 0; time < times; time += 1) {
    if (knows) collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    else collect();
  }
}

/**
 * Collects so many times when it is first called, thoroughly by default, and once from then on. What the
 * C library holds freed between blocks in use goes back to the system as well: after a start it is 5 MB.
 * So do pages of the executable, most of which ran once, at the start: 40 MB, of which a heartbeat
 * fetches a third again. In a checkout the package for native calls would take more than the first of them.
 */
export function createCollector(env: Environment, times = BYTECODE_AGES): () => Promise<void> {
  const libraries = new NativeLibraries();
  const isInstalled = env['PPE_PULSE_INSTALL_DIR'] !== undefined && process.platform === 'linux';
  let next = times;
  return async () => {
    collectMemory(next);
    next = 1;
    if (!isInstalled) return;
    const { trim, advise } = await libraries.bind('libc.so.6', prototypes);
    trim(0);
    const smaps = readFileSync('/proc/self/smaps', 'utf8');
    for (const { address, bytes } of cleanRangesOf(smaps, process.execPath))
      advise(address, bytes, DONT_NEED);
  };
}
