import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's folders of libraries have the architecture's name. */
const LIBRARIES = '/usr/lib';
const FAKETIME = 'faketime/libfaketimeMT.so.1';

/** faketime's library, undefined where it is not installed. */
export function faketimeLibrary(): string | undefined {
  if (!existsSync(LIBRARIES)) return undefined;
  return readdirSync(LIBRARIES)
    .map((each) => join(LIBRARIES, each, FAKETIME))
    .find((each) => existsSync(each));
}

/** The wall clock of a process, which can be set while it runs. Its monotonic clock is true. */
export class OwnClock {
  readonly #path: string;
  readonly env: Readonly<Record<string, string>>;

  constructor(path: string, library: string) {
    this.#path = path;
    this.set(0);
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: path,
      FAKETIME_CACHE_DURATION: '1',
      DONT_FAKE_MONOTONIC: '1',
      // Files keep their own times.
      NO_FAKE_STAT: '1',
      // Shared memory would stay behind after a kill.
      FAKETIME_DISABLE_SHM: '1',
    };
  }

  set(offsetMs: number): void {
    const seconds = Math.round(offsetMs / 1_000);
    writeFileSync(`${this.#path}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    // Whole or not at all: it is read at any moment.
    renameSync(`${this.#path}.new`, this.#path);
  }
}
