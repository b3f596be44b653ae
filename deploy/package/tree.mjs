/** The tree that is installed: the same in every package of a system. */
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { runtimeOf } from './runtime.mjs';

/** Of `--no-updates`: updates are believed of nobody. */
const NO_ROOT = { version: 1, threshold: 2, keys: [] };

/** Writes what is installed for a system into a fresh folder; answers the agent's version. */
export function writePayload({ root, from, system, to, updateRoot }) {
  const trusted = trustedKeys(updateRoot);
  const { version } = JSON.parse(readFileSync(join(from, 'manifest.json'), 'utf8'));
  const { node, license, koffi } = runtimeOf(root, system);
  const isWindows = system.startsWith('win');
  rmSync(to, { recursive: true, force: true });
  put(node, join(to, isWindows ? 'node.exe' : 'node'), 0o755);
  put(koffi, join(to, 'koffi.node'));
  put(join(from, 'launcher.mjs'), join(to, 'launcher.mjs'));
  for (const file of ['agent.mjs', 'manifest.json'])
    put(join(from, file), join(to, 'versions', version, file));
  put(join(from, 'THIRD-PARTY.txt'), join(to, 'THIRD-PARTY.txt'));
  put(license, join(to, 'LICENSE-node.txt'));
  put(join(root, 'LICENSE'), join(to, 'LICENSE.txt'));
  put(join(root, 'deploy', 'agent.example.yaml'), join(to, 'agent.example.yaml'));
  write(join(to, 'update-root.json'), `${JSON.stringify(trusted)}\n`);
  putPage(join(root, 'board', 'dist'), join(to, 'page'));
  return version;
}

/** An agent that was installed with a set of keys it cannot read would never take an update. */
function trustedKeys(file) {
  if (file === undefined) return NO_ROOT;
  const root = JSON.parse(readFileSync(file, 'utf8'));
  if (!(root.threshold >= 2 && Array.isArray(root.keys) && root.keys.length >= root.threshold))
    throw new Error(`${file} names no keys to believe: node deploy/update.mjs makes it`);
  return root;
}

/** Copies a file, with the mode that it is installed with. */
export function put(from, to, mode = 0o644) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, mode);
}

/** Writes a file of ours. */
export function write(to, text, mode = 0o644) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
  chmodSync(to, mode);
}

/** One date and one mode for everything: the same tree is packed into the same bytes. */
export function settle(folder, epochSeconds) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isDirectory()) settle(path, epochSeconds);
    lutimesSync(path, epochSeconds, epochSeconds);
  }
  chmodSync(folder, 0o755);
  lutimesSync(folder, epochSeconds, epochSeconds);
}

/** Bytes of all files below. */
export function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .reduce(
      (sum, { parentPath, path, name }) => sum + lstatSync(join(parentPath ?? path, name)).size,
      0,
    );
}

/** The page of the Штаб alone: its document, and what that and its styles name. */
function putPage(built, to) {
  const files = ['hq.html', 'icon.svg'];
  const named = /assets\/[\w.-]+/g;
  const document = readFileSync(join(built, 'hq.html'), 'utf8').match(named) ?? [];
  files.push(...document);
  for (const style of document.filter((each) => each.endsWith('.css'))) {
    const text = readFileSync(join(built, style), 'utf8');
    files.push(...(text.match(/[\w.-]+\.woff2/g) ?? []).map((each) => `assets/${each}`));
  }
  for (const file of new Set(files)) put(join(built, file), join(to, file));
}
