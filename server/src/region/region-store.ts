import {
  plannedId,
  purposesOf,
  regionLimits,
  type PlannedPlace,
  type PlannedWorkstation,
  type Region,
  type Room,
  type Site,
} from '@ppe-pulse/protocol';
import type { Audit } from '../state/audit.ts';
import type { SqlRow, StateDatabase } from '../state/database.ts';
import { KUZBASS_TIME_ZONE, kuzbassMunicipalities } from './kuzbass-municipalities.ts';

/** The region as it is now, and which version of it. */
export interface StoredRegion {
  readonly region: Region;
  /** 0 before the first import; each change adds one. */
  readonly version: number;
  readonly importedAtMs: number | null;
  readonly importedBy: string | null;
}

/** Who changes the region, and when. */
export interface ChangedBy {
  readonly account: string;
  readonly atMs: number;
}

export type ApplyOutcome =
  | { readonly kind: 'applied'; readonly version: number }
  /** The region moved since the difference was shown: look at it again. */
  | { readonly kind: 'moved'; readonly version: number };

export type AdoptOutcome =
  | { readonly kind: 'adopted'; readonly workstation: PlannedWorkstation }
  | { readonly kind: 'refused'; readonly reason: 'unknownSite' | 'tooManyWorkstations' };

/** The region that the rehearsals are of: in memory for readers, in the state database to last. */
export interface RegionStore {
  current(): StoredRegion;
  /** Puts a whole region in place of the current one when that is still of `baseVersion`. */
  apply(region: Region, baseVersion: number, by: ChangedBy): ApplyOutcome;
  /** Puts a site in place of the one of its code when the region is still of `baseVersion`. */
  editSite(site: Site, baseVersion: number, by: ChangedBy): ApplyOutcome;
  /** Plans one more workstation where one was heard that nobody had planned. */
  adopt(place: PlannedPlace, by: ChangedBy): AdoptOutcome;
  /** Calls after each change, when it is stored; answers the way to stop. */
  onChange(listener: (stored: StoredRegion) => void): () => void;
}

/** The region over the state database. */
export function createRegionStore(database: StateDatabase, audit: Audit): RegionStore {
  let stored = readRegion(database);
  const listeners = new Set<(stored: StoredRegion) => void>();
  const replace = (next: StoredRegion, entry: Parameters<Audit['add']>[0]): void => {
    database.transaction(() => {
      writeRegion(database, stored.region, next);
      audit.add(entry);
    });
    stored = next;
    for (const listener of listeners) listener(stored);
  };
  return {
    current: () => stored,
    apply: (region, baseVersion, by) => {
      if (baseVersion !== stored.version) return { kind: 'moved', version: stored.version };
      const version = stored.version + 1;
      const next = { region, version, importedAtMs: by.atMs, importedBy: by.account };
      const details = { sites: region.sites.length, isSample: region.isSample };
      replace(next, { ...by, action: 'registry.import', subject: `version ${version}`, details });
      return { kind: 'applied', version };
    },
    editSite: (site, baseVersion, by) => {
      if (baseVersion !== stored.version) return { kind: 'moved', version: stored.version };
      const version = stored.version + 1;
      const { region } = stored;
      const sites = region.sites.map((each) => (each.code === site.code ? site : each));
      const details = { version, rooms: site.rooms.length };
      replace(
        { ...stored, version, region: { ...region, sites } },
        { ...by, action: 'registry.edit', subject: site.code, details },
      );
      return { kind: 'applied', version };
    },
    adopt: (place, by) => {
      const site = stored.region.sites.find(({ code }) => code === place.siteCode);
      if (!site) return { kind: 'refused', reason: 'unknownSite' };
      const count = site.rooms.reduce((sum, room) => sum + room.workstations.length, 0);
      if (count >= regionLimits.workstationsOfSite)
        return { kind: 'refused', reason: 'tooManyWorkstations' };
      const { workstation, site: grown } = withAdopted(site, place);
      const sites = stored.region.sites.map((each) => (each === site ? grown : each));
      const next = { ...stored, version: stored.version + 1, region: { ...stored.region, sites } };
      const subject = workstation.id;
      replace(next, { ...by, action: 'registry.adopt', subject, details: {} });
      return { kind: 'adopted', workstation };
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The site with one more workstation at the place; a room that nobody named comes with it. */
function withAdopted(
  site: Site,
  place: PlannedPlace,
): { readonly site: Site; readonly workstation: PlannedWorkstation } {
  const { roomCode, role, duty } = place;
  const room: Room = site.rooms.find(({ code }) => code === roomCode) ?? {
    code: roomCode,
    purposes: purposesOf(roomCode, [role]),
    seats: null,
    cameras: 0,
    workstations: [],
  };
  const numbers = room.workstations
    .filter((each) => each.role === role && each.duty === duty)
    .map((each) => each.number);
  const number = Math.max(0, ...numbers) + 1;
  const id = plannedId(place, number);
  const workstation: PlannedWorkstation = { id, role, duty, number, origin: 'adopted' };
  const grown = { ...room, workstations: [...room.workstations, workstation] };
  const others = site.rooms.filter(({ code }) => code !== roomCode);
  const rooms = [...others, grown].sort((a, b) => (a.code < b.code ? -1 : 1));
  return { workstation, site: { ...site, rooms } };
}

/** Before the first import: the municipalities are known, and nobody takes part. */
const emptyRegion: Region = {
  isSample: false,
  timeZone: KUZBASS_TIME_ZONE,
  municipalities: kuzbassMunicipalities,
  sites: [],
};

function readRegion(database: StateDatabase): StoredRegion {
  const row = database.all('SELECT * FROM region WHERE id = 1')[0];
  if (!row) return { region: emptyRegion, version: 0, importedAtMs: null, importedBy: null };
  const bodies = <T>(sql: string): T[] =>
    database.all(sql).map((each: SqlRow) => JSON.parse(String(each.body)) as T);
  return {
    region: {
      isSample: row.is_sample === 1,
      timeZone: String(row.time_zone),
      municipalities: bodies('SELECT body FROM region_municipalities ORDER BY position'),
      sites: bodies('SELECT body FROM region_sites ORDER BY code'),
    },
    version: Number(row.version),
    importedAtMs: row.imported_at_ms === null ? null : Number(row.imported_at_ms),
    importedBy: typeof row.imported_by === 'string' ? row.imported_by : null,
  };
}

/** Writes what differs; inside a transaction. */
function writeRegion(database: StateDatabase, before: Region, next: StoredRegion): void {
  const { region, version, importedAtMs, importedBy } = next;
  database.run('DELETE FROM region_municipalities');
  for (const [position, municipality] of region.municipalities.entries())
    database.run(
      'INSERT INTO region_municipalities (slug, position, body) VALUES (?, ?, ?)',
      municipality.slug,
      position,
      JSON.stringify(municipality),
    );
  const kept = new Set(region.sites.map(({ code }) => code));
  for (const { code } of before.sites)
    if (!kept.has(code)) database.run('DELETE FROM region_sites WHERE code = ?', code);
  const unchanged = new Set(before.sites);
  for (const site of region.sites) {
    if (unchanged.has(site)) continue;
    database.run(
      `INSERT INTO region_sites (code, body) VALUES (?, ?)
       ON CONFLICT (code) DO UPDATE SET body = excluded.body`,
      site.code,
      JSON.stringify(site),
    );
  }
  database.run(
    `INSERT INTO region (id, version, is_sample, time_zone, imported_at_ms, imported_by)
     VALUES (1, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET version = excluded.version, is_sample = excluded.is_sample,
       time_zone = excluded.time_zone, imported_at_ms = excluded.imported_at_ms,
       imported_by = excluded.imported_by`,
    version,
    region.isSample ? 1 : 0,
    region.timeZone,
    importedAtMs === null ? null : Math.round(importedAtMs),
    importedBy,
  );
}
