import {
  diffRegions,
  isNoChange,
  regionLimits,
  type Bounded,
  type Region,
  type RegionDiff,
  type RegionProblem,
  type RegionWarning,
} from '@ppe-pulse/protocol';
import { keepAdopted } from './keep-adopted.ts';
import type { ParsedRegion } from './parse-region.ts';
import type { ImportFile } from './raw-table.ts';
import type { ChangedBy, RegionStore, StoredRegion } from './region-store.ts';
import type { ParseOrder } from './region-worker.ts';
import { Remarks } from './remarks.ts';

/** What an import would do, and with which version of the region it was compared. */
export interface ComparedImport {
  readonly baseVersion: number;
  readonly diff: RegionDiff;
  readonly warnings: Bounded<RegionWarning>;
  /** Codes of all sites that would go; the difference lists only so many of its changes. */
  readonly removedSites: readonly string[];
}

export type ImportOutcome =
  | ({ readonly kind: 'checked' } & ComparedImport)
  | ({ readonly kind: 'applied'; readonly version: number } & ComparedImport)
  | {
      readonly kind: 'refused';
      readonly problems: Bounded<RegionProblem>;
      readonly warnings: Bounded<RegionWarning>;
    }
  /** The region moved since the difference was shown. */
  | { readonly kind: 'moved'; readonly version: number }
  /** Another import is being read. */
  | { readonly kind: 'busy' };

/** Imports of the region, one at a time. */
export interface RegionImport {
  /** Reads the files and says what they would change. Nothing is written. */
  check(files: readonly ImportFile[]): Promise<ImportOutcome>;
  /** Reads them again and applies all of it, when the region is still of `baseVersion`. */
  apply(files: readonly ImportFile[], baseVersion: number, by: ChangedBy): Promise<ImportOutcome>;
}

/** Imports into a store; `parse` reads the files, best in a thread of its own. */
export function createRegionImport(
  store: RegionStore,
  parse: (order: ParseOrder) => Promise<ParsedRegion>,
): RegionImport {
  let isReading = false;
  const read = async (files: readonly ImportFile[]): Promise<ParsedRegion | undefined> => {
    if (isReading) return undefined;
    isReading = true;
    try {
      return await parse({ files, municipalities: store.current().region.municipalities });
    } finally {
      isReading = false;
    }
  };
  return {
    check: async (files) => {
      const parsed = await read(files);
      if (!parsed) return { kind: 'busy' };
      if (parsed.problems.total > 0) return refusal(parsed);
      const { compared } = compare(parsed, store.current());
      return { kind: 'checked', ...compared };
    },
    apply: async (files, baseVersion, by) => {
      const moved = (): ImportOutcome => ({ kind: 'moved', version: store.current().version });
      if (store.current().version !== baseVersion) return moved();
      const parsed = await read(files);
      if (!parsed) return { kind: 'busy' };
      if (parsed.problems.total > 0) return refusal(parsed);
      if (store.current().version !== baseVersion) return moved();
      const { compared, region } = compare(parsed, store.current());
      const isSame = isNoChange(compared.diff) && !store.current().region.isSample;
      // The same list once more is no new version.
      if (isSame) return { kind: 'applied', version: baseVersion, ...compared };
      const applied = store.apply(region, baseVersion, by);
      return applied.kind === 'moved' ? applied : { ...applied, ...compared };
    },
  };
}

function refusal({ problems, warnings }: ParsedRegion): ImportOutcome {
  return { kind: 'refused', problems, warnings };
}

function compare(
  parsed: ParsedRegion,
  { region: before, version }: StoredRegion,
): { readonly compared: ComparedImport; readonly region: Region } {
  const lost = new Remarks<RegionWarning['code']>();
  const sites = keepAdopted(parsed.sites, before, lost);
  const region: Region = { ...before, isSample: false, sites };
  const warnings = together(lost.result(), parsed.warnings);
  const named = new Set(sites.map(({ code }) => code));
  const removedSites = before.sites.map(({ code }) => code).filter((code) => !named.has(code));
  const diff = diffRegions(before, region);
  return { region, compared: { baseVersion: version, diff, warnings, removedSites } };
}

function together<T>(first: Bounded<T>, second: Bounded<T>): Bounded<T> {
  const listed = [...first.listed, ...second.listed].slice(0, regionLimits.listedProblems);
  return { total: first.total + second.total, listed };
}
