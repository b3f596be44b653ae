import { join } from 'node:path';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { ConfigError } from './config-error.ts';
import type { AgentConfig } from './config.ts';
import { Journal } from './journal/journal.ts';
import type { ElapsedClock } from './platform/clock.ts';
import { codeOf } from './platform/errors.ts';
import type { Log } from './platform/log.ts';

/** Opens the journal of this workstation. Throws a `ConfigError` when its folder is unusable. */
export function openJournal(
  { dataDir, journal }: AgentConfig,
  clock: Pick<ElapsedClock, 'wallMs' | 'elapsedMs'>,
  log: Log,
): Journal {
  try {
    const opened = new Journal(join(dataDir, 'journal'), {
      maxBytes: journal.maxBytes,
      maxAgeMs: journal.maxAgeDays * 86_400_000,
      clock,
    });
    const { tornBytes: bytes } = opened;
    if (bytes > 0) log.warn({ bytes }, 'the journal ended in a torn record; it was cut off');
    return opened;
  } catch (error) {
    throw new ConfigError(
      `journal in ${dataDir} cannot be opened (${codeOf(error)}): set dataDir to a folder of this user`,
    );
  }
}

/** Writes a heartbeat down for good. The line may still carry what the disk does not take. */
export function writeDown(journal: Journal, heartbeat: Heartbeat, log: Log): void {
  try {
    journal.append(heartbeat);
    journal.sync();
  } catch (error) {
    log.error({ error: codeOf(error) }, 'the journal cannot be written');
  }
}
