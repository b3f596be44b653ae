/** `npm run up` on a fresh clone and again: seconds to the first real value on the API. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, row } from './bench.mjs';

const root = join(import.meta.dirname, '..', '..');
const DEADLINE_MS = 180_000;

export async function run() {
  const clone = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  try {
    spawnSync('git', ['clone', '-q', root, clone]);
    const first = await untilValue(clone);
    const again = await untilValue(clone);
    return [
      row('npm run up, fresh clone: install, build, first value', first, 's', { atMost: 90 }),
      row('npm run up, later: first value', again, 's', { atMost: 3 }),
    ];
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

async function untilValue(clone) {
  const startedMs = performance.now();
  const up = spawn('npm', ['run', 'up', '--', '--port', '0'], {
    cwd: clone,
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise((resolve) => up.once('exit', resolve));
  const data = join(clone, 'data', 'collector');
  const read = (name) =>
    existsSync(join(data, name)) ? readFileSync(join(data, name), 'utf8').trim() : '';
  try {
    while (performance.now() - startedMs < DEADLINE_MS) {
      await pause(50);
      const url = read('collector.address');
      if (url === '') continue;
      const headers = { authorization: `Bearer ${read('admin.token')}` };
      const answer = await fetch(`${url}/api/v1/workstations`, { headers }).catch(() => undefined);
      const items = answer?.ok ? (await answer.json()).items : [];
      const isHeard = items.some(
        (item) =>
          item.metrics['pc.cpu.ratio'] !== undefined &&
          Date.parse(item.lastSeenAt) > Date.now() - 60_000,
      );
      if (isHeard) return (performance.now() - startedMs) / 1_000;
    }
    return Number.POSITIVE_INFINITY;
  } finally {
    process.kill(-(up.pid ?? 0), 'SIGINT');
    await Promise.race([ended, pause(20_000)]);
  }
}
