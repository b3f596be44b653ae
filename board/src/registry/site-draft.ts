import {
  roomPurposes,
  type Duty,
  type Role,
  type RoomPurpose,
  type Site,
} from '@ppe-pulse/protocol';

/** A site as a form has it: texts, as the cells of an import. */
export interface SiteDraft {
  readonly site: Readonly<Record<SiteField, string>>;
  readonly rooms: readonly RoomDraft[];
  readonly workstations: readonly WorkstationDraft[];
}

export const siteFields = [
  'siteName',
  'kind',
  'period',
  'commission',
  'municipality',
  'address',
  'timeZone',
  'isRemote',
  'provider',
  'contractMbit',
  'dutyPhone',
] as const;
export type SiteField = (typeof siteFields)[number];

export interface RoomDraft {
  /** Of the form alone: rows keep their place while their code is typed. */
  readonly id: number;
  readonly roomCode: string;
  readonly purposes: readonly RoomPurpose[];
  readonly seats: string;
  readonly cameras: string;
}

export interface WorkstationDraft {
  readonly id: number;
  readonly roomCode: string;
  readonly role: Role;
  readonly duty: Duty;
  readonly count: string;
}

const MBIT = 1_000_000;
const BITS = 8;

/** The form of a site as it stands. Workstations that an operator took in are no part of it. Pure. */
export function draftOf(site: Site): SiteDraft {
  const speed = site.contractBytesPerSecond;
  const counted = site.rooms.flatMap((room) => countedPlaces(room));
  return {
    site: {
      siteName: site.name,
      kind: site.kind,
      period: site.period ?? '',
      commission: site.commission ?? '',
      municipality: site.municipality,
      address: site.address,
      timeZone: site.timeZone ?? '',
      isRemote: site.isRemote ? 'yes' : 'no',
      provider: site.provider ?? '',
      contractMbit: speed === null ? '' : String((speed * BITS) / MBIT),
      dutyPhone: site.dutyPhone ?? '',
    },
    rooms: site.rooms.map(({ code, purposes, seats, cameras }, id) => ({
      id,
      roomCode: code,
      purposes,
      seats: seats === null ? '' : String(seats),
      cameras: String(cameras),
    })),
    workstations: counted.map((each, id) => ({ ...each, id, count: String(each.count) })),
  };
}

function countedPlaces({ code, workstations }: Site['rooms'][number]) {
  const counts = new Map<string, { roomCode: string; role: Role; duty: Duty; count: number }>();
  for (const { role, duty, origin } of workstations) {
    if (origin === 'adopted') continue;
    const key = `${role} ${duty}`;
    const known = counts.get(key) ?? { roomCode: code, role, duty, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts.values()];
}

/** What the collector is sent. Pure. */
export function bodyOfDraft({ site, rooms, workstations }: SiteDraft): object {
  return {
    // A period belongs to a ППЭ alone, a commission's kind to a commission.
    site: {
      ...site,
      period: site.kind === 'ppe' ? site.period : '',
      commission: site.kind === 'commission' ? site.commission : '',
    },
    rooms: rooms.map(({ roomCode, purposes, seats, cameras }) => ({
      roomCode,
      purposes: roomPurposes.filter((each) => purposes.includes(each)).join(','),
      seats,
      cameras,
    })),
    workstations: workstations.map(({ roomCode, role, duty, count }) => ({
      roomCode,
      role,
      duty,
      count,
    })),
  };
}

/** The next free id of rows. */
export function nextId(rows: readonly { readonly id: number }[]): number {
  return Math.max(-1, ...rows.map(({ id }) => id)) + 1;
}

/** `rooms 2 seats` of a mistake that the collector names by table, row and field. */
export function fieldKey(table: string, row: number, field: string): string {
  return `${table} ${row} ${field}`;
}
