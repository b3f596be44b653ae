/**
 * True when a part is installed. In CI its absence is a failure and not a skip; elsewhere the tests
 * that need it are named skips.
 */
export function hasPart(isThere: boolean, name: string): boolean {
  if (isThere) return true;
  if (process.env.CI === 'true')
    throw new Error(`${name} is missing: test/parts/install.sh installs it`);
  return false;
}
