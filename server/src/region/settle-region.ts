import {
  HQ_ROOM_CODE,
  plannedWorkstations,
  purposesOf,
  regionLimits,
  type RegionProblemCode,
  type RegionSpot,
  type Room,
  type Site,
} from '@ppe-pulse/protocol';
import { columns } from './columns.ts';
import type { RoomDraft, SiteDraft } from './drafts.ts';
import type { ImportRemarks } from './remarks.ts';

/** Two cameras a room stand where nobody said how many. */
const CAMERAS_DEFAULT = 2;

/** Makes sites of drafts, sorted by their codes, and remarks on what does not fit together. */
export function settleRegion(drafts: Iterable<SiteDraft>, remarks: ImportRemarks): Site[] {
  const settling = new Settling(remarks);
  const all = [...drafts];
  const declaresRooms = all.some(({ rooms }) =>
    [...rooms.values()].some(({ isDeclared }) => isDeclared),
  );
  const sites = all.map((draft) => settling.site(draft, declaresRooms));
  const [first] = all;
  if (first && all.length > regionLimits.sites)
    settling.refuse(first.spot, 'tooManySites', all.length, regionLimits.sites);
  return sites.sort(byCode);
}

class Settling {
  readonly #remarks: ImportRemarks;

  constructor(remarks: ImportRemarks) {
    this.#remarks = remarks;
  }

  site(draft: SiteDraft, declaresRooms: boolean): Site {
    const { code, fields, spot } = draft;
    const kind = fields.kind ?? 'ppe';
    if (!draft.isDeclared) this.refuse(spot, 'unknownSite', code);
    else if (!draft.isRefused) this.#together(draft, kind);
    const rooms = [...draft.rooms].map(([roomCode, room]) => {
      if (declaresRooms && !room.isDeclared && roomCode !== HQ_ROOM_CODE)
        this.refuse(room.spot, 'unknownRoom', roomCode);
      return settledRoom(code, roomCode, room);
    });
    this.#bounds(spot, rooms);
    return {
      code,
      kind,
      period: fields.period,
      commission: fields.commission,
      name: fields.name ?? '',
      municipality: fields.municipality ?? '',
      address: fields.address ?? '',
      timeZone: fields.timeZone,
      isRemote: fields.isRemote ?? false,
      provider: fields.provider,
      contractBytesPerSecond: fields.contractBytesPerSecond,
      dutyPhone: fields.dutyPhone,
      rooms: rooms.sort(byCode),
    };
  }

  /** What must be there, and what belongs to another kind of site; asked when all rows are read. */
  #together({ fields, spot }: SiteDraft, kind: Site['kind']): void {
    const named = (id: 'siteName' | 'municipality' | 'period' | 'commission'): RegionSpot => ({
      ...spot,
      cell: null,
      column: `${columns[id].ru} / ${columns[id].en}`,
    });
    if (fields.name === null) this.refuse(named('siteName'), 'required', '');
    if (fields.municipality === null) this.refuse(named('municipality'), 'required', '');
    if ((kind === 'ppe') !== (fields.period !== null))
      this.refuse(named('period'), kind === 'ppe' ? 'required' : 'notOfPpe', fields.period ?? '');
    if ((kind === 'commission') !== (fields.commission !== null)) {
      const code = kind === 'commission' ? 'required' : 'notOfCommission';
      this.refuse(named('commission'), code, fields.commission ?? '');
    }
  }

  #bounds(spot: RegionSpot, rooms: readonly Room[]): void {
    const { roomsOfSite, workstationsOfSite } = regionLimits;
    if (rooms.length > roomsOfSite) this.refuse(spot, 'tooManyRooms', rooms.length, roomsOfSite);
    const count = rooms.reduce((sum, room) => sum + room.workstations.length, 0);
    if (count > workstationsOfSite)
      this.refuse(spot, 'tooManyWorkstations', count, workstationsOfSite);
  }

  refuse(
    spot: RegionSpot,
    code: RegionProblemCode,
    found: string | number,
    expected: string | number = '',
  ): void {
    this.#remarks.problems.add(spot, code, String(found), String(expected));
  }
}

function settledRoom(siteCode: string, code: string, { fields, counts }: RoomDraft): Room {
  // More than a site may have is refused anyway: nobody makes a million of them first.
  const most = regionLimits.workstationsOfSite + 1;
  const workstations = [...counts.values()].flatMap(({ role, duty, count }) =>
    plannedWorkstations({ siteCode, roomCode: code, role, duty }, Math.min(count, most)),
  );
  return {
    code,
    purposes: fields.purposes ?? purposesOf(code, new Set(workstations.map(({ role }) => role))),
    seats: fields.seats,
    cameras: fields.cameras ?? CAMERAS_DEFAULT,
    workstations: workstations.sort(byPlace),
  };
}

function byCode(a: { readonly code: string }, b: { readonly code: string }): number {
  return a.code < b.code ? -1 : 1;
}

/** Not by the order of rows, which says nothing. */
function byPlace(a: Room['workstations'][number], b: Room['workstations'][number]): number {
  if (a.role !== b.role) return a.role < b.role ? -1 : 1;
  if (a.duty !== b.duty) return a.duty < b.duty ? -1 : 1;
  return a.number - b.number;
}
