import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tempDir } from './temp-dir.ts';

/** A file system of its own with so much room; undefined where this user may not mount one. */
export function smallStick(bytes: number, inodes = 1_000): string | undefined {
  const path = join(tempDir(), 'stick');
  mkdirSync(path);
  const options = `size=${bytes},nr_inodes=${inodes}`;
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status !== 0)
    return undefined;
  onTestFinished(() => void spawnSync('umount', ['-l', path]));
  return path;
}

/** Makes a mounted stick read-only, or writable again. */
export function protectStick(path: string, isReadOnly: boolean): void {
  const { status } = spawnSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, path]);
  if (status !== 0) throw new Error(`cannot remount ${path}`);
}

/** Everything under a folder but what lies in `ppe-pulse`: names, bytes, times, modes. */
export function foreignFiles(root: string): Map<string, string> {
  const seen = new Map<string, string>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name === 'ppe-pulse' || name.startsWith('ppe-pulse/')) continue;
    const path = join(root, name);
    const status = lstatSync(path, { bigint: true });
    const content = status.isFile()
      ? readFileSync(path).toString('base64')
      : status.isSymbolicLink()
        ? readlinkSync(path)
        : '';
    seen.set(name, `${status.mode} ${status.mtimeNs} ${status.ino} ${content}`);
  }
  return seen;
}
