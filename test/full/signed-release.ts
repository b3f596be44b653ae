import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildAgentAs, done, ran, root } from '../support/package-build.ts';

/** What a vendor publishes: whose updates are believed, packages that hold it, and an update. */
export interface Release {
  /** `update-root.json` of three keys, of which two must sign. */
  readonly updateRoot: string;
  /** Makes a package of what is built, loosely packed; answers its path. */
  makePackage(kind: string): string;
  /** Builds the agent once more as another version and has it signed by two; answers the bundle's path. */
  makeUpdate(version: string): string;
}

const script = (...path: string[]): string => join(root, 'deploy', ...path);

/** Makes keys in a folder of its own, with the tools that a vendor has. */
export function signedRelease(folder: string): Release {
  if (!existsSync(join(root, 'agent', 'dist', 'shipped', 'agent.mjs')))
    throw new Error('agent/dist/shipped is missing: npm run build');
  const keys = ['one', 'two', 'three'].map((name) => join(folder, `${name}.pem`));
  const update = (...args: string[]): void =>
    done(process.execPath, [script('update.mjs'), ...args]);
  for (const key of keys) update('keys', key);
  const updateRoot = join(folder, 'update-root.json');
  update('root', '--out', updateRoot, ...keys.map((key) => `${key}.pub.json`));
  return {
    updateRoot,
    makePackage: (kind) => {
      const flags = ['--no-build', '--quick', '--update-root', updateRoot, '--out', folder, kind];
      const made = ran(process.execPath, [script('package', 'package.mjs'), ...flags]);
      const path = /^(\/.*) [\d.]+ MB$/m.exec(made.output)?.[1];
      if (made.code !== 0 || path === undefined) throw new Error(`${kind}: ${made.output}`);
      return path;
    },
    makeUpdate: (version) => {
      const built = buildAgentAs(version, join(folder, `built-${version}`));
      const bundle = join(folder, `ppe-pulse-agent-${version}.update`);
      update('make', '--out', bundle, '--from', built);
      for (const key of keys.slice(0, 2)) update('sign', bundle, key);
      return bundle;
    },
  };
}
