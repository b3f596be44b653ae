import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../support/package-build.ts';

/** Of the bench's rows what is looked at here. */
interface Row {
  readonly name: string;
  readonly value: number;
}

/** A machine that does other work is slow, and holds no more memory for it: the bench's bounds, and a little. */
const MOST_MB = 80;
const HIGHEST_MB = 110;
const SCRIPT = `import('./test/bench/day.mjs').then((day) => day.run({ short: true }))
  .then((rows) => console.log(JSON.stringify(rows)))`;

describe('an installed agent whose clock runs sixty times faster', () => {
  it('lives three hours in three minutes: heard, nothing left unsent, its memory in bounds', async () => {
    const child = spawn(process.execPath, ['-e', SCRIPT], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGTERM'));
    const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const rows = JSON.parse(said.trim().split('\n').at(-1) ?? '[]') as Row[];
    console.log(rows.map(({ name, value }) => `${name} ${value.toFixed(1)}`).join('\n'));
    const valueOf = (what: string) => rows.find(({ name }) => name.endsWith(what))?.value;
    expect(valueOf('RSS at the end')).toBeLessThan(MOST_MB);
    expect(valueOf('highest RSS')).toBeLessThan(HIGHEST_MB);
    expect(valueOf('heard at the end')).toBe(1);
  }, 600_000);
});
