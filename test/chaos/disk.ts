import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Keeper } from './keeper.ts';

/** Holds a journal of some minutes. */
const SIZE = '2m';
const BLOCK = Buffer.alloc(4_096);

/** True when small disks can be made. */
export const canMount = process.getuid?.() === 0 && existsSync('/bin/mount');

/** A disk of 2 MB that can be filled to the last byte. */
export class SmallDisk {
  readonly path: string;

  constructor(path: string, keeper: Keeper) {
    this.path = path;
    mkdirSync(path, { recursive: true });
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'tmpfs', path]);
    keeper.mounted(path);
  }

  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (;;) writeSync(file, BLOCK);
    } catch (error) {
      // Full is what was wanted.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  get #ballast(): string {
    return join(this.path, 'ballast');
  }
}
