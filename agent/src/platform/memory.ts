import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

/** Memory of the PC. `available` can be had without swapping; Linux counts its caches as such. */
export interface Memory {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** Reads the PC's memory. A file of `/proc` is never waited for: by the thread pool it costs five times as much. */
export function memory(): Memory {
  const told =
    process.platform === 'linux' ? parseMeminfo(readFileSync('/proc/meminfo', 'utf8')) : undefined;
  return told ?? { totalBytes: totalmem(), availableBytes: freemem() };
}

/** Linux' /proc/meminfo; undefined when a line is missing (kernels before 3.14). */
export function parseMeminfo(text: string): Memory | undefined {
  const kilobytes = (name: string): number | undefined => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return found === undefined ? undefined : Number(found) * 1_024;
  };
  const totalBytes = kilobytes('MemTotal');
  const availableBytes = kilobytes('MemAvailable');
  if (totalBytes === undefined || availableBytes === undefined) return undefined;
  return { totalBytes, availableBytes };
}
