/** Three numbers, as releases have them: `0.2.0`. Also a folder's name, so nothing else is let in. */
const RELEASE = /^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$/;

export function isReleaseVersion(text: string): boolean {
  return RELEASE.test(text);
}

/** Below zero when `one` is older than `other`. A build of a release (`0.2.0-x`) counts as the release. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  for (const [at, value] of left.entries()) {
    const difference = value - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): readonly number[] {
  const release = /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '0.0.0';
  return release.split('.').map(Number);
}
