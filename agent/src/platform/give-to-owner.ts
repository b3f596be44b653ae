import { chownSync, lchownSync, lstatSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/**
 * The same for a folder that a command leaves something in, and for the files named with it: all of them go
 * to the owner of the folder that it lies in. Throws what the disk throws.
 */
export function giveToService(folder: string, ...names: readonly string[]): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(folder));
  for (const path of [folder, ...names.map((name) => join(folder, name))])
    lchownSync(path, uid, gid);
}
