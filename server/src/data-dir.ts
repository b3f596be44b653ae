import { accessSync, chmodSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusyError, ConfigError } from './config-error.ts';
import { codeOf } from './config.ts';
import { lockFile, type FileLock } from './state/lock-file.ts';

/** Version of the data folder's layout. A folder of a newer one is refused, never guessed at. */
const LAYOUT_VERSION = 1;

/** The state's database in the data folder. */
export const STATE_FILE = 'state.sqlite';

/** The folder that a collector owns while it runs. */
export interface DataDir {
  readonly path: string;
  readonly stateFile: string;
  readonly seriesDir: string;
  readonly keyFile: string;
  readonly tokenFile: string;
  readonly pidFile: string;
  release(): void;
}

/**
 * Creates the folder when missing and takes it for this process. Throws a `ConfigError` when it
 * cannot be written, is of a newer version, or another collector has it.
 */
export function openDataDir(path: string): DataDir {
  makeWritable(path);
  const lock = takeLock(path);
  try {
    checkLayout(path);
  } catch (error) {
    lock.release();
    throw error;
  }
  const pidFile = join(path, 'collector.pid');
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    path,
    stateFile: join(path, STATE_FILE),
    seriesDir: join(path, 'series'),
    keyFile: join(path, 'collector.key'),
    tokenFile: join(path, 'admin.token'),
    pidFile,
    release: () => lock.release(),
  };
}

function makeWritable(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK | constants.X_OK);
    // Root passes access checks on a read-only mount: only a real write tells.
    writeFileSync(join(path, '.write-test'), '');
  } catch (error) {
    throw new ConfigError(
      `data folder ${path} is not writable (${codeOf(error)}): choose another with --data, or give this user the right to write there`,
    );
  }
  closeToOthers(path);
}

/** A folder that was there before; one that is somebody else's, as on a mounted volume, is left as it is. */
function closeToOthers(path: string): void {
  try {
    chmodSync(path, 0o700);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
  }
}

function takeLock(path: string): FileLock {
  const lock = lockFile(join(path, 'lock.sqlite'));
  if (lock) return lock;
  const pid = readText(join(path, 'collector.pid')).trim();
  throw new BusyError(
    `data folder ${path} is in use by another collector${pid ? ` (pid ${pid})` : ''}: stop it first, or choose another folder with --data`,
  );
}

function checkLayout(path: string): void {
  const file = join(path, 'layout.json');
  const text = readText(file);
  if (text === '') {
    writeFileSync(file, `${JSON.stringify({ layout: LAYOUT_VERSION })}\n`);
    return;
  }
  const version = layoutOf(text);
  if (version === LAYOUT_VERSION) return;
  throw new ConfigError(
    version !== undefined && version > LAYOUT_VERSION
      ? `data folder ${path} was written by a newer version (layout ${version}, this one knows ${LAYOUT_VERSION}): run that version, or restore a backup into another folder`
      : `${file} is damaged: it should read {"layout":${LAYOUT_VERSION}}; restore it from a backup or write it again`,
  );
}

function layoutOf(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'layout' in value) {
      return typeof value.layout === 'number' ? value.layout : undefined;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
