import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempDir } from '../support/temp-dir.ts';
import { hasPart } from '../support/has-part.ts';

/** Settings of SANE's `test` backend, as `test.conf` names them: `read-status-code`, … */
export type TestBackendSettings = Readonly<Record<string, string | number | boolean>>;

/** True when SANE's tools are installed. In CI their absence is a failure, not a skip. */
export function hasSane(): boolean {
  return hasPart(existsSync('/usr/bin/scanimage'), 'SANE');
}

/**
 * A folder for `SANE_CONFIG_DIR` with the `test` backend and no other: `test:0` is a scanner whose
 * faults are settings. Goes with the test.
 */
export function testScanner(settings: TestBackendSettings = {}): string {
  const dir = tempDir();
  const all: TestBackendSettings = { number_of_devices: 2, ...settings };
  const lines = Object.entries(all).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? `"${value}"` : String(value)}`,
  );
  writeFileSync(join(dir, 'dll.conf'), 'test\n');
  writeFileSync(join(dir, 'test.conf'), `${lines.join('\n')}\n`);
  return dir;
}

/** A folder for `SANE_CONFIG_DIR` with the driverless backend and one device, without discovery. */
export function airscanScanner(name: string, esclUrl: string): string {
  const dir = tempDir();
  writeFileSync(join(dir, 'dll.conf'), 'airscan\n');
  writeFileSync(
    join(dir, 'airscan.conf'),
    `[devices]\n"${name}" = ${esclUrl}, eSCL\n[options]\ndiscovery = disable\n`,
  );
  return dir;
}

/** Runs the real `scanimage`; its exit code, words and bytes. */
export async function scanimage(
  configDir: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly output: Buffer; readonly errors: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)('scanimage', args, {
      encoding: 'buffer',
      maxBuffer: 64 * 1024 * 1024,
      timeout: 15_000,
      killSignal: 'SIGKILL',
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', SANE_CONFIG_DIR: configDir },
    });
    return { code: 0, output: stdout, errors: stderr.toString() };
  } catch (error) {
    const { code, stdout, stderr } = error as {
      readonly code?: number | string;
      readonly stdout?: Buffer;
      readonly stderr?: Buffer;
    };
    return {
      code: typeof code === 'number' ? code : -1,
      output: stdout ?? Buffer.alloc(0),
      errors: stderr?.toString() ?? '',
    };
  }
}
