/** What the installers for Windows put into the program's folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { put, settle, write, writePayload } from './tree.mjs';

/** Writes the tree into a fresh folder; answers the agent's version. */
export function writeWindowsTree({ root, from, to, updateRoot, epochSeconds }) {
  const version = writePayload({ root, from, system: 'win-x64', to, updateRoot });
  const command = readFileSync(join(root, 'deploy/package/windows/ppe-agent.cmd'), 'utf8');
  // cmd.exe reads labels and blocks wrongly where a line ends as on Linux.
  write(join(to, 'ppe-agent.cmd'), command.replaceAll(/\r?\n/g, '\r\n'));
  put(join(root, 'deploy/package/windows/logged.mjs'), join(to, 'logged.mjs'));
  settle(to, epochSeconds);
  return version;
}
