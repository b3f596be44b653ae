import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasPart } from '../support/has-part.ts';

const root = join(import.meta.dirname, '..', '..');
const units = join(root, 'deploy', 'systemd');
const analyze = '/usr/bin/systemd-analyze';
/** Beside it nothing of the program is installed here. */
const MISSING_PROGRAM = /^\S+: Command \S+ is not executable: No such file or directory$/;

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(analyze, args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe.skipIf(!hasPart(existsSync(analyze), 'systemd'))('units of the collector', () => {
  const names = [
    'ppe-collector.service',
    'ppe-collector-backup.service',
    'ppe-collector-backup.timer',
  ];

  it('are whole: systemd has nothing to say but that the program is not here', () => {
    const { output } = run('verify', ...names.map((name) => join(units, name)));
    const remarks = output.split('\n').filter((line) => line !== '' && !MISSING_PROGRAM.test(line));
    expect(remarks).toEqual([]);
  });

  it.each(['ppe-collector.service', 'ppe-collector-backup.service'])(
    '%s is exposed at most 1.5',
    (name) => {
      const { output } = run('security', '--offline=true', '--no-pager', join(units, name));
      const score = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(output)?.[1]);
      console.log(`${name}: exposure ${score}`);
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1.5);
    },
  );
});
