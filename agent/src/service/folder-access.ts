import { join } from 'node:path';
import { runCommand } from '../child/run-command.ts';

/**
 * Who may open the service's files on Windows: the system, administrators and the account of the
 * service, by numbers that mean the same in every language. The folder of programs data would let every
 * user read settings and write requests.
 */

const SYSTEM = '*S-1-5-18';
const ADMINISTRATORS = '*S-1-5-32-544';
const LOCAL_SERVICE = '*S-1-5-19';
const DEADLINE_MS = 60_000;

/** Closes a folder with everything in it to all others; the service may write. False where it failed. */
export function closeFolder(path: string): Promise<boolean> {
  const inherit = '(OI)(CI)';
  return grant(path, [
    `${SYSTEM}:${inherit}F`,
    `${ADMINISTRATORS}:${inherit}F`,
    `${LOCAL_SERVICE}:${inherit}M`,
  ]);
}

/** The same for a file that the service only reads. */
export function closeFile(path: string): Promise<boolean> {
  return grant(path, [`${SYSTEM}:F`, `${ADMINISTRATORS}:F`, `${LOCAL_SERVICE}:R`]);
}

async function grant(path: string, rights: readonly string[]): Promise<boolean> {
  const windows = process.env['SystemRoot'] ?? 'C:\\Windows';
  const done = await runCommand({
    program: join(windows, 'System32', 'icacls.exe'),
    args: [path, '/inheritance:r', '/grant:r', ...rights, '/T', '/C', '/Q'],
    deadlineMs: DEADLINE_MS,
    output: { kind: 'counted', maxBytes: 1_000_000 },
  });
  return done.kind === 'ended' && done.code === 0;
}
