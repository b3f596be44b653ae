import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Busy and total CPU time since boot, of all cores together. Milliseconds, or Linux' hundredths. */
export interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/** Reads the PC's own counters. */
export function cpuTimes(): CpuTimes {
  if (process.platform !== 'linux') return timesOfCores();
  return parseCpuTimes(readFileSync('/proc/stat', 'utf8')) ?? timesOfCores();
}

/**
 * The line of all cores in Linux' /proc/stat. `os.cpus()` leaves the time out in which a core waits for
 * a disk: on a PC that copies files next to no idle time is left, and it would seem to compute all day.
 */
export function parseCpuTimes(text: string): CpuTimes | undefined {
  const found = /^cpu +(.+)$/m.exec(text)?.[1]?.split(' ').map(Number) ?? [];
  // What guests used stands in `user` and `nice` already.
  const [user, nice, system, idle, waiting, ...interrupts] = found.slice(0, 8);
  if (user === undefined || nice === undefined || system === undefined) return undefined;
  if (idle === undefined || waiting === undefined || found.some(Number.isNaN)) return undefined;
  const busy = [user, nice, system, ...interrupts].reduce((sum, each) => sum + each, 0);
  return { busy, total: busy + idle + waiting };
}

function timesOfCores(): CpuTimes {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const passed = times.user + times.nice + times.sys + times.idle + times.irq;
    total += passed;
    busy += passed - times.idle;
  }
  return { busy, total };
}
