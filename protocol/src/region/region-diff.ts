import { regionLimits } from './region-limits.ts';
import type { Bounded } from './region-problem.ts';
import type { PlannedWorkstation, Region, Room, Site } from './region.ts';

export const changeKinds = ['added', 'changed', 'removed'] as const;
export type ChangeKind = (typeof changeKinds)[number];
export type ChangeCounts = Readonly<Record<ChangeKind, number>>;

/** A field of a site or a room that becomes another. */
export interface FieldChange {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** One difference. What comes or goes with its site or room is counted and not listed. */
export interface RegionChange {
  readonly kind: ChangeKind;
  readonly what: 'site' | 'room' | 'workstation';
  readonly siteCode: string;
  readonly roomCode: string | null;
  /** Id of the planned workstation. */
  readonly workstation: string | null;
  readonly fields: readonly FieldChange[];
}

/** What an import would do. */
export interface RegionDiff {
  readonly sites: ChangeCounts;
  readonly rooms: ChangeCounts;
  readonly workstations: ChangeCounts;
  /** Workstations that an operator took in and that stay. */
  readonly adoptedKept: number;
  readonly changes: Bounded<RegionChange>;
}

/** True when nothing differs. */
export function isNoChange(diff: RegionDiff): boolean {
  return diff.changes.total === 0;
}

type Counts = Record<ChangeKind, number>;

const siteFields = [
  'kind',
  'period',
  'commission',
  'name',
  'municipality',
  'address',
  'timeZone',
  'isRemote',
  'provider',
  'contractBytesPerSecond',
  'dutyPhone',
] as const satisfies readonly (keyof Site)[];
const roomFields = ['purposes', 'seats', 'cameras'] as const satisfies readonly (keyof Room)[];

/** What leads from one region to another, site by site. */
export function diffRegions(from: Region, to: Region): RegionDiff {
  const diff = new DiffBuilder();
  eachPair(from.sites, to.sites, codeOf, (before, after) => diff.site(before, after));
  return diff.result();
}

class DiffBuilder {
  readonly #sites: Counts = { added: 0, changed: 0, removed: 0 };
  readonly #rooms: Counts = { added: 0, changed: 0, removed: 0 };
  readonly #workstations: Counts = { added: 0, changed: 0, removed: 0 };
  readonly #listed: RegionChange[] = [];
  #total = 0;
  #adoptedKept = 0;

  site(before: Site | undefined, after: Site | undefined): void {
    const siteCode = (after ?? before)?.code ?? '';
    const change = { what: 'site', siteCode, roomCode: null, workstation: null } as const;
    const kind = kindOf(before, after);
    const fields = before && after ? fieldChanges(siteFields, before, after) : [];
    if (kind !== 'changed' || fields.length > 0) {
      this.#sites[kind] += 1;
      this.#list({ ...change, kind, fields });
    }
    eachPair(before?.rooms ?? [], after?.rooms ?? [], codeOf, (from, to) =>
      this.#room({ siteCode, isListed: kind === 'changed' }, from, to),
    );
  }

  #room(
    at: { readonly siteCode: string; readonly isListed: boolean },
    before: Room | undefined,
    after: Room | undefined,
  ): void {
    const roomCode = (after ?? before)?.code ?? '';
    const kind = kindOf(before, after);
    const fields = before && after ? fieldChanges(roomFields, before, after) : [];
    const change = { siteCode: at.siteCode, roomCode, fields } as const;
    if (kind !== 'changed' || fields.length > 0) {
      this.#rooms[kind] += 1;
      if (at.isListed) this.#list({ ...change, kind, what: 'room', workstation: null });
    }
    const inRoom = { siteCode: at.siteCode, roomCode, isListed: at.isListed && kind === 'changed' };
    eachPair(before?.workstations ?? [], after?.workstations ?? [], idOfPlanned, (from, to) =>
      this.#workstation(inRoom, from, to),
    );
  }

  #workstation(
    at: { readonly siteCode: string; readonly roomCode: string; readonly isListed: boolean },
    before: PlannedWorkstation | undefined,
    after: PlannedWorkstation | undefined,
  ): void {
    if (after?.origin === 'adopted' && before) this.#adoptedKept += 1;
    const kind = kindOf(before, after);
    // An adopted one that an import now names is the same workstation, planned.
    const fields = before && after ? fieldChanges(['origin'], before, after) : [];
    if (kind === 'changed' && fields.length === 0) return;
    this.#workstations[kind] += 1;
    const { siteCode, roomCode, isListed } = at;
    const workstation = (after ?? before)?.id ?? null;
    if (isListed)
      this.#list({ kind, what: 'workstation', siteCode, roomCode, workstation, fields });
  }

  #list(change: RegionChange): void {
    this.#total += 1;
    if (this.#listed.length < regionLimits.listedChanges) this.#listed.push(change);
  }

  result(): RegionDiff {
    return {
      sites: this.#sites,
      rooms: this.#rooms,
      workstations: this.#workstations,
      adoptedKept: this.#adoptedKept,
      changes: { total: this.#total, listed: this.#listed },
    };
  }
}

function kindOf(before: unknown, after: unknown): ChangeKind {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function eachPair<T>(
  from: readonly T[],
  to: readonly T[],
  keyOf: (value: T) => string,
  visit: (before: T | undefined, after: T | undefined) => void,
): void {
  const before = new Map(from.map((each) => [keyOf(each), each]));
  const after = new Set(to.map(keyOf));
  for (const each of to) visit(before.get(keyOf(each)), each);
  for (const each of from) if (!after.has(keyOf(each))) visit(each, undefined);
}

function fieldChanges<T>(fields: readonly (keyof T & string)[], from: T, to: T): FieldChange[] {
  return fields
    .map((field) => ({ field, from: textOf(from[field]), to: textOf(to[field]) }))
    .filter((change) => change.from !== change.to);
}

/** Values as a person compares them; nothing is an empty text. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

const codeOf = (value: { readonly code: string }): string => value.code;
const idOfPlanned = (value: PlannedWorkstation): string => value.id;
