/**
 * The collector as one archive: `ppe-collector-VERSION-linux-x64.tar.xz`. One folder in it with the runtime,
 * the collector, its board, the native packages that a bundle cannot hold, its units and its installer.
 */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must, needs } from '../package/run.mjs';
import { runtimeOf } from '../package/runtime.mjs';
import { put, settle } from '../package/tree.mjs';
import { putPages } from './pages.mjs';

const SYSTEM = 'linux-x64';
/** What the bundle leaves to be found beside it: the same list as in its own settings. */
const OUTSIDE = ['@duckdb/node-api', 'libsql', '@node-rs/argon2', 'bufferutil'];
/** Builds for another C library than that of the runtime. */
const FOREIGN = /musl|darwin|win32|arm|android|freebsd/;
const UNITS = [
  'ppe-collector.service',
  'ppe-collector-backup.service',
  'ppe-collector-backup.timer',
  'ppe-collector-journald.conf',
];
const PACKED = ['--x86', '--lzma2=preset=6,dict=64MiB'];
/** A build that nobody ships: of the same contents, in a tenth of the time. */
const QUICK = ['--lzma2=preset=0'];

/** Makes the archive in `out`; answers its path. The same sources make the same bytes. */
export function makeCollector({ root, work, out, epochSeconds, isQuick }) {
  needs('tar', 'xz');
  const { version } = JSON.parse(readFileSync(join(root, 'server', 'package.json'), 'utf8'));
  const name = `ppe-collector-${version}-${SYSTEM}`;
  const tree = join(work, name);
  rmSync(tree, { recursive: true, force: true });
  const { node, license } = runtimeOf(root, SYSTEM);
  put(node, join(tree, 'node'), 0o755);
  put(license, join(tree, 'LICENSE-node.txt'));
  put(join(root, 'LICENSE'), join(tree, 'LICENSE.txt'));
  // Threads find their files by this path; the package beside it says that they are modules.
  const bundle = join('server', 'dist', 'bundle');
  cpSync(join(root, bundle), join(tree, bundle), { recursive: true });
  put(join(root, 'server', 'package.json'), join(tree, 'server', 'package.json'));
  // The plans that come with it, which a region's own begins from.
  cpSync(join(root, 'server', 'plans'), join(tree, 'server', 'plans'), { recursive: true });
  cpSync(join(root, 'board', 'dist'), join(tree, 'board'), { recursive: true });
  for (const each of packagesBelow(root, OUTSIDE))
    cpSync(join(root, 'node_modules', each), join(tree, 'node_modules', each), {
      recursive: true,
      // Another version of a package inside a package is a package of its own.
      filter: (from) => !/\/(?:src|deps|prebuilds\/(?:darwin|win32)[^/]*)$/.test(from),
    });
  for (const unit of UNITS) put(join(root, 'deploy', 'systemd', unit), join(tree, 'systemd', unit));
  for (const script of ['install.sh', 'ppe-collector'])
    put(join(root, 'deploy', 'collector', script), join(tree, script), 0o755);
  putPages(root, tree);
  settle(tree, epochSeconds);
  const packed = join(out, `${name}.tar.xz`);
  const tar = join(work, `${name}.tar`);
  const owner = ['--owner=root:0', '--group=root:0', '--sort=name', '--format=gnu'];
  must('tar', [
    ...owner,
    `--mtime=@${epochSeconds}`,
    '--mode=u+rwX,go+rX,go-w',
    '-cf',
    tar,
    '-C',
    work,
    name,
  ]);
  rmSync(packed, { force: true });
  must('xz', [
    '--threads=1',
    '--check=crc64',
    '--keep',
    ...(isQuick ? QUICK : PACKED),
    '--force',
    tar,
  ]);
  cpSync(`${tar}.xz`, packed);
  for (const each of [tar, `${tar}.xz`]) rmSync(each);
  return packed;
}

/** These packages and all that they need, of those that npm has installed for this system. */
function packagesBelow(root, names, known = new Set()) {
  for (const name of names) {
    const path = join(root, 'node_modules', name, 'package.json');
    if (known.has(name) || FOREIGN.test(name) || !existsSync(path)) continue;
    known.add(name);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(path, 'utf8'));
    packagesBelow(
      root,
      [...Object.keys(dependencies), ...Object.keys(optionalDependencies)],
      known,
    );
  }
  return [...known].toSorted((a, b) => (a < b ? -1 : 1));
}
