/** What a Linux package installs, in its places. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { put, settle, write, writePayload } from './tree.mjs';

export const LINUX_NAME = 'ppe-pulse-agent';
export const UNIT = `${LINUX_NAME}.service`;
/** What the unit needs where systemd hands no files over yet. */
const OLD_SYSTEMD = 'before-systemd-247.conf';

/** Writes the tree below `to`; units lie where the package's family looks for them. */
export function writeLinuxTree({ root, from, system, to, updateRoot, unitDir, epochSeconds }) {
  const version = writePayload({ root, from, system, to: join(to, 'opt', LINUX_NAME), updateRoot });
  const here = join(root, 'deploy', 'package', 'linux');
  put(join(root, 'deploy', 'systemd', UNIT), join(to, unitDir, UNIT));
  put(join(here, 'sleep-hook'), join(to, dirname(unitDir), 'system-sleep', LINUX_NAME), 0o755);
  put(join(here, 'ppe-agent'), join(to, 'usr', 'bin', 'ppe-agent'), 0o755);
  // Passwords of cameras may come to stand in it.
  put(join(here, 'agent.yaml'), join(to, 'etc', 'ppe-pulse', 'agent.yaml'), 0o600);
  put(join(here, OLD_SYSTEMD), join(to, 'opt', LINUX_NAME, OLD_SYSTEMD));
  write(join(to, 'usr', 'share', 'doc', LINUX_NAME, 'copyright'), copyright(root));
  settle(to, epochSeconds);
  return version;
}

function copyright(root) {
  return `ППЭ·Пульс, Apache-2.0: /opt/${LINUX_NAME}/LICENSE.txt
Node.js, with its parts: /opt/${LINUX_NAME}/LICENSE-node.txt
Packages in the agent, and koffi: /opt/${LINUX_NAME}/THIRD-PARTY.txt

${readFileSync(join(root, 'LICENSE'), 'utf8')}`;
}
