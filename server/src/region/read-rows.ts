import { regionLimits, type Municipality, type SiteKind } from '@ppe-pulse/protocol';
import {
  commissionInKind,
  createMunicipalityParser,
  createZoneParser,
  parseCode,
  parseCommission,
  parseDuty,
  parseFlag,
  parseKind,
  parsePeriod,
  parsePhone,
  parsePurposes,
  parseRole,
  parseSpeed,
  parseWhole,
  type Parsed,
} from './cell-values.ts';
import type { ColumnId } from './columns.ts';
import { createRoomDraft, createSiteDraft, type RoomDraft, type SiteDraft } from './drafts.ts';
import type { ImportRemarks } from './remarks.ts';
import { RowReader } from './row-reader.ts';
import type { TableLayout } from './table-layout.ts';

const parseSeats = parseWhole(0, regionLimits.seats);
const parseCameras = parseWhole(0, regionLimits.cameras);
const parseCount = parseWhole(1, regionLimits.workstationsOfSite);
const parseText = (text: string): Parsed<string> => ({
  ok: true,
  value: text.replaceAll(/\s+/g, ' '),
});

/** Folds rows of all tables into drafts of sites, whatever order they come in. */
export class RowFold {
  readonly sites = new Map<string, SiteDraft>();
  readonly #remarks: ImportRemarks;
  readonly #parseMunicipality: (text: string) => Parsed<string>;
  readonly #parseZone = createZoneParser();

  constructor(municipalities: readonly Municipality[], remarks: ImportRemarks) {
    this.#remarks = remarks;
    this.#parseMunicipality = createMunicipalityParser(municipalities);
  }

  take(layout: TableLayout): void {
    const reader = new RowReader(layout, this.#remarks);
    for (const row of layout.rows) {
      reader.take(row);
      this.#row(reader);
    }
  }

  #row(reader: RowReader): void {
    const { level, saysSite } = reader.layout;
    const code = reader.code('siteCode', parseCode);
    if (code === undefined) return;
    const site = this.#site(code, reader);
    if (saysSite) this.#siteFields(site, reader);
    if (level === 'site') return;
    const roomCode = reader.code('roomCode', parseCode);
    if (roomCode === undefined) return;
    const room = roomOf(site, roomCode, reader);
    roomFields(room, reader);
    if (level === 'workstation') return workstations(room, reader);
    if (room.isDeclared) reader.refuse('roomCode', 'duplicate', roomCode, rowOf(room.spot));
    room.isDeclared = true;
  }

  #site(code: string, reader: RowReader): SiteDraft {
    const known = this.sites.get(code);
    if (known) return known;
    const site = createSiteDraft(code, reader.spot('siteCode'));
    this.sites.set(code, site);
    return site;
  }

  #siteFields(site: SiteDraft, reader: RowReader): void {
    if (reader.layout.level === 'site' && site.isDeclared)
      reader.refuse('siteCode', 'duplicate', site.code, rowOf(site.spot));
    site.isDeclared = true;
    const before = this.#remarks.problems.total;
    const { fields } = site;
    const kindText = reader.text('kind');
    const kind: SiteKind | null | undefined = reader.value('kind', parseKind);
    merge(reader, 'kind', fields, 'kind', kind);
    const inKind = kind === 'commission' ? commissionInKind(kindText) : undefined;
    merge(
      reader,
      'commission',
      fields,
      'commission',
      reader.value('commission', parseCommission) ?? inKind,
    );
    merge(reader, 'period', fields, 'period', reader.value('period', parsePeriod));
    merge(reader, 'siteName', fields, 'name', reader.value('siteName', parseText));
    merge(
      reader,
      'municipality',
      fields,
      'municipality',
      reader.value('municipality', this.#parseMunicipality),
    );
    merge(reader, 'address', fields, 'address', reader.value('address', parseText));
    merge(reader, 'timeZone', fields, 'timeZone', reader.value('timeZone', this.#parseZone));
    merge(reader, 'isRemote', fields, 'isRemote', reader.value('isRemote', parseFlag));
    merge(reader, 'provider', fields, 'provider', reader.value('provider', parseText));
    merge(
      reader,
      'contractMbit',
      fields,
      'contractBytesPerSecond',
      reader.value('contractMbit', parseSpeed),
    );
    merge(reader, 'dutyPhone', fields, 'dutyPhone', reader.value('dutyPhone', parsePhone));
    // A value that was refused is not missing as well.
    if (this.#remarks.problems.total > before) site.isRefused = true;
  }
}

function roomOf(site: SiteDraft, code: string, reader: RowReader): RoomDraft {
  const known = site.rooms.get(code);
  if (known) return known;
  const room = createRoomDraft(reader.spot('roomCode'));
  site.rooms.set(code, room);
  return room;
}

function roomFields({ fields }: RoomDraft, reader: RowReader): void {
  merge(reader, 'purposes', fields, 'purposes', reader.value('purposes', parsePurposes));
  merge(reader, 'seats', fields, 'seats', reader.value('seats', parseSeats));
  merge(reader, 'cameras', fields, 'cameras', reader.value('cameras', parseCameras));
}

/** A row is one workstation, or as many as it says; more rows of the same add up. */
function workstations(room: RoomDraft, reader: RowReader): void {
  const role = reader.needed('role', parseRole);
  const duty = reader.value('duty', parseDuty);
  const count = reader.value('count', parseCount);
  if (role === undefined || duty === undefined || count === undefined) return;
  const key = `${role} ${duty ?? 'main'}`;
  const known = room.counts.get(key);
  if (known) known.count += count ?? 1;
  else room.counts.set(key, { role, duty: duty ?? 'main', count: count ?? 1 });
}

/** The first row that says something says it; another that says something else is a conflict. */
function merge<F, K extends keyof F>(
  reader: RowReader,
  column: ColumnId,
  fields: F,
  ...[key, value]: [K, F[K] | null | undefined]
): void {
  if (value === null || value === undefined) return;
  const known = fields[key];
  if (known === null) fields[key] = value;
  else if (String(known) !== String(value))
    reader.refuse(column, 'conflict', String(value), String(known));
}

function rowOf({ row, cell }: SiteDraft['spot']): string {
  return cell ?? String(row ?? '');
}
