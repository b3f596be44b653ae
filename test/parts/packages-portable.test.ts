import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasPart } from '../support/has-part.ts';
import { makePackage, ran, root } from '../support/package-build.ts';
import { tempDir } from '../support/temp-dir.ts';

const isLinux = process.platform === 'linux' && process.arch === 'x64';
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
const shipped = join(root, 'agent', 'dist', 'shipped', 'agent.mjs');

describe.skipIf(!isFull || !hasPart(isLinux, 'Linux x64'))(
  'the agent as one executable, for a look at a PC',
  () => {
    it('checks and shows in a bare folder without Node, and leaves nothing in it', async () => {
      const made = makePackage('sea', tempDir());
      console.log(`portable: ${(statSync(made).size / 1e6).toFixed(2)} MB`);
      const folder = join(tempDir(), 'Флешка ППЭ');
      const temporary = join(folder, 'tmp');
      mkdirSync(temporary, { recursive: true });
      const program = join(folder, 'ppe-agent');
      copyFileSync(made, program);
      writeFileSync(join(folder, 'agent.yaml'), '{}\n');
      const how = { cwd: folder, env: { PATH: '/nowhere', TMPDIR: temporary } };
      const checked = ran(program, ['check', '--json'], how);
      expect([0, 1, 2, 3]).toContain(checked.code);
      expect(JSON.parse(checked.output)).toBeTypeOf('object');
      const shown = JSON.parse(ran(program, ['inspect', '--json'], how).output) as object;
      expect(shown).toMatchObject({
        heartbeat: {
          metrics: expect.objectContaining({ 'pc.uptime.seconds': expect.any(Number) }),
        },
      });
      expect(ran(program, ['chekc'], how)).toMatchObject({
        code: 64,
        output: expect.stringContaining('did you mean "check"') as string,
      });
      expect(readdirSync(temporary)).toEqual([]);
    }, 600_000);

    it('is its own probe child', async () => {
      const child = fork(shipped, ['probe-child'], {
        execPath: makePackage('sea', tempDir()),
        execArgv: ['--jitless'],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      child.send({ id: 1, job: 'inventory', input: undefined });
      const [started] = (await once(child, 'message')) as [unknown];
      const [answer] = (await once(child, 'message')) as [unknown];
      expect(started).toEqual({ id: 1, kind: 'started' });
      expect(answer).toMatchObject({ kind: 'done', output: { platform: 'linux' } });
      child.disconnect();
      expect(await once(child, 'exit')).toEqual([0, null]);
    }, 600_000);
  },
);
