import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly optionalDependencies?: Record<string, string>;
  readonly engines?: { readonly node?: string };
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
  readonly dev?: boolean;
}

const root = join(import.meta.dirname, '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const locked = Object.entries(lock.packages).filter(
  ([path, each]) => path.includes('node_modules/') && each.link !== true,
);
const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Licences that let the product be given away as it is. */
const permissive =
  /^\(?(MIT|MIT-0|ISC|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Unlicense|OFL-1\.1|Python-2\.0|MPL-2\.0)( (OR|AND) [\w.-]+)*\)?$/;

describe('package-lock.json', () => {
  it('holds every optional platform package that a locked package names, so that npm ci works on Windows and macOS too', () => {
    const present = new Set(locked.map(([path]) => nameOf(path)));
    const missing = locked.flatMap(([path, each]) =>
      Object.keys(each.optionalDependencies ?? {})
        .filter((name) => !present.has(name))
        .map((name) => `${nameOf(path)} wants ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('and every package.json pins exactly', () => {
    const loose = ['.', 'protocol', 'agent', 'server', 'board', 'test'].flatMap((workspace) => {
      const file = JSON.parse(
        readFileSync(join(root, workspace, 'package.json'), 'utf8'),
      ) as Record<string, Record<string, string> | undefined>;
      const all = { ...file.dependencies, ...file.devDependencies, ...file.optionalDependencies };
      return Object.entries(all)
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => `${workspace}: ${name}@${version}`);
    });
    expect(loose).toEqual([]);
  });

  it('names no package whose install script something here needs to run', () => {
    const scripted = locked
      .filter(([, each]) => each.hasInstallScript === true)
      .map(([path]) => nameOf(path));
    // They carry their binaries; the scripts only compile where there is none.
    const carried = ['bufferutil', 'fsevents', 'koffi'];
    expect(scripted.filter((name) => !carried.includes(name))).toEqual([]);
  });

  it('has permissive licences only', () => {
    const odd = locked
      .map(([path]) => path)
      .filter((path) => existsSync(join(root, path, 'package.json')))
      .map(
        (path) =>
          JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as {
            name: string;
            license?: string | { type?: string };
            licenses?: { type?: string }[];
          },
      )
      .map(({ name, license, licenses }) => ({
        name,
        license:
          typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type ?? 'none'),
      }))
      .filter(({ license }) => !permissive.test(license));
    expect(odd).toEqual([]);
  });
});
