import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isHeard } from '../support/agent-process.ts';
import { bootPc, whyNotBooted } from '../support/booted-pc.ts';
import { testCollector } from '../support/collector.ts';
import { getFile, plainApi, sampleSites } from '../support/enrolment.ts';
import { hasPart } from '../support/has-part.ts';
import { buildAgentAs, makePackage, ran } from '../support/package-build.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..');
const makeStick = join(root, 'deploy', 'stick', 'make.mjs');
const screens = join(root, 'deploy', 'stick', 'screens');
/** A package is made, a system boots, it is installed there three times. */
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
const DRIVE = '/media/Флешка техника 1';
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
      'SHA256SUMS',
      'ppe-pulse-agent-0.1.0-x64.exe',
      'ppe-pulse-agent_0.1.0_amd64.deb',
    ]);
    const sums = ['--check', '--strict', 'SHA256SUMS'];
    const checked = ran('sha256sum', sums, { cwd: join(out, 'packages') });
    expect(checked).toMatchObject({ code: 0, output: expect.stringMatching(/^(?:.*: OK\n){2}$/) });
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

/** What a distribution installs with, and the tree of a PC that has it. */
const kinds = [
  { kind: 'deb', tree: 'booted', purge: 'dpkg --purge ppe-pulse-agent' },
  { kind: 'rpm', tree: 'booted-rpm', purge: 'rpm -e ppe-pulse-agent' },
] as const;

/** A PC without Node, its drive, and a collector that knows its ППЭ. */
async function withDrive({ kind, tree }: (typeof kinds)[number]) {
  const packages = tempDir();
  makePackage(kind, packages);
  const collector = await testCollector();
  const ask = plainApi(collector);
  const [site] = await sampleSites(ask);
  const code = site?.code ?? '';
  const { path: file } = await getFile(ask, code);
  const stick = join(tempDir(), 'Флешка техника 1');
  expect(node(makeStick, '--packages', packages, '--out', stick)).toMatchObject({ code: 0 });
  const pc = await bootPc({ tree, sharesNetwork: true, drives: { [DRIVE]: stick } });
  onTestFinished(() => pc.stop());
  const install = async (keys?: string) => pc.typed(`sh '${DRIVE}/install.sh'`, keys);
  return { pc, install, stick, file, code, collector };
}

describe.each(kinds)('install.sh on a system of $kind that has no Node', (kind) => {
  const why = whyNotBooted(kind.tree);
  const canRun = isFull && hasPart(why === undefined, why ?? '');

  it.skipIf(!canRun)(
    'installs, enrols, starts, checks, writes a sheet; a second run changes nothing',
    async () => {
      const { pc, install, stick, file, code, collector } = await withDrive(kind);
      expect(await pc.run('sh', '-c', 'command -v node')).toMatchObject({ code: 127, output: '' });

      const bare = await install();
      expect(bare.output).toContain('нет файла регистрации ППЭ');
      expect(bare).toMatchObject({ code: 78 });
      copyFileSync(file, join(stick, 'ppe.enrolment.json'));
      // Beginning again after it was broken off.
      await pc.sh(kind.purge);

      const first = await install('7777\n1\n');
      console.log(first.output);
      if (process.env.UPDATE_DOCS === '1' && kind.kind === 'deb') keepScreen(first.output);
      for (const words of [
        'Установлено: 0.1.0',
        'Зарегистрировано: w-',
        'Служба запущена и включена',
        'по данным службы',
      ])
        expect(first.output).toContain(words);
      // A load of this machine is a remark; nothing else of it is to be mended.
      expect([0, 1]).toContain(first.code);
      expect(first.output).toMatch(/^ГОТОВО/m);
      expect(secondsOf(first.output, 'всего')).toBeLessThan(NORM_SECONDS);
      const id = /Зарегистрировано: (w-[0-9a-f]{16})/.exec(first.output)?.[1] ?? '';
      await until(async () => isHeard(collector, id), 'the PC is heard');
      const sheets = () => readdirSync(stick).filter((each) => each.startsWith('Готовность-'));
      expect(sheets()).toEqual([expect.stringContaining(`${code}-7777-`)]);
      const sheet = readFileSync(join(stick, sheets()[0] ?? ''), 'utf8');
      expect(sheet).toContain('работает, связь есть');

      const again = await install();
      for (const words of ['Уже установлено: 0.1.0', 'Уже зарегистрировано', 'Служба уже работает'])
        expect(again.output).toContain(words);
      expect([0, 1]).toContain(again.code);
      expect(sheets()).toHaveLength(1);

      carryOlder(kind.kind, stick);
      const older = await install();
      expect(older.output).toMatch(
        /^Установлена версия новее, чем на флешке \(0\.1\.0\S* > 0\.0\.9\S*\): оставлена$/m,
      );
      expect([0, 1]).toContain(older.code);

      copyFileSync(file, join(stick, 'ppe-other.enrolment.json'));
      const two = await install();
      expect(two.output).toContain('несколько файлов регистрации');
      expect(two).toMatchObject({ code: 78 });
      rmSync(join(stick, 'ppe-other.enrolment.json'));
      expect(await pc.run('systemctl', 'is-active', 'ppe-pulse-agent')).toMatchObject({ code: 0 });
      // A PC that comes with a used code is no PC that is ready but for some remarks.
      await pc.sh(kind.purge);
      const stranger = await install('7777\n1\n');
      expect(stranger.output).toContain('НЕ ГОТОВО: ПК не зарегистрирован');
      expect(stranger).toMatchObject({ code: 76 });
      rmSync(join(stick, 'packages'), { recursive: true });
      const torn = await install();
      expect(torn.output).toContain('скопируйте папку с флешки целиком');
      expect(torn).toMatchObject({ code: 66 });
      await pc.sh(kind.purge);
      const left =
        'ls -d /opt/ppe-pulse* /etc/ppe-pulse* /var/lib/ppe-pulse* /var/lib/private/ppe*';
      expect((await pc.typed(`${left} 2>/dev/null`)).output).toBe('');
    },
    600_000,
  );
});

/** Lays a package of an older agent onto the drive, in place of the one there. */
function carryOlder(kind: string, stick: string): void {
  const packages = join(stick, 'packages');
  rmSync(packages, { recursive: true });
  mkdirSync(packages);
  const flags = ['--from', buildAgentAs('0.0.9', tempDir())];
  const made = makePackage(kind, tempDir(), false, flags);
  copyFileSync(made, join(packages, basename(made)));
}

/** The picture on the drive is one of a PC that ended ready: what a technician is to wait for. */
function keepScreen(output: string): void {
  expect(output).toMatch(/^ГОТОВО\. /m);
  writeFileSync(join(screens, 'install.txt'), output);
}
