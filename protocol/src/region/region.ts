import type { Duty, Role } from '../placement.ts';

/** What a site is. All of them are watched for video; only a ППЭ holds exams. */
export const siteKinds = ['ppe', 'rcoi', 'commission'] as const;
export type SiteKind = (typeof siteKinds)[number];

/** Period of the exams that a ППЭ works in. */
export const periods = ['early', 'main'] as const;
export type Period = (typeof periods)[number];

export const commissionKinds = ['subject', 'appeal'] as const;
export type CommissionKind = (typeof commissionKinds)[number];

/** What a room is for. A room may have two: a written exam with its scanning. */
export const roomPurposes = ['written', 'kege', 'speaking', 'hq', 'video'] as const;
export type RoomPurpose = (typeof roomPurposes)[number];

/** A municipality (АТЕ, МОУО) and its place on the schematic map. */
export interface Municipality {
  readonly slug: string;
  /** Name as people read it, in Russian. */
  readonly name: string;
  /** Kind of municipality: `ГО`, `МО`, `МР`. */
  readonly kind: string;
  readonly tile: { readonly col: number; readonly row: number } | null;
}

/** A workstation that should be there. */
export interface PlannedWorkstation {
  /** Stable over imports: `4216-0012-organizer-main-1`. */
  readonly id: string;
  readonly role: Role;
  readonly duty: Duty;
  /** From 1 among those of the same room, role and duty. */
  readonly number: number;
  /** `adopted`: it was heard unplanned and an operator took it in; an import leaves it alone. */
  readonly origin: 'imported' | 'adopted';
}

/** A room of a site. */
export interface Room {
  /** Four digits; 7777 is the Штаб. */
  readonly code: string;
  readonly purposes: readonly RoomPurpose[];
  /** Seats of pupils; null where nobody said. */
  readonly seats: number | null;
  readonly cameras: number;
  readonly workstations: readonly PlannedWorkstation[];
}

/** A ППЭ, РЦОИ or commission. No person's name is in it. */
export interface Site {
  /** Four digits, leading zeros kept. */
  readonly code: string;
  readonly kind: SiteKind;
  /** Of a ППЭ; null for others. */
  readonly period: Period | null;
  /** Of a commission; null for others. */
  readonly commission: CommissionKind | null;
  readonly name: string;
  /** Slug of a municipality. */
  readonly municipality: string;
  readonly address: string;
  /** IANA zone; null means the region's. */
  readonly timeZone: string | null;
  /** ТОМ: a remote locality. */
  readonly isRemote: boolean;
  readonly provider: string | null;
  /** Speed of the contract, bytes a second; null where nobody said. */
  readonly contractBytesPerSecond: number | null;
  /** Phone of the Штаб, not of a person. */
  readonly dutyPhone: string | null;
  readonly rooms: readonly Room[];
}

/** All that the region says takes part in its rehearsals. */
export interface Region {
  /** True for the generated region: everything in it is invented but the municipalities. */
  readonly isSample: boolean;
  readonly timeZone: string;
  readonly municipalities: readonly Municipality[];
  /** By code. */
  readonly sites: readonly Site[];
}
