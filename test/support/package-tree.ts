import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ran } from './package-build.ts';

/** All that the scripts of a package may call where no systemd runs. */
const programs = ['/bin/sh', '/bin/chmod', '/bin/ln', '/bin/mkdir', '/bin/rm', '/bin/rmdir'];

/** Folders that every distribution has, and dpkg's own. */
const folders = [
  'etc/systemd/system',
  'lib/systemd/system',
  'lib/systemd/system-sleep',
  'opt',
  'root',
  'tmp',
  'usr/bin',
  'usr/lib/systemd/system',
  'usr/lib/systemd/system-sleep',
  'usr/share/doc',
  'var/lib',
  'var/tmp',
  'var/lib/dpkg/info',
  'var/lib/dpkg/updates',
];

/** A system of its own that a package is installed into: a shell, a few programs, and nothing else. */
export function bareTree(): string {
  const tree = mkdtempSync(join(tmpdir(), 'ppe-pulse-tree-'));
  onTestFinished(() => rmSync(tree, { recursive: true, force: true }));
  const libraries = ran('ldd', programs).output.match(/\/\S+(?=\s\(0x)/g) ?? [];
  for (const path of new Set([...programs, ...libraries])) {
    const to = join(tree, path);
    mkdirSync(dirname(to), { recursive: true });
    // The file that a link leads to, by the name of the link.
    cpSync(realpathSync(path), to);
  }
  for (const each of folders) mkdirSync(join(tree, each), { recursive: true });
  return tree;
}

/** Of the package managers themselves, who keep their books in the tree. */
export const books = [
  'var/lib/dpkg',
  'var/lib/rpm',
  'var/log',
  'var/cache',
  'usr/lib/sysimage',
  'root/.rpmdb',
];
