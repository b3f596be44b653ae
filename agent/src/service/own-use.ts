import { NativeLibraries } from '../child/native-libraries.ts';
import { processTimes } from '../child/process-native.ts';
import { readText } from '../platform/files.ts';

/** CPU time since the start and memory now. */
export interface OwnUse {
  /** Of the agent, of its child, and of what the child started. */
  readonly cpuMs: number;
  /** Of the agent alone. */
  readonly rssBytes: number;
}

/** Reads what this agent takes; `childPid` is undefined while no child runs. */
export type ReadOwnUse = (childPid: number | undefined) => Promise<OwnUse>;

/** USER_HZ of Linux, on every machine. */
const MS_PER_TICK = 10;
/** Of `/proc/<pid>/stat`, counted from the state on: utime, stime, cutime, cstime. */
const FIRST_TIME = 11;
const TIMES = 4;

/** The way of this system. */
export function readOwnUse(platform: NodeJS.Platform): ReadOwnUse {
  if (platform === 'linux') return linuxUse;
  const libraries = new NativeLibraries();
  // What a child took that has ended meanwhile is not told any more: it is kept here.
  const spent = { pid: 0, endedMs: 0, lastMs: 0 };
  return async (childPid) => {
    const own = process.cpuUsage();
    const found = childPid === undefined ? undefined : await timesOf(libraries, childPid);
    if (childPid !== spent.pid) {
      spent.endedMs += spent.lastMs;
      spent.lastMs = 0;
      spent.pid = childPid ?? 0;
    }
    spent.lastMs = found ?? spent.lastMs;
    const cpuMs = (own.user + own.system) / 1_000 + spent.endedMs + spent.lastMs;
    return { cpuMs, rssBytes: process.memoryUsage.rss() };
  };
}

/** A child that has ended is counted by the kernel among the agent's own. */
async function linuxUse(childPid: number | undefined): Promise<OwnUse> {
  const child = childPid === undefined ? 0 : cpuOf(readText(`/proc/${childPid}/stat`));
  const cpuMs = cpuOf(readText('/proc/self/stat')) + child;
  return { cpuMs, rssBytes: process.memoryUsage.rss() };
}

/** CPU time of a process and of its ended children, ms; 0 where there is no such process. */
export function cpuOf(stat: string | undefined): number {
  if (stat === undefined) return 0;
  // The name may have blanks and brackets in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields
    .slice(FIRST_TIME, FIRST_TIME + TIMES)
    .reduce((sum, each) => sum + Number(each), 0);
  return ticks * MS_PER_TICK;
}

async function timesOf(libraries: NativeLibraries, pid: number): Promise<number | undefined> {
  if (process.platform !== 'win32') return undefined;
  try {
    return (await processTimes(libraries, pid))?.cpuMs;
  } catch {
    // It ended between two looks.
    return undefined;
  }
}
