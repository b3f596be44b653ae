import type { EmSite, EmSiteState, EmState } from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from '../state/database.ts';
import type { EmJob } from './em-job.ts';

/** Rehearsals of the download that outlive the process. */
export interface EmStore {
  /** Newest first. */
  list(limit: number): readonly EmJob[];
  find(id: string): EmJob | undefined;
  /** By code. */
  sitesOf(id: string): readonly EmSite[];
  add(job: EmJob, sites: readonly EmSite[]): void;
  /** Writes the job and these sites of it in one commit. */
  save(job: EmJob, sites: readonly EmSite[]): void;
}

const SAVE_SITE = `INSERT INTO em_download_sites
  (download_id, site_code, municipality, start_at_ms, state, reason, workstation_id,
   received_bytes, took_ms, retries, served_bytes, ended_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (download_id, site_code) DO UPDATE SET start_at_ms = excluded.start_at_ms,
    state = excluded.state, reason = excluded.reason, workstation_id = excluded.workstation_id,
    received_bytes = excluded.received_bytes, took_ms = excluded.took_ms,
    retries = excluded.retries, served_bytes = excluded.served_bytes,
    ended_at_ms = excluded.ended_at_ms`;

/** The rehearsals in the state database. */
export function createEmStore(database: StateDatabase): EmStore {
  const saveSites = (id: string, sites: readonly EmSite[]): void => {
    for (const site of sites) database.run(SAVE_SITE, id, ...valuesOf(site));
  };
  return {
    list: (limit) =>
      database
        .all('SELECT * FROM em_downloads ORDER BY created_at_ms DESC, id LIMIT ?', limit)
        .map(jobOf),
    find: (id) => database.all('SELECT * FROM em_downloads WHERE id = ?', id).map(jobOf)[0],
    sitesOf: (id) =>
      database
        .all('SELECT * FROM em_download_sites WHERE download_id = ? ORDER BY site_code', id)
        .map(siteOf),
    add: (job, sites) =>
      database.transaction(() => {
        addJob(database, job);
        saveSites(job.id, sites);
      }),
    save: (job, sites) =>
      database.transaction(() => {
        database.run(
          `UPDATE em_downloads SET state = ?, sha256 = ?, start_at_ms = ?, ended_at_ms = ?
           WHERE id = ?`,
          job.state,
          job.sha256,
          rounded(job.startAtMs),
          rounded(job.endedAtMs),
          job.id,
        );
        saveSites(job.id, sites);
      }),
  };
}

function addJob(database: StateDatabase, job: EmJob): void {
  database.run(
    `INSERT INTO em_downloads
       (id, created_at_ms, created_by, bytes, seed, sha256, source, spread_ms,
        max_bytes_per_second, give_up_after_ms, state, start_at_ms, ended_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    job.id,
    Math.round(job.createdAtMs),
    job.createdBy,
    job.bytes,
    job.seed,
    job.sha256,
    job.source,
    job.spreadMs,
    job.maxBytesPerSecond,
    job.giveUpAfterMs,
    job.state,
    rounded(job.startAtMs),
    rounded(job.endedAtMs),
  );
}

function valuesOf(site: EmSite): (string | number | null)[] {
  return [
    site.siteCode,
    site.municipality,
    Math.round(site.startAtMs),
    site.state,
    site.reason,
    site.workstationId,
    site.receivedBytes,
    Math.round(site.tookMs),
    site.retries,
    site.servedBytes,
    rounded(site.endedAtMs),
  ];
}

function jobOf(row: SqlRow): EmJob {
  return {
    id: String(row.id),
    createdAtMs: Number(row.created_at_ms),
    createdBy: String(row.created_by),
    bytes: Number(row.bytes),
    seed: Number(row.seed),
    sha256: textOrNull(row.sha256),
    source: row.source === 'mirror' ? 'mirror' : 'collector',
    spreadMs: Number(row.spread_ms),
    maxBytesPerSecond: Number(row.max_bytes_per_second),
    giveUpAfterMs: Number(row.give_up_after_ms),
    state: String(row.state) as EmState,
    startAtMs: numberOrNull(row.start_at_ms),
    endedAtMs: numberOrNull(row.ended_at_ms),
  };
}

function siteOf(row: SqlRow): EmSite {
  return {
    siteCode: String(row.site_code),
    municipality: String(row.municipality),
    startAtMs: Number(row.start_at_ms),
    state: String(row.state) as EmSiteState,
    reason: String(row.reason),
    workstationId: textOrNull(row.workstation_id),
    receivedBytes: Number(row.received_bytes),
    tookMs: Number(row.took_ms),
    retries: Number(row.retries),
    servedBytes: Number(row.served_bytes),
    endedAtMs: numberOrNull(row.ended_at_ms),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
