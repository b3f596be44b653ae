/** Limits of an import: a country is 6,000 ППЭ with 70,000 workstations. */
export const regionLimits = {
  /** Files of one import, and bytes of all of them together as they are sent. */
  files: 16,
  filesBytes: 48_000_000,
  /** Entries of an XLSX, and bytes of those that are read once they are inflated. */
  xlsxEntries: 1_000,
  xlsxInflatedBytes: 160_000_000,
  /** Sheets of a workbook, and merged cells that are looked at. */
  xlsxSheets: 40,
  /** Rows with something in them, of all tables together. */
  rows: 200_000,
  columns: 100,
  cellCharacters: 300,
  sites: 10_000,
  roomsOfSite: 100,
  /** What one relay may speak for, `limits.rosterMembers`. */
  workstationsOfSite: 250,
  seats: 500,
  cameras: 50,
  contractMbitPerSecond: 100_000,
  /** Problems and warnings that are listed; the rest are counted. */
  listedProblems: 200,
  /** Entries of a difference that are listed; the rest are counted. */
  listedChanges: 500,
  /** Time an import may take before it is given up. */
  importMs: 60_000,
} as const;
