/** The package for ALT, RED OS and their relatives. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINUX_NAME, writeLinuxTree } from './linux-tree.mjs';
import { repacked } from './rpm-payload.mjs';
import { must, needs } from './run.mjs';
import { write } from './tree.mjs';

/**
 * The filter for x86 code saves a megabyte. rpm unpacks with at most 100 MiB of memory: a larger
 * dictionary would be a package that no PC can install.
 */
const FILTERS = ['--x86', '--lzma2=preset=9e,dict=96MiB'];
const BINARY = { encoding: 'buffer', maxBuffer: 400_000_000 };

/** Makes the package in `out`; answers its path. */
export function makeRpm({ root, from, work, out, system, updateRoot, epochSeconds, isQuick }) {
  needs('rpmbuild', 'xz');
  const tree = join(work, `rpm-${system}`);
  const top = join(work, `rpm-${system}-build`);
  for (const each of [tree, top]) rmSync(each, { recursive: true, force: true });
  const unitDir = join('usr', 'lib', 'systemd', 'system');
  const given = { root, from, system, to: tree, updateRoot, unitDir, epochSeconds };
  const version = writeLinuxTree(given);
  const spec = join(top, `${LINUX_NAME}.spec`);
  write(spec, specOf({ version, tree, scripts: scriptsOf(root) }));
  const settings = [
    ['_topdir', top],
    ['_tmppath', join(top, 'tmp')],
    ['_buildhost', 'localhost'],
    ['use_source_date_epoch_as_buildtime', '1'],
    ['clamp_mtime_to_source_date_epoch', '1'],
  ].flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  mkdirSync(join(top, 'tmp'), { recursive: true });
  must('rpmbuild', ['-bb', '--quiet', '--target', 'x86_64-linux', ...settings, spec], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSeconds), LC_ALL: 'C.UTF-8' },
  });
  const made = join(top, 'RPMS', 'x86_64');
  const [file] = readdirSync(made);
  const rpm = readFileSync(join(made, file));
  writeFileSync(join(out, file), isQuick ? rpm : repacked(rpm, { unpack, pack }));
  return join(out, file);
}

function unpack(payload) {
  return must('xz', ['--decompress', '--stdout'], { ...BINARY, input: payload });
}

function pack(payload) {
  const how = ['--stdout', '--threads=1', '--check=sha256', ...FILTERS];
  return must('xz', how, { ...BINARY, input: payload });
}

/** What rpm calls with a number stands in the spec as it is. */
function scriptsOf(root) {
  const here = join(root, 'deploy', 'package', 'linux');
  return Object.fromEntries(
    ['post', 'preun', 'postun'].map((each) => [
      each,
      readFileSync(join(here, `rpm-${each}`), 'utf8'),
    ]),
  );
}

function specOf({ version, tree, scripts }) {
  return `# The runtime is shipped as its vendor made it: nothing is stripped, compiled or looked into.
%global __strip /bin/true
%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global _binary_payload w0.xzdio
Name: ${LINUX_NAME}
Version: ${version}
Release: 1
Summary: Agent of an exam PC: measures, keeps, sends
License: Apache-2.0
AutoReqProv: no
Requires: glibc >= 2.28, libstdc++

%description
Health of an exam PC for the situation centre of a regional exam rehearsal.
It collects no personal data and runs no command from the network.

%install
cp -a ${tree}/. %{buildroot}

%post
${scripts.post}
%preun
${scripts.preun}
%postun
${scripts.postun}
%files
%defattr(-,root,root,-)
/opt/${LINUX_NAME}
/usr/bin/ppe-agent
/usr/lib/systemd/system/${LINUX_NAME}.service
/usr/lib/systemd/system-sleep/${LINUX_NAME}
/usr/share/doc/${LINUX_NAME}
%dir /etc/ppe-pulse
%config(noreplace) %attr(0600,root,root) /etc/ppe-pulse/agent.yaml
`;
}
