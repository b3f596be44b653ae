import { withDeadline } from './deadline.ts';

/** What one process takes; a number is missing where the system does not tell it now. */
export interface ProcessUse {
  /** Of one core, so it may exceed 1. */
  readonly cpuRatio?: number;
  readonly rssBytes?: number;
}

/** What Windows has counted for one process. */
export interface ProcessTimes {
  /** Since its start. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly ageMs: number;
}

/** pidusage has no time limit of its own. */
const DEADLINE_MS = 2_000;
/** On Windows it starts PowerShell, which alone takes seconds on a slow PC. */
const WINDOWS_DEADLINE_MS = 6_500;

/**
 * Use of a process by pidusage; undefined when there is no such process. Rejects when it cannot be
 * told. It starts programs on Windows: there only the probe child may ask.
 */
export async function processUse(pid: number): Promise<ProcessUse | undefined> {
  if (!isAlive(pid)) return undefined;
  const { default: pidusage } = await import('pidusage');
  const deadlineMs = process.platform === 'win32' ? WINDOWS_DEADLINE_MS : DEADLINE_MS;
  try {
    const found = await withDeadline('pidusage', deadlineMs, () => pidusage(pid));
    return { cpuRatio: found.cpu / 100, rssBytes: found.memory };
  } catch (error) {
    // It may have ended between the two looks.
    if (!isAlive(pid)) return undefined;
    throw error;
  }
}

/** True when a process with this pid exists, also of another user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
