/** Imports the files it is told into a new data folder, and says what it took. */
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseInThread } from '../../server/dist/region/parse-in-thread.js';
import { createRegionImport } from '../../server/dist/region/region-import.js';
import { createRegionStore } from '../../server/dist/region/region-store.js';
import { createAudit } from '../../server/dist/state/audit.js';
import { openState } from '../../server/dist/state/state-store.js';
import { pause } from './bench.mjs';

const [home, ...paths] = process.argv.slice(2);
mkdirSync(home, { recursive: true });
const database = openState(join(home, 'state.sqlite'));
const store = createRegionStore(database, createAudit(database));
const imports = createRegionImport(store, parseInThread);
const files = paths.map((path) => ({ name: basename(path), bytes: readFileSync(path) }));
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

const startedMs = performance.now();
const checked = await imports.check(files);
const checkMs = performance.now() - startedMs;
if (checked.kind !== 'checked') throw new Error(JSON.stringify(checked).slice(0, 2_000));
const againMs = performance.now();
const applied = await imports.apply(files, checked.baseVersion, { account: 'bench', atMs: 0 });
const applyMs = performance.now() - againMs;
if (applied.kind !== 'applied') throw new Error(JSON.stringify(applied).slice(0, 2_000));
// A hold is only seen by the tick after it.
await pause(50);

const { sites } = store.current().region;
const workstations = sites
  .flatMap((site) => site.rooms)
  .reduce((sum, room) => sum + room.workstations.length, 0);
console.log(
  JSON.stringify({
    sites: sites.length,
    workstations,
    checkMs,
    applyMs,
    blockedMs: delay.max / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1_024,
  }),
);
database.close();
