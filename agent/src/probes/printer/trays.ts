/** Levels of input trays, in sheets; negative ones are words (RFC 3805 and PWG 5100.13). */

/** At least one sheet, nobody knows how many. */
const SOME = -3;

/** Sheets of all trays that tell; undefined when none does. */
export function sheetsIn(levels: readonly number[]): number | undefined {
  const known = levels.filter((level) => level >= 0);
  return known.length === 0 ? undefined : known.reduce((sum, level) => sum + level, 0);
}

/** True when trays tell, and none of them has a sheet. */
export function isAllEmpty(levels: readonly number[]): boolean {
  return sheetsIn(levels) === 0 && !levels.includes(SOME);
}
