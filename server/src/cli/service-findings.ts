import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { servedFiles, tlsFiles, tlsFolder } from '../access/tls-files.ts';
import { keptBackups } from '../backup/kept-backups.ts';
import { codeOf, type CollectorConfig } from '../config.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly part: string;
  readonly ok: boolean;
  readonly detail: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A day of 1,200 workstations and its compaction; under it the stores stop taking anything. */
const MIN_FREE_BYTES = 2_000_000_000;
/** A nightly timer with its random delay, and an hour of patience. */
const BACKUP_MAX_AGE_MS = 26 * HOUR_MS;
/** Enough to renew it on a working day, and to hand out files anew where an operator must. */
const CERTIFICATE_DAYS = 30;
/** No build of this product is older: a clock before it is a flat battery. */
const FIRST_BUILD_MS = Date.UTC(2024, 0, 1);
/** What keeps the clock of a Linux, by the trace that it leaves. */
const clockKeepers = [
  ['systemd-timesyncd', '/run/systemd/timesync/synchronized'],
  ['chronyd', '/run/chrony/chronyd.pid'],
  ['chronyd', '/run/chronyd/chronyd.pid'],
  ['ntpd', '/run/ntpd.pid'],
] as const;

/** What a service needs that runs for months with nobody looking: room, a clock, a certificate, backups. */
export function serviceFindings(
  config: CollectorConfig,
  backups: string | undefined,
  nowMs: number,
): Finding[] {
  return [
    diskFinding(resolve(config.dataDir)),
    clockFinding(nowMs),
    ...certificateFindings(config, nowMs),
    ...(backups === undefined ? [] : [backupFinding(backups, nowMs)]),
  ];
}

function diskFinding(dataDir: string): Finding {
  const part = 'disk';
  try {
    const { bavail, bsize } = statfsSync(existingAbove(dataDir));
    return roomFinding(bavail * bsize);
  } catch (error) {
    return { part, ok: false, detail: `${dataDir}: cannot be asked (${codeOf(error)})` };
  }
}

/** Pure: of so many free bytes. */
export function roomFinding(freeBytes: number): Finding {
  const free = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  const ok = freeBytes >= MIN_FREE_BYTES;
  return {
    part: 'disk',
    ok,
    detail: ok ? free : `${free}: make room, ${MIN_FREE_BYTES / 1e9} GB at least`,
  };
}

/** A data folder that is not made yet will be made there. */
function existingAbove(path: string): string {
  return existsSync(path) ? path : existingAbove(join(path, '..'));
}

function clockFinding(nowMs: number): Finding {
  const part = 'clock';
  const now = new Date(nowMs).toISOString();
  if (nowMs < FIRST_BUILD_MS)
    return { part, ok: false, detail: `${now} is in the past: set it, check the battery` };
  const keeper = clockKeepers.find(([, trace]) => existsSync(trace));
  return {
    part,
    ok: true,
    detail: keeper
      ? `${now}, kept by ${keeper[0]}`
      : `${now}, nobody is seen to keep it: install chrony, or compare it with a watch`,
  };
}

function certificateFindings(config: CollectorConfig, nowMs: number): Finding[] {
  const served = servedFiles(config)?.certificate;
  const authority = join(tlsFolder(config.dataDir), tlsFiles.ca);
  return [
    ...(served === undefined ? [] : [certificateFinding('certificate', served, nowMs)]),
    ...(existsSync(authority) ? [certificateFinding('authority', authority, nowMs)] : []),
  ];
}

function certificateFinding(part: string, path: string, nowMs: number): Finding {
  try {
    const { validTo } = new X509Certificate(readFileSync(path));
    return endFinding(part, Date.parse(validTo), nowMs);
  } catch (error) {
    return { part, ok: false, detail: `${path}: cannot be read (${codeOf(error)})` };
  }
}

/** Pure: of a certificate that ends then. */
export function endFinding(part: string, endMs: number, nowMs: number): Finding {
  const days = Math.floor((endMs - nowMs) / DAY_MS);
  const until = `until ${new Date(endMs).toISOString().slice(0, 10)}`;
  if (days < 0) return { part, ok: false, detail: `${until}, it has ended: "tls renew"` };
  const ok = days >= CERTIFICATE_DAYS;
  return {
    part,
    ok,
    detail: ok ? `${until}, ${days} days` : `${until}, ${days} days: "tls renew"`,
  };
}

function backupFinding(folder: string, nowMs: number): Finding {
  const [newest] = keptBackups(folder);
  return ageFinding(folder, newest?.atMs, nowMs);
}

/** Pure: of the newest whole backup. */
export function ageFinding(folder: string, atMs: number | undefined, nowMs: number): Finding {
  const part = 'backup';
  if (atMs === undefined)
    return {
      part,
      ok: false,
      detail: `${folder} holds none: "ppe-collector backup ${folder} --keep 14"`,
    };
  const hours = Math.floor((nowMs - atMs) / HOUR_MS);
  const ok = nowMs - atMs <= BACKUP_MAX_AGE_MS;
  const age = `the newest is ${hours} h old`;
  return { part, ok, detail: ok ? age : `${age}: look at ppe-collector-backup.timer` };
}
