import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isHeard } from '../support/agent-process.ts';
import { buildAgentAs, done, makePackage, root } from '../support/package-build.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import {
  bareWindows,
  batch,
  installLog,
  leftOf,
  tellUnverified,
  versionIn,
} from './windows-agent.ts';
import { whyNoWindows } from './windows-pc.ts';

const DRIVE = 'Флешка техника 1';
const INSTALLED = 'C:\\Program Files\\PPE-Pulse\\Agent';
const MINUTES_MS = 60_000;

/** What the cmd.exe of wine lacks, or nobody looks at there. */
const UNVERIFIED = [
  'the question of UAC, and install.cmd without an administrator',
  'the seconds of each step: the clock of wine shows none, so the last line is missing',
  'Cyrillic letters in the window of cmd.exe: here they go to a file',
  'questions for the place at the keyboard: here it is named by options',
];

describe('install.cmd of the flash drive, as far as the cmd.exe of wine 10 is one', () => {
  beforeAll(() => {
    const why = whyNoWindows();
    if (why !== undefined) throw new Error(why);
  });

  it(
    'installs, enrols, starts, checks, writes a sheet; a second run changes nothing',
    async () => {
      const made = await bareWindows('windows-stick.txt');
      const { record, setup, collector, code, enrolment, pc, before } = made;
      const drive = join(pc.shared, DRIVE);
      const flags = ['--packages', dirname(setup), '--out', drive];
      done(process.execPath, [join(root, 'deploy', 'stick', 'make.mjs'), ...flags]);
      const install = async (what: string) => {
        const file = `Z:\\shared\\${DRIVE}\\install.cmd`;
        const ran = await batch(pc, file, '--room 7777 --role hq --duty main');
        record.note(`install.cmd: ${what}`, `${ran.output}exit code ${ran.code}`);
        return ran;
      };
      const sheets = () => readdirSync(drive).filter((each) => each.startsWith('Готовность-'));

      const bare = await install('no file of the ППЭ');
      expect(bare.output).toContain('нет файла регистрации ППЭ');
      expect(bare).toMatchObject({ code: 78 });
      copyFileSync(enrolment, join(drive, `ppe-${code}.enrolment.json`));
      const first = await install('begun again with the file');
      const id = /Зарегистрировано: (w-[0-9a-f]{16})/.exec(first.output)?.[1] ?? '';
      record.note('install.log', installLog(pc));
      for (const words of ['Уже установлено: 0.1.0', 'Служба работает', 'по данным службы'])
        expect(first.output).toContain(words);
      // A load of this machine, or a screen that wine has not, is no fault of the script.
      expect(first.output).toMatch(/^(?:ГОТОВО|НЕ ВСЁ ПРОВЕРЕНО)/m);
      expect([0, 1, 3]).toContain(first.code);
      await until(async () => isHeard(collector, id), 'the PC is heard', MINUTES_MS);
      expect(sheets()).toEqual([expect.stringContaining(`${code}-7777-`)]);
      const sheet = readFileSync(join(drive, sheets()[0] ?? ''), 'utf8');
      expect(sheet).toContain('работает, связь есть');

      const again = await install('once more');
      for (const words of ['Уже установлено: 0.1.0', 'Уже зарегистрировано'])
        expect(again.output).toContain(words);
      expect(sheets()).toHaveLength(1);

      carry(drive, '0.0.9');
      const older = await install('an older folder');
      const kept = 'Установлена версия новее, чем на флешке: 0.1.0, на флешке 0.0.9. Оставлена.';
      for (const words of [kept, 'Уже зарегистрировано', 'по данным службы'])
        expect(older.output).toContain(words);
      expect([0, 1, 3]).toContain(older.code);
      expect(await versionIn(pc, INSTALLED)).toBe('0.1.0');

      carry(drive, '0.2.0');
      const newer = await install('a newer folder');
      for (const words of ['Установлено', 'Уже зарегистрировано', 'по данным службы'])
        expect(newer.output).toContain(words);
      expect([0, 1, 3]).toContain(newer.code);
      expect(await versionIn(pc, INSTALLED)).toBe('0.2.0');
      await until(async () => isHeard(collector, id), 'the newer one is heard', MINUTES_MS);

      copyFileSync(setup, join(drive, 'packages', 'ppe-pulse-agent-0.0.1-x64-setup.exe'));
      expect(await install('two installers')).toMatchObject({ code: 66 });
      rmSync(join(drive, 'packages'), { recursive: true });
      expect(await install('no installer')).toMatchObject({ code: 66 });

      await pc.line(`${INSTALLED}\\uninstall.exe`, '/S');
      const isGone = () => !existsSync(pc.drive('Program Files', 'PPE-Pulse'));
      await until(isGone, 'the program is gone', MINUTES_MS);
      await until(async () => (await leftOf(pc, before)).length === 0, 'nothing is left').catch(
        async (error: unknown) => {
          throw new Error((await leftOf(pc, before)).join('\n'), { cause: error });
        },
      );
      record.note('uninstall', 'left: nothing');
      tellUnverified(record, UNVERIFIED);
    },
    15 * MINUTES_MS,
  );
});

/** Lays an installer of another version into the folder of a drive, in place of the one there. */
function carry(drive: string, version: string): void {
  const from = buildAgentAs(version, tempDir());
  const packages = join(drive, 'packages');
  rmSync(packages, { recursive: true });
  mkdirSync(packages);
  const made = makePackage('nsis', tempDir(), false, ['--from', from]);
  copyFileSync(made, join(packages, basename(made)));
}
