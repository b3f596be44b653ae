/** Hashes of what is carried: by them a copy is compared with what was made. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SUMS = 'SHA256SUMS';

/** Writes them beside the files of a folder; `sha256sum --check` reads them. */
export function writeSums(folder) {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((each) => each.isFile() && each.name !== SUMS)
    .map(({ name }) => name)
    .toSorted();
  const lines = names.map((name) => {
    const bytes = readFileSync(join(folder, name));
    return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(folder, SUMS), lines.join(''));
}
