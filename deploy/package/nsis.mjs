/** The installer for Windows. */
import { join } from 'node:path';
import { must, needs } from './run.mjs';
import { sizeOf } from './tree.mjs';
import { writeWindowsTree } from './windows-tree.mjs';

/** Makes the installer in `out`; answers its path. */
export function makeNsis({ root, from, work, out, updateRoot, epochSeconds, isQuick }) {
  needs('makensis');
  const tree = join(work, 'windows');
  const version = writeWindowsTree({ root, from, to: tree, updateRoot, epochSeconds });
  const path = join(out, `ppe-pulse-agent-${version}-x64-setup.exe`);
  const here = join(root, 'deploy', 'package', 'windows');
  const defined = Object.entries({
    COMPRESSOR: isQuick ? 'zlib' : 'lzma',
    KILOBYTES: Math.ceil(sizeOf(tree) / 1024),
    OUT: path,
    SETTINGS: join(here, 'agent.yaml'),
    TREE: tree,
    VERSION: version,
  }).map(([name, value]) => `-D${name}=${value}`);
  must('makensis', ['-V2', '-INPUTCHARSET', 'UTF8', ...defined, join(here, 'agent.nsi')], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSeconds) },
  });
  return path;
}
