import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SERVICE_FLAGS } from '../../agent/src/service/service-control.ts';

const module = join(import.meta.dirname, '../../agent/dist/service/collect-memory.js');

/** Old garbage: it has survived small collections, so only a full one takes it away. */
const SCRIPT = `
import { collectMemory } from ${JSON.stringify(pathToFileURL(module).href)};
let kept = [];
for (let at = 0; at < 60000; at += 1) kept.push({ at, text: 'heartbeat ' + at });
kept = [];
const before = process.memoryUsage().heapUsed;
collectMemory();
const after = process.memoryUsage().heapUsed;
console.log(JSON.stringify({ before, after, exposed: typeof globalThis.gc }));
`;

/** What it does after: every part of the executable is asked for again. */
const GIVES_BACK = `
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createCollector } from ${JSON.stringify(pathToFileURL(module).href)};
const pages = () => Number(/^RssFile:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
const work = () => [
  createHash('sha256').update('ППЭ').digest('hex'),
  new Intl.DateTimeFormat('ru', { timeZone: 'Asia/Tomsk' }).format(0),
  JSON.stringify(/(\\d+)/u.exec('room 12')),
].join();
const collect = createCollector({ PPE_PULSE_INSTALL_DIR: '/opt/ppe-pulse' });
const worked = work();
const before = pages();
await collect();
const after = pages();
await collect();
console.log(JSON.stringify({ before, after, isSame: work() === worked }));
`;

describe('memory that is collected by the hour', () => {
  it.each([
    ['with the flags of the service', [...SERVICE_FLAGS]],
    ['without flags', []],
  ])('goes back to what is held, %s', (_, flags) => {
    if (!existsSync(module)) throw new Error(`${module} is missing: npm run build`);
    const args = [...flags, '--input-type=module', '-e', SCRIPT];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as { before: number; after: number; exposed: string };
    expect(found.before - found.after).toBeGreaterThan(2_000_000);
    // Nobody else gets at V8's collector.
    expect(found.exposed).toBe('undefined');
  });

  it.runIf(process.platform === 'linux')('takes pages of the executable along', () => {
    const args = [...SERVICE_FLAGS, '--input-type=module', '-e', GIVES_BACK];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const found = JSON.parse(stdout) as { before: number; after: number; isSame: boolean };
    // kB: far from where it began, and it goes on.
    expect(found.before - found.after).toBeGreaterThan(8_000);
    expect(found.isSame).toBe(true);
  });
});
