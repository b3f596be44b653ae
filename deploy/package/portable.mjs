/**
 * The agent as one executable that needs no installation, for a look at a PC from a drive: `check`,
 * `inspect`. Not for a service: to put the agent into the runtime changes it, and its vendor's signature
 * is lost with that.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withoutSignature } from './pe-signature.mjs';
import { must } from './run.mjs';
import { postjectOf, runtimeOf } from './runtime.mjs';
import { write } from './tree.mjs';

/** Where Node looks for it, of node.js's own documentation. */
const BLOB = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Makes the executable of a system in `out`; answers its path. */
export async function makePortable({ root, from, work, out, system }) {
  const { version } = JSON.parse(readFileSync(join(from, 'manifest.json'), 'utf8'));
  const { node, koffi } = runtimeOf(root, system);
  const blob = join(work, `portable-${system}.blob`);
  const settings = join(work, `portable-${system}.json`);
  write(
    settings,
    JSON.stringify({
      main: join(root, 'deploy', 'package', 'portable-main.cjs'),
      output: blob,
      disableExperimentalSEAWarning: true,
      execArgv: ['--jitless', '--disable-sigusr1', '--disable-warning=ExperimentalWarning'],
      execArgvExtension: 'none',
      assets: { 'agent.mjs': join(from, 'agent.mjs'), 'koffi.node': koffi },
    }),
  );
  // The blob is of the version that makes it: the shipped one, of this machine's system.
  must(runtimeOf(root, 'linux-x64').node, ['--experimental-sea-config', settings]);
  const isWindows = system.startsWith('win');
  const path = join(out, `ppe-agent-${version}-${system}${isWindows ? '.exe' : ''}`);
  if (isWindows) writeFileSync(path, withoutSignature(readFileSync(node)));
  else copyFileSync(node, path);
  chmodSync(path, 0o755);
  const { inject } = createRequire(import.meta.url)(postjectOf(root));
  await inject(path, BLOB, readFileSync(blob), { sentinelFuse: FUSE });
  // That one is run by its test, where there is a Windows.
  if (isWindows) return path;
  const said = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (!said.stdout.includes(`ppe-agent/${version}`))
    throw new Error(`${path} does not run: ${said.error ?? said.stderr}`);
  return path;
}
