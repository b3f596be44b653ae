import { chownSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What an administrator's command writes into the data folder must be the service's, which runs under
 * a lesser account: the named files that are there go to the folder's owner.
 */
export function giveToOwner(folder: string, names: readonly string[]): void {
  if (process.getuid?.() !== 0) return;
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (!owner || owner.uid === 0) return;
  for (const name of names) {
    const path = join(folder, name);
    // Never through a link: the folder is the service's, who could lay one.
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === true)
      chownSync(path, owner.uid, owner.gid);
  }
}
