import { join } from 'node:path';
import type { AgentConfig } from '../config.ts';
import { createLog, type Log } from '../platform/log.ts';
import { LogFile } from './log-file.ts';
import type { Start } from './open-keeper.ts';

/** Where the log of a service is, below its data folder. */
const LOG_FILE = join('log', 'agent.log');

/**
 * The log file of a service that nobody listens to: of Windows, and of an installed agent that a person
 * starts from its folder. Undefined where the journal of systemd, or a person at a checkout, reads it.
 */
export function logFileOf(
  dataDir: string,
  { env, isService, platform }: Start,
): string | undefined {
  const isInstalled = env['PPE_PULSE_INSTALL_DIR'] !== undefined;
  const hasJournal = env['NOTIFY_SOCKET'] !== undefined || env['JOURNAL_STREAM'] !== undefined;
  const isFile = platform === 'win32' ? isService || isInstalled : isInstalled && !hasJournal;
  return isFile ? join(dataDir, LOG_FILE) : undefined;
}

/** The log of a running agent. */
export function openLog({ log, dataDir }: AgentConfig, start: Start): Log {
  const file = logFileOf(dataDir, start);
  return createLog(log.level, file === undefined ? undefined : new LogFile(file));
}
