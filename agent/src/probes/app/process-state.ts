import { readFile } from 'node:fs/promises';

/**
 * True when a process has ended and only its parent has not asked yet: Linux keeps its number until
 * then. False where the system does not tell.
 */
export async function isZombie(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    return isZombieStat(await readFile(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // No such process, or none of our business: the look at what it takes tells.
    return false;
  }
}

/** Reads `/proc/PID/stat`: the state follows the name, which may have brackets and blanks in it. */
export function isZombieStat(stat: string): boolean {
  return /^\) [ZX] /.test(stat.slice(stat.lastIndexOf(')')));
}
