import type {
  CommissionKind,
  Duty,
  Period,
  RegionSpot,
  Role,
  RoomPurpose,
  SiteKind,
} from '@ppe-pulse/protocol';

/** What rows say of a site so far; a flat table says it again with every row. */
export interface SiteFields {
  kind: SiteKind | null;
  period: Period | null;
  commission: CommissionKind | null;
  name: string | null;
  municipality: string | null;
  address: string | null;
  timeZone: string | null;
  isRemote: boolean | null;
  provider: string | null;
  contractBytesPerSecond: number | null;
  dutyPhone: string | null;
}

export interface RoomFields {
  purposes: readonly RoomPurpose[] | null;
  seats: number | null;
  cameras: number | null;
}

export interface RoomDraft {
  readonly fields: RoomFields;
  /** A row of a table of rooms names it. */
  isDeclared: boolean;
  /** Row that named it first. */
  readonly spot: RegionSpot;
  /** By role and duty. */
  readonly counts: Map<string, { readonly role: Role; readonly duty: Duty; count: number }>;
}

export interface SiteDraft {
  readonly code: string;
  readonly fields: SiteFields;
  isDeclared: boolean;
  /** Something in it was refused: what is missing is not asked for. */
  isRefused: boolean;
  readonly spot: RegionSpot;
  readonly rooms: Map<string, RoomDraft>;
}

/** Nothing said yet. */
export function createSiteDraft(code: string, spot: RegionSpot): SiteDraft {
  return {
    code,
    isDeclared: false,
    isRefused: false,
    spot,
    rooms: new Map(),
    fields: {
      kind: null,
      period: null,
      commission: null,
      name: null,
      municipality: null,
      address: null,
      timeZone: null,
      isRemote: null,
      provider: null,
      contractBytesPerSecond: null,
      dutyPhone: null,
    },
  };
}

/** Nothing said yet. */
export function createRoomDraft(spot: RegionSpot): RoomDraft {
  return {
    fields: { purposes: null, seats: null, cameras: null },
    isDeclared: false,
    spot,
    counts: new Map(),
  };
}
