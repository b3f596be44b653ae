import type { InstalledProgram } from './software.ts';

/** A full Debian has 70,000 packages to choose from. */
const MAX_PACKAGES = 100_000;

/** Installed packages of `/var/lib/dpkg/status`; those that were removed are listed there too. */
export function parseDpkgStatus(text: string): InstalledProgram[] {
  return text
    .split('\n\n', MAX_PACKAGES)
    .filter((paragraph) => /^Status: \S+ \S+ installed$/m.test(paragraph))
    .flatMap((paragraph) => {
      const name = /^Package: (\S{1,200})$/m.exec(paragraph)?.[1];
      const version = /^Version: (\S{1,200})$/m.exec(paragraph)?.[1];
      return name === undefined ? [] : [{ name, version: version ?? '' }];
    });
}

/** What `rpm -qa` is asked for. */
export const RPM_FORMAT = '%{NAME}\\t%{VERSION}\\n';

/** Packages in its answer; lines that are not as expected are passed over. */
export function parseRpmList(text: string): InstalledProgram[] {
  return text.split('\n', MAX_PACKAGES).flatMap((line) => {
    const found = /^([^\t]{1,200})\t([^\t]{1,200})$/.exec(line);
    return found ? [{ name: found[1] ?? '', version: found[2] ?? '' }] : [];
  });
}
