/** The package for Debian, Astra Linux and their relatives. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { LINUX_NAME, writeLinuxTree } from './linux-tree.mjs';
import { must, needs } from './run.mjs';
import { put, settle, sizeOf, write } from './tree.mjs';

const architectures = { 'linux-x64': 'amd64', 'linux-arm64': 'arm64' };
/**
 * The filter for x86 code saves 1.2 MB of 29, and every xz since 2009 reads it. Written by hand: dpkg-deb
 * knows no filters.
 */
const filters = {
  'linux-x64': ['--x86', '--lzma2=preset=9e,dict=128MiB'],
  'linux-arm64': ['--lzma2=preset=9e,dict=128MiB'],
};
/** A build that nobody ships: of the same contents, in a tenth of the time. */
const QUICK = ['--lzma2=preset=0'];

/** Makes the package in `out`; answers its path. */
export function makeDeb({ root, from, work, out, system, updateRoot, epochSeconds, isQuick }) {
  needs('tar', 'xz');
  const tree = join(work, `deb-${system}`);
  const control = join(work, `deb-${system}-control`);
  for (const each of [tree, control]) rmSync(each, { recursive: true, force: true });
  // Astra 1.7 keeps /lib and /usr/lib apart.
  const unitDir = join('lib', 'systemd', 'system');
  const given = { root, from, system, to: tree, updateRoot, unitDir, epochSeconds };
  const version = writeLinuxTree(given);
  const architecture = architectures[system];
  write(join(control, 'control'), controlOf({ version, architecture, bytes: sizeOf(tree) }));
  write(join(control, 'conffiles'), '/etc/ppe-pulse/agent.yaml\n');
  write(join(control, 'md5sums'), md5sums(tree));
  for (const script of ['postinst', 'prerm', 'postrm'])
    put(join(root, 'deploy', 'package', 'linux', script), join(control, script), 0o755);
  settle(control, epochSeconds);
  const path = join(out, `${LINUX_NAME}_${version}_${architecture}.deb`);
  const packed = (folder, how) =>
    must('xz', ['--stdout', '--threads=1', '--check=crc64', ...how], {
      input: tarOf(folder, epochSeconds),
      encoding: 'buffer',
    });
  const members = [
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.xz', packed(control, ['-6'])],
    ['data.tar.xz', packed(tree, isQuick ? QUICK : filters[system])],
  ];
  writeFileSync(path, arOf(members, epochSeconds));
  return path;
}

function controlOf({ version, architecture, bytes }) {
  return `Package: ${LINUX_NAME}
Version: ${version}
Architecture: ${architecture}
Maintainer: PPE-Pulse <pulse@region.example>
Installed-Size: ${Math.ceil(bytes / 1024)}
Depends: libc6 (>= 2.28), libstdc++6 (>= 8)
Section: admin
Priority: optional
Description: agent of an exam PC: measures, keeps, sends
 Health of an exam PC for the situation centre of a regional exam rehearsal.
 It collects no personal data and runs no command from the network.
`;
}

function md5sums(tree) {
  const files = readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, path, name }) => relative(tree, join(parentPath ?? path, name)))
    .filter((each) => !each.startsWith('etc/'))
    .toSorted();
  return files
    .map((each) => {
      const sum = createHash('md5')
        .update(readFileSync(join(tree, each)))
        .digest('hex');
      return `${sum}  ${each}\n`;
    })
    .join('');
}

function tarOf(folder, epochSeconds) {
  const settled = ['--sort=name', `--mtime=@${epochSeconds}`, '--format=gnu'];
  const owned = ['--owner=root:0', '--group=root:0'];
  const options = { encoding: 'buffer', maxBuffer: 400_000_000 };
  return must('tar', ['-C', folder, ...settled, ...owned, '-cf', '-', '.'], options);
}

/** An `ar` archive: a line before each member, which begins at an even place. */
function arOf(members, epochSeconds) {
  const parts = members.flatMap(([name, bytes]) => {
    const fields = [name.padEnd(16), String(epochSeconds).padEnd(12), '0     ', '0     '];
    const head = `${fields.join('')}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`;
    return [Buffer.from(head), bytes, Buffer.alloc(bytes.length % 2, '\n')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}
