import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../platform/errors.ts';
import { isFolder } from '../platform/files.ts';
import { sheetHtml, sheetName, sheetText, type CheckSheet } from '../sheet/check-sheet.ts';
import { sheetTexts } from '../sheet/check-sheet-texts.ts';

/**
 * Writes the sheet and answers its path: a folder gets a file named after the place and the day, a
 * name that ends in `.txt` plain text. It is on the drive itself when this returns, for drives are
 * pulled out. Throws a `ConfigError` when the drive does not take it.
 */
export function writeSheet(target: string, sheet: CheckSheet): string {
  const asked = resolve(target);
  const path = isFolder(asked) ? join(asked, sheetName(sheet)) : asked;
  const text = path.endsWith('.txt') ? sheetText(sheet) : sheetHtml(sheet);
  const draft = `${path}.tmp`;
  try {
    // Readable by whoever takes the drive to the printer; exclusively, so that no link is followed.
    rmSync(draft, { force: true });
    const file = openSync(draft, 'wx', 0o644);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    throw new ConfigError(sheetTexts[sheet.language].unwritten(path, codeOf(error)));
  }
  return path;
}
