import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isHeard } from '../support/agent-process.ts';
import { bootTree, canBootTrees } from '../support/booted-tree.ts';
import { testCollector } from '../support/collector.ts';
import { getFile, plainApi, sampleSites } from '../support/enrolment.ts';
import { hasPart } from '../support/has-part.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..');
const makeStick = join(root, 'deploy', 'stick', 'make.mjs');
const makePackage = join(root, 'deploy', 'package', 'package.mjs');
const screens = join(root, 'deploy', 'stick', 'screens');
/** A package is made, a system boots, it is installed there three times. */
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
/** Five minutes a PC. */
const NORM_SECONDS = 300;

function node(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

/** A folder of packages that are not what their names say: for what only looks at names. */
function emptyPackages(...names: string[]): string {
  const folder = tempDir();
  for (const name of names) writeFileSync(join(folder, name), '');
  return folder;
}

/** Seconds of a step, as the script says. */
function secondsOf(output: string, step: string): number {
  return Number(new RegExp(`${step}: (\\d+) с`).exec(output)?.[1]);
}

describe('the folder of a flash drive', () => {
  it('has installers, both scripts and a page; what it cannot serve is said', () => {
    const packages = emptyPackages(
      'ppe-pulse-agent-0.1.0-x64.exe',
      'ppe-pulse-agent_0.1.0_amd64.deb',
      'ppe-collector-0.1.0-linux-x64.tar.xz',
    );
    const out = join(tempDir(), 'Флешка техника 1');
    const made = node(makeStick, '--packages', packages, '--out', out);
    expect(made).toMatchObject({ code: 0 });
    expect(made.output).toContain('not on the flash drive: ALT, RED OS (x86-64)');
    expect(readdirSync(out).sort()).toEqual([
      'install.cmd',
      'install.sh',
      'packages',
      'ПРОЧТИ МЕНЯ.html',
    ]);
    expect(readdirSync(join(out, 'packages')).sort()).toEqual([
      'ppe-pulse-agent-0.1.0-x64.exe',
      'ppe-pulse-agent_0.1.0_amd64.deb',
      'version.txt',
    ]);
    const page = readFileSync(join(out, 'ПРОЧТИ МЕНЯ.html'), 'utf8');
    expect(page.match(/<li>/g)).toHaveLength(2);
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).not.toMatch(/<script|src=/);
  });

  it('has a batch file in the code page and with the line ends that cmd.exe reads', () => {
    const out = join(tempDir(), 'stick');
    node(makeStick, '--packages', emptyPackages('ppe-pulse-agent-0.1.0-x64.exe'), '--out', out);
    const bytes = readFileSync(join(out, 'install.cmd'));
    const text = new TextDecoder('ibm866').decode(bytes);
    expect(text.replaceAll('\r\n', '\n')).toBe(
      readFileSync(join(root, 'deploy', 'stick', 'install.cmd'), 'utf8'),
    );
    expect(text.match(/(?<!\r)\n/g)).toBeNull();
    // Every label that is gone to is there once.
    const labels = [...text.matchAll(/^:(\w+)/gm)].map((found) => found[1]);
    const targets = [...text.matchAll(/(?:goto |call :)(\w+)/g)].map((found) => found[1]);
    expect(new Set(labels).size).toBe(labels.length);
    expect(targets.filter((each) => !labels.includes(each))).toEqual([]);
  });

  it('is not made of nothing, and not of two of a kind', () => {
    const make = (packages: string) =>
      node(makeStick, '--packages', packages, '--out', join(tempDir(), 'stick'));
    expect(make(tempDir())).toMatchObject({ code: 1 });
    const two = make(emptyPackages('ppe-pulse-agent_1_amd64.deb', 'ppe-pulse-agent_2_amd64.deb'));
    expect(two).toMatchObject({ code: 1 });
    expect(two.output).toContain('several for Astra, Debian (x86-64)');
  });
});

describe.skipIf(!isFull || !hasPart(canBootTrees(), 'systemd-nspawn'))(
  'install.sh on a system that has no Node',
  { timeout: 400_000 },
  () => {
    it('installs, enrols, starts, checks, writes a sheet; a second run changes nothing', async () => {
      const packages = tempDir();
      const flags = ['deb', '--quick', '--no-build', '--out', packages];
      expect(node(makePackage, ...flags)).toMatchObject({ code: 0 });
      const collector = await testCollector();
      const ask = plainApi(collector);
      const [site] = await sampleSites(ask);
      const { path: file } = await getFile(ask, site?.code ?? '');
      const tree = await bootTree();
      const stick = join(tree.path, 'media', 'Флешка техника 1');
      mkdirSync(join(tree.path, 'media'), { recursive: true });
      expect(node(makeStick, '--packages', packages, '--out', stick)).toMatchObject({ code: 0 });
      const install = "sh '/media/Флешка техника 1/install.sh'";
      expect(await tree.run('command -v node')).toMatchObject({ code: 127, output: '' });

      const bare = await tree.run(install);
      expect(bare).toMatchObject({ code: 78 });
      expect(bare.output).toContain('нет файла регистрации ППЭ');
      copyFileSync(file, join(stick, 'ppe.enrolment.json'));
      // Beginning again after it was broken off.
      await tree.run('dpkg --purge ppe-pulse-agent');

      const first = await tree.run(install, '7777\n1\n');
      console.log(first.output);
      if (process.env.UPDATE_DOCS === '1')
        writeFileSync(join(screens, 'install.txt'), first.output);
      expect([0, 1, 2, 3]).toContain(first.code);
      for (const words of [
        'Установлено: 0.1.0',
        'Зарегистрировано: w-',
        'Служба запущена и включена',
        'по данным службы',
      ])
        expect(first.output).toContain(words);
      expect(secondsOf(first.output, 'всего')).toBeLessThan(NORM_SECONDS);
      const id = /Зарегистрировано: (w-[0-9a-f]{16})/.exec(first.output)?.[1] ?? '';
      await until(async () => isHeard(collector, id), 'the PC is heard');
      const sheets = () => readdirSync(stick).filter((each) => each.startsWith('Готовность-'));
      expect(sheets()).toEqual([expect.stringContaining(`${site?.code}-7777-`)]);
      const sheet = readFileSync(join(stick, sheets()[0] ?? ''), 'utf8');
      expect(sheet).toContain('работает, связь есть');

      const again = await tree.run(install);
      for (const words of ['Уже установлено: 0.1.0', 'Уже зарегистрировано', 'Служба уже работает'])
        expect(again.output).toContain(words);
      expect([0, 1, 2, 3]).toContain(again.code);
      expect(sheets()).toHaveLength(1);

      copyFileSync(file, join(stick, 'ppe-other.enrolment.json'));
      const two = await tree.run(install);
      expect(two).toMatchObject({ code: 78 });
      expect(two.output).toContain('несколько файлов регистрации');
      rmSync(join(stick, 'packages'), { recursive: true });
      const torn = await tree.run(install);
      expect(torn).toMatchObject({ code: 66 });
      expect(torn.output).toContain('скопируйте папку с флешки целиком');
      expect(await tree.run('systemctl is-active ppe-pulse-agent')).toMatchObject({ code: 0 });
    });
  },
);
