import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from './temp-dir.ts';

/** A copy of a built board that a test may deploy over. */
export function boardCopy(boardDir: string): string {
  const copy = join(tempDir(), 'board');
  cpSync(boardDir, copy, { recursive: true });
  return copy;
}

/** Puts another build into a board's folder: its document and its id are others, as after a deploy. */
export function deploy(boardDir: string, build: string): void {
  const version = read(boardDir, 'version.json');
  const before = (JSON.parse(version) as { build: string }).build;
  for (const name of ['version.json', 'index.html', 'sw.js']) {
    writeFileSync(join(boardDir, name), read(boardDir, name).replaceAll(before, build));
    for (const ending of ['.gz', '.br']) rmSync(join(boardDir, name + ending), { force: true });
  }
}

/** Tells browsers that no copy of the shell is wanted any more. */
export function withdrawShell(boardDir: string): void {
  const version = JSON.parse(read(boardDir, 'version.json')) as object;
  writeFileSync(
    join(boardDir, 'version.json'),
    JSON.stringify({ ...version, serviceWorker: false }),
  );
  for (const ending of ['.gz', '.br'])
    rmSync(join(boardDir, `version.json${ending}`), { force: true });
}

function read(boardDir: string, name: string): string {
  return readFileSync(join(boardDir, name), 'utf8');
}
