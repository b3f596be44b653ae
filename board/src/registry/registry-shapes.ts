import type {
  Bounded,
  Municipality,
  RegionDiff,
  RegionProblem,
  RegionWarning,
  Site,
  SiteKind,
} from '@ppe-pulse/protocol';

/** `GET /api/v1/registry`. */
export interface RegistryAnswer {
  readonly version: number;
  readonly isSample: boolean;
  readonly timeZone: string;
  /** RFC 3339. */
  readonly importedAt: string | null;
  readonly importedBy: string | null;
  readonly counts: {
    readonly sites: number;
    readonly rooms: number;
    readonly workstations: number;
    readonly adopted: number;
    readonly cameras: number;
    readonly byKind: Readonly<Record<SiteKind, number>>;
  };
  readonly municipalities: readonly Municipality[];
}

/** `GET /api/v1/registry/sites`. */
export interface SitesAnswer {
  readonly version: number;
  /** Found, on all pages. */
  readonly total: number;
  readonly items: readonly Site[];
  readonly nextCursor?: string;
}

/** What an import would do, or did. */
export interface ImportAnswer {
  readonly kind: 'checked' | 'applied';
  readonly baseVersion: number;
  /** Of an applied one. */
  readonly version?: number;
  readonly diff: RegionDiff;
  readonly warnings: Bounded<RegionWarning>;
  /** Removed sites that agents are enrolled at. */
  readonly enrolledLost: Bounded<{ readonly siteCode: string; readonly agents: number }>;
}

/** What a refused import says beside its token. */
export interface ImportRefusal {
  readonly problems: Bounded<RegionProblem>;
  readonly warnings: Bounded<RegionWarning>;
}

/** `PUT /api/v1/registry/sites/:code`. */
export interface SiteEditAnswer {
  readonly kind: 'applied' | 'same' | 'wouldApply';
  readonly version: number;
  readonly diff: RegionDiff;
}
