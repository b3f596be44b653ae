import {
  HQ_ROOM_CODE,
  splitDeviceId,
  verdictWeight,
  worstVerdict,
  type Incident,
  type LiveSite,
  type LiveWorkstation,
  type SiteKind,
  type Verdict,
} from '@ppe-pulse/protocol';
import { onceFor, perSite } from '../live/once-for.ts';
import { newestCarried, type CarriedTimes } from '../ui/carried.ts';

/** A room of a ППЭ as a cell of its tile. */
export interface RoomCell {
  readonly code: string;
  /** The worst of its workstations; `unknown` while nobody was heard there. */
  readonly verdict: Verdict;
  readonly isDone: boolean;
  /** By the registry, and nobody was ever heard there: before the day that is no news. */
  readonly isUnheard: boolean;
}

/** What is worst in a ППЭ: tokens, for whoever puts them into words. */
export interface TileReason {
  /** Null where the verdict has a reason and no check. */
  readonly checkId: string | null;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Rooms that stand as badly. */
  readonly rooms: number;
  /** Since when, ms of the collector's clock; null where nobody knows. */
  readonly sinceMs: number | null;
}

/** Everything that is visible of a ППЭ on the wall. */
export interface TileView {
  readonly code: string;
  readonly kind: SiteKind;
  readonly name: string;
  /** Slug of the municipality; empty outside the registry. */
  readonly group: string;
  readonly municipality: string;
  readonly verdict: Verdict;
  /** Null while nothing is wrong. */
  readonly worst: TileReason | null;
  readonly rooms: readonly RoomCell[];
  readonly carried: CarriedTimes | undefined;
  readonly isSimulated: boolean;
  /** Every open incident of it is a drill. */
  readonly isDrill: boolean;
  /** Somebody silenced or put off one of its incidents. */
  readonly isSilenced: boolean;
}

/** What is written and drawn of a tile besides its cells and its reason. */
export interface TileFace extends Omit<TileView, 'rooms' | 'worst'> {
  /** How many cells it has. */
  readonly cells: number;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What a tile is derived from. */
export interface TileSources {
  readonly workstations: readonly LiveWorkstation[];
  readonly site: LiveSite | undefined;
  /** Open ones that reach this ППЭ. */
  readonly incidents: readonly Incident[];
}

/** The tile of a ППЭ. Pure. */
export function tileOf(code: string, sources: TileSources): TileView {
  const { workstations, site, incidents } = sources;
  const verdict = siteVerdict(workstations, site);
  const rooms = roomsOf(workstations, site);
  return {
    code,
    kind: site?.kind ?? 'ppe',
    name: site?.name ?? '',
    group: site?.municipalitySlug ?? '',
    municipality: site?.municipality ?? '',
    verdict,
    worst: isTrouble(verdict) ? worstOf(verdict, rooms, sources) : null,
    rooms,
    carried: newestCarried(workstations),
    isSimulated: workstations.some(({ placement }) => placement.simulated),
    isDrill: incidents.length > 0 && incidents.every(({ isDrill }) => isDrill),
    isSilenced: incidents.some(
      ({ silencedUntilMs, snoozedUntilMs }) => silencedUntilMs !== null || snoozedUntilMs !== null,
    ),
  };
}

/** The verdict of a ППЭ: its worst workstation's, the registry's word where there is none. */
export function siteVerdict(
  workstations: readonly LiveWorkstation[],
  site: LiveSite | undefined,
): Verdict {
  if (workstations.length === 0 && site?.isInvolved === false) return 'notInvolved';
  return worstOfAll(workstations);
}

const worstOfAll = perSite((workstations) =>
  worstVerdict(workstations.map((each) => each.verdict)),
);

export function isTrouble(verdict: Verdict): boolean {
  return verdictWeight(verdict) > verdictWeight('ok');
}

/** The tile as it was, where nothing that is visible of it has changed. */
export function keptTile(before: TileView | undefined, next: TileView): TileView {
  if (!before) return next;
  const rooms = areSame(before.rooms, next.rooms) ? before.rooms : next.rooms;
  const worst = isSame(before.worst, next.worst) ? before.worst : next.worst;
  const carried = isSame(before.carried, next.carried) ? before.carried : next.carried;
  const kept = { ...next, rooms, worst, carried };
  return isSame(before, kept) ? before : kept;
}

export function faceOf({ rooms, worst: _worst, ...face }: TileView): TileFace {
  return { ...face, cells: rooms.length };
}

/** The face as it was, where it looks the same. */
export function keptFace(before: TileFace | undefined, next: TileFace): TileFace {
  return before && isSame(before, next) ? before : next;
}

function roomsOf(workstations: readonly LiveWorkstation[], site: LiveSite | undefined): RoomCell[] {
  const { rooms, places } = site ? planOf(site) : noPlan;
  const verdict: Verdict = site?.isInvolved === false ? 'notInvolved' : 'unknown';
  const cells: Writable<RoomCell>[] = rooms.map((room) => ({ ...room, verdict, isUnheard: true }));
  const others = new Map<string, number>();
  for (const { placement, verdict: own, lastSeenMs, carriedAtMs } of workstations) {
    const code = placement.roomCode;
    const at = places.get(code) ?? others.get(code) ?? cells.length;
    // Of a room that the registry does not name.
    if (at === cells.length) {
      others.set(code, at);
      cells.push({ code, isDone: false, verdict, isUnheard: true });
    }
    const cell = cells[at];
    // One that is enrolled and never spoke is as unknown as one that nobody enrolled.
    if (!cell || (lastSeenMs === null && carriedAtMs === undefined && own === 'unknown')) continue;
    if (cell.isUnheard || verdictWeight(own) > verdictWeight(cell.verdict)) cell.verdict = own;
    cell.isUnheard = false;
  }
  return others.size > 0 ? cells.sort(byRoom) : cells;
}

interface RoomPlan {
  readonly rooms: readonly Pick<RoomCell, 'code' | 'isDone'>[];
  /** Index of each by its code. */
  readonly places: ReadonlyMap<string, number>;
}

const noPlan: RoomPlan = { rooms: [], places: new Map() };

/** The rooms of the registry in the order of the tile. A site changes rarely, its workstations do not. */
const planOf = onceFor((site: LiveSite): RoomPlan => {
  // A frame that an earlier collector recorded names no rooms.
  const registered: LiveSite['rooms'] | undefined = site.rooms;
  const rooms = (registered ?? []).map(({ code, isDone }) => ({ code, isDone })).sort(byRoom);
  return { rooms, places: new Map(rooms.map(({ code }, at) => [code, at])) };
});

/** By code, the Штаб first: it is the room that everything hangs on. */
function byRoom({ code: a }: Pick<RoomCell, 'code'>, { code: b }: Pick<RoomCell, 'code'>): number {
  const rank = Number(b === HQ_ROOM_CODE) - Number(a === HQ_ROOM_CODE);
  return rank || (a < b ? -1 : 1);
}

function worstOf(
  verdict: Verdict,
  rooms: readonly RoomCell[],
  { workstations, incidents }: TileSources,
): TileReason {
  const count = rooms.filter((room) => room.verdict === verdict).length;
  const worst = workstations.find((each) => each.verdict === verdict);
  const problems = [...(worst?.problems ?? [])];
  problems.sort((a, b) => verdictWeight(b.verdict) - verdictWeight(a.verdict));
  const told = {
    checkId: problems[0]?.id ?? null,
    verdict,
    reason: problems[0]?.reason ?? worst?.reason ?? 'silent',
    rooms: count,
  };
  return { ...told, sinceMs: sinceOf(told, workstations, incidents) };
}

/** Since when: as its incident says, else since a silent one was last heard. */
function sinceOf(
  { checkId, verdict }: Omit<TileReason, 'sinceMs'>,
  workstations: readonly LiveWorkstation[],
  incidents: readonly Incident[],
): number | null {
  // An incident's kind is its check without the device's number.
  const check = checkId === null ? undefined : splitDeviceId(checkId)?.base;
  const own = incidents.filter(({ kind }) => kind === check);
  const starts = own.map(({ openedAtMs }) => openedAtMs);
  if (starts.length > 0) return Math.min(...starts);
  if (verdict !== 'unknown') return null;
  const heard = workstations.flatMap((each) =>
    each.verdict === 'unknown' && each.lastSeenMs !== null ? [each.lastSeenMs] : [],
  );
  return heard.length > 0 ? Math.max(...heard) : null;
}

function areSame(a: readonly RoomCell[], b: readonly RoomCell[]): boolean {
  return a.length === b.length && a.every((each, at) => isSame(each, b[at]));
}

/** Same fields with the same values; fields are not looked into. */
function isSame<T extends object>(a: T | null | undefined, b: T | null | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  return (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);
}
