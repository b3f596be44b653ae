import type { RegionProblemCode, RegionWarningCode } from '../region/region-problem.ts';

/** Words of the region's import: each says what is wrong and what to do. */
export interface RegionTexts {
  readonly problems: Readonly<Record<RegionProblemCode, string>>;
  readonly warnings: Readonly<Record<RegionWarningCode, string>>;
  /** Behind a column that is nearly one of ours. */
  readonly didYouMean: string;
  readonly place: { readonly sheet: string; readonly row: string; readonly column: string };
}
