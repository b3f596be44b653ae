/** Programs that a package is made with. */
import { spawnSync } from 'node:child_process';

const packages = {
  'dpkg-deb': 'dpkg',
  ar: 'binutils',
  makensis: 'nsis',
  rpmbuild: 'rpm',
  tar: 'tar',
  wixl: 'wixl',
  xz: 'xz-utils',
};

/** Throws with the names of what is to be installed first. */
export function needs(...programs) {
  const missing = programs.filter(
    (each) => spawnSync('sh', ['-c', `command -v ${each}`]).status !== 0,
  );
  if (missing.length === 0) return;
  const wanted = missing.map((each) => packages[each] ?? each).join(' ');
  throw new Error(`missing ${missing.join(', ')}: apt-get install ${wanted}`);
}

/**
 * Runs a program to its end; what it said is in the error when it failed. The locale is always the same:
 * makensis opens no folder with Cyrillic letters without one, and nothing made here may follow the maker's.
 */
export function must(program, args, { env = process.env, ...options } = {}) {
  const ended = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    env: { ...env, LC_ALL: 'C.UTF-8' },
    ...options,
  });
  if (ended.status === 0) return ended.stdout;
  const said = `${ended.stdout ?? ''}${ended.stderr ?? ''}`
    .trim()
    .split('\n')
    .slice(-12)
    .join('\n');
  throw new Error(`${program} ${args.join(' ')} failed (${ended.status}): ${ended.error ?? said}`);
}
