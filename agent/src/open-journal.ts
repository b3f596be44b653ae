import { join } from 'node:path';
import { ConfigError } from './config-error.ts';
import type { AgentConfig } from './config.ts';
import { Journal } from './journal/journal.ts';
import type { ElapsedClock } from './platform/clock.ts';
import { codeOf } from './platform/errors.ts';

/** Opens the journal of this workstation. Throws a `ConfigError` when its folder is unusable. */
export function openJournal(
  { dataDir, journal }: AgentConfig,
  clock: Pick<ElapsedClock, 'wallMs' | 'elapsedMs'>,
): Journal {
  try {
    return new Journal(join(dataDir, 'journal'), {
      maxBytes: journal.maxBytes,
      maxAgeMs: journal.maxAgeDays * 86_400_000,
      clock,
    });
  } catch (error) {
    throw new ConfigError(
      `journal in ${dataDir} cannot be opened (${codeOf(error)}): set dataDir to a folder of this user`,
    );
  }
}
