import { withDeadline } from './deadline.ts';

/** What one process takes. */
export interface ProcessUse {
  /** Of one core, so it may exceed 1. */
  readonly cpuRatio: number;
  readonly rssBytes: number;
}

/** pidusage has no time limit and starts a process a call on Windows. */
const DEADLINE_MS = 2_000;

/** Use of a process by its pid; undefined when there is none. Rejects when it cannot be told. */
export async function processUse(pid: number): Promise<ProcessUse | undefined> {
  if (!isAlive(pid)) return undefined;
  const { default: pidusage } = await import('pidusage');
  try {
    const found = await withDeadline('pidusage', DEADLINE_MS, () => pidusage(pid));
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
