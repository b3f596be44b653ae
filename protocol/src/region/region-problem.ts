/** What makes an import impossible. Each has a sentence in `texts/region-*.ts`. */
export const regionProblems = [
  'tooManyFiles',
  'filesTooBig',
  'unknownFormat',
  'oldXls',
  'encrypted',
  'damagedXlsx',
  'tooBigInside',
  'tooManyEntries',
  'tooManySheets',
  'mergedCells',
  'formulaWithoutValue',
  'cellError',
  'badQuotes',
  'tooManyRows',
  'tooManyColumns',
  'importTooLong',
  'noTable',
  'noSites',
  'doubleColumn',
  'missingColumn',
  'personalColumn',
  'personalValue',
  'tooLong',
  'required',
  'badCode',
  'badKind',
  'badPeriod',
  'badCommission',
  'notOfPpe',
  'notOfCommission',
  'unknownMunicipality',
  'ambiguousMunicipality',
  'badTimeZone',
  'badFlag',
  'badNumber',
  'badPhone',
  'badPurpose',
  'badRole',
  'badDuty',
  'duplicate',
  'conflict',
  'unknownSite',
  'unknownRoom',
  'tooManySites',
  'tooManyRooms',
  'tooManyWorkstations',
] as const;
export type RegionProblemCode = (typeof regionProblems)[number];

/** What an import did with a file that its author may not have meant. */
export const regionWarnings = [
  'zerosAdded',
  'formulaValue',
  'unknownColumn',
  'sheetIgnored',
  'emptyTable',
  'adoptedLost',
] as const;
export type RegionWarningCode = (typeof regionWarnings)[number];

/** Where in the files something was found. Rows count from 1 as a spreadsheet shows them. */
export interface RegionSpot {
  readonly file: string;
  /** Of a workbook; null for CSV. */
  readonly sheet: string | null;
  readonly row: number | null;
  /** `C5`. */
  readonly cell: string | null;
  /** Header of the column as the file writes it. */
  readonly column: string | null;
}

/** A remark on the files: an error when its code is of `regionProblems`. */
export interface RegionRemark<Code extends string> extends RegionSpot {
  readonly code: Code;
  /** What stands there, cut; never what looks like a person's. */
  readonly found: string;
  /** The value that was taken, meant or allowed; empty when the sentence says it all. */
  readonly expected: string;
}
export type RegionProblem = RegionRemark<RegionProblemCode>;
export type RegionWarning = RegionRemark<RegionWarningCode>;

/** A bounded list and how many there were. */
export interface Bounded<T> {
  readonly total: number;
  readonly listed: readonly T[];
}
