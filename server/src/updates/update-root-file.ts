import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { updateRootOf, type UpdateRoot } from '@ppe-pulse/protocol/update';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';

/** In the data folder, where the settings name no other file. */
export const UPDATE_ROOT_FILE = 'updates.root';

/**
 * Whose bundles this collector takes: the same file that agents are installed with. Read at each
 * upload, so that a new one holds at once; null where there is none. Throws a `ConfigError` when it is
 * damaged.
 */
export function readUpdateRoot(path: string): UpdateRoot | null {
  const text = textOf(path);
  if (text === null) return null;
  const root = updateRootOf(parsed(text));
  if (root) return root;
  throw new ConfigError(
    `${path} is no set of keys for updates: put the update-root.json there that the agents were installed with`,
  );
}

/** Puts another set of keys there, whole. Throws a `ConfigError` where that may not be written. */
export function writeUpdateRoot(path: string, root: UpdateRoot): void {
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(root)}\n`, { mode: 0o644, flush: true });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new ConfigError(`${path}: cannot be written (${codeOf(error)})`);
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)})`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
