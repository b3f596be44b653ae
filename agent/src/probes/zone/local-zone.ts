import { readFile, readlink } from 'node:fs/promises';
import { offsetOfZone } from './named-zone.ts';
import { offsetOfZoneFile } from './tzif.ts';

/** Linux' own zone: a compiled zone, mostly a link to it. */
const LOCAL_ZONE = '/etc/localtime';
/** The longest zone has 4 kB. */
const MAX_BYTES = 65_536;

/** The PC's zone now. */
export interface ZoneLook {
  /** Its name where the system tells; for people, nothing is judged by it. */
  readonly zone: string;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
}

/**
 * The zone that programs of a Linux go by, read anew: this process keeps the one of its start. Where
 * there is no such file, the process's own is the PC's. Undefined when it cannot be told.
 */
export async function localZone(nowMs: number, path = LOCAL_ZONE): Promise<ZoneLook | undefined> {
  const name = await linkedName(path);
  const file = await zoneFile(path);
  if (!file) return name === undefined ? processZone(nowMs) : named(name, nowMs);
  const offsetMinutes = offsetOfZoneFile(file, Math.floor(nowMs / 1_000));
  if (offsetMinutes !== undefined) return { zone: name ?? '', offsetMinutes };
  return name === undefined ? undefined : named(name, nowMs);
}

/** What this process believes: right on a PC whose zone has not changed since. */
export function processZone(nowMs: number): ZoneLook {
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    // The language counts west; a zero of its own has no sign.
    offsetMinutes: 0 - new Date(nowMs).getTimezoneOffset(),
  };
}

function named(zone: string, nowMs: number): ZoneLook | undefined {
  const offsetMinutes = offsetOfZone(zone, nowMs);
  return offsetMinutes === undefined ? undefined : { zone, offsetMinutes };
}

/** `/usr/share/zoneinfo/Asia/Novokuznetsk` → `Asia/Novokuznetsk`. */
async function linkedName(path: string): Promise<string | undefined> {
  try {
    return /zoneinfo\/(?:posix\/|right\/)?([A-Za-z0-9_+/-]{1,60})$/.exec(await readlink(path))?.[1];
  } catch {
    // A copy instead of a link, or nothing at all.
    return undefined;
  }
}

async function zoneFile(path: string): Promise<Buffer | undefined> {
  try {
    const file = await readFile(path);
    return file.length > MAX_BYTES ? undefined : file;
  } catch {
    return undefined;
  }
}
