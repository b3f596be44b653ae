import {
  regionLimits,
  type Bounded,
  type RegionProblem,
  type RegionProblemCode,
  type RegionRemark,
  type RegionSpot,
  type RegionWarning,
} from '@ppe-pulse/protocol';

const FOUND_CHARACTERS = 60;

/** A bounded list of remarks of one kind; more are counted. */
export class Remarks<Code extends string> {
  readonly #listed: RegionRemark<Code>[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(spot: RegionSpot, code: Code, found = '', expected = ''): void {
    this.#total += 1;
    if (this.#listed.length >= regionLimits.listedProblems) return;
    const cut = found.length > FOUND_CHARACTERS ? `${found.slice(0, FOUND_CHARACTERS)}…` : found;
    const { file, sheet, row, cell, column } = spot;
    this.#listed.push({ file, sheet, row, cell, column, code, found: cut, expected });
  }

  result(): Bounded<RegionRemark<Code>> {
    return { total: this.#total, listed: this.#listed };
  }
}

/** What is wrong with the files, and what was done with them that is worth a look. */
export interface ImportRemarks {
  readonly problems: Remarks<RegionProblem['code']>;
  readonly warnings: Remarks<RegionWarning['code']>;
}

/** Empty lists. */
export function createRemarks(): ImportRemarks {
  return { problems: new Remarks(), warnings: new Remarks() };
}

/** A whole file is refused: nothing of it can be read further. */
export class RefusedFile extends Error {
  readonly code: RegionProblemCode;
  readonly found: string;
  readonly expected: string;
  readonly spot: Partial<RegionSpot>;

  constructor(
    code: RegionProblemCode,
    { found = '', expected = '', ...spot }: Partial<RegionSpot & RegionRemark<string>> = {},
  ) {
    super(code);
    this.name = 'RefusedFile';
    this.code = code;
    this.found = found;
    this.expected = expected;
    this.spot = spot;
  }
}

/** A file as a whole. */
export function spotOfFile(file: string, sheet: string | null = null): RegionSpot {
  return { file, sheet, row: null, cell: null, column: null };
}
