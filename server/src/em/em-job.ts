import type { EmDownload, EmState } from '@ppe-pulse/protocol';

/** Which sites take part. */
export type EmSelection =
  | 'involved'
  | { readonly municipality: string }
  | { readonly codes: readonly string[] };

/** What an operator asks for. */
export interface EmOrder {
  readonly sites: EmSelection;
  readonly bytes: number;
  /** Undefined: a seed by chance. */
  readonly seed: number | undefined;
  readonly source: EmDownload['source'];
  /** 0 is all at the same moment, on purpose. */
  readonly spreadMs: number;
  /** Ceiling of one site's rate; 0 for none. */
  readonly maxBytesPerSecond: number;
  /** What is not done this long after the last start is given up. */
  readonly giveUpAfterMs: number;
}

/** A rehearsal of the download. Times are the collector's wall clock. */
export interface EmJob {
  readonly id: string;
  readonly createdAtMs: number;
  /** Account that scheduled it. */
  readonly createdBy: string;
  readonly bytes: number;
  readonly seed: number;
  /** Hex; null until it is counted. For people who put the package on a mirror. */
  readonly sha256: string | null;
  readonly source: EmDownload['source'];
  readonly spreadMs: number;
  readonly maxBytesPerSecond: number;
  readonly giveUpAfterMs: number;
  readonly state: EmState;
  /** When the first site starts; null until the package is known. */
  readonly startAtMs: number | null;
  readonly endedAtMs: number | null;
}

/** A site that could take part. */
export interface EmPlace {
  readonly siteCode: string;
  /** Slug; empty where nobody said. */
  readonly municipality: string;
  readonly isInvolved: boolean;
  /** Null where nobody said. */
  readonly contractBytesPerSecond: number | null;
}

/** Why an order is not taken, and what to do. */
export class EmRefusal extends Error {
  readonly kind: 'closedHours' | 'alreadyRuns' | 'unknownSites' | 'noSites' | 'notRunning';

  constructor(kind: EmRefusal['kind'], detail: string) {
    super(detail);
    this.name = 'EmRefusal';
    this.kind = kind;
  }
}

const NAMED_AT_MOST = 10;

/** The places of a selection, by code. Throws an `EmRefusal` when there are none or some are unknown. */
export function selectPlaces(
  selection: EmSelection,
  places: readonly EmPlace[],
): readonly EmPlace[] {
  const chosen = places.filter((place) => isSelected(selection, place));
  if (typeof selection === 'object' && 'codes' in selection) {
    const unknown = selection.codes.filter(
      (code) => !places.some(({ siteCode }) => siteCode === code),
    );
    if (unknown.length > 0) {
      const named = unknown.slice(0, NAMED_AT_MOST).join(', ');
      throw new EmRefusal(
        'unknownSites',
        `nothing is known of ${unknown.length} sites: ${named}; import the registry first, or correct the codes`,
      );
    }
  }
  if (chosen.length === 0) {
    throw new EmRefusal(
      'noSites',
      'no site is selected: name codes, another municipality, or make a plan in which sites take part',
    );
  }
  return [...chosen].sort((a, b) => (a.siteCode < b.siteCode ? -1 : 1));
}

function isSelected(selection: EmSelection, place: EmPlace): boolean {
  if (selection === 'involved') return place.isInvolved;
  if ('municipality' in selection)
    return place.municipality === selection.municipality && place.isInvolved;
  return selection.codes.includes(place.siteCode);
}

/** True while there is something to do for it. */
export function isOpen({ state }: EmJob): boolean {
  return state === 'preparing' || state === 'running';
}

/** When what is not done is given up; null until the start is known. */
export function expiryOf(job: EmJob): number | null {
  return job.startAtMs === null ? null : job.startAtMs + job.spreadMs + job.giveUpAfterMs;
}
