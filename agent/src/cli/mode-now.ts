import type { Mode } from '@ppe-pulse/protocol';
import type { AgentConfig } from '../config.ts';
import { quieterOf } from '../plan/planned-mode.ts';
import { isAlive } from '../platform/process-use.ts';
import { readStatus } from '../status-file.ts';

/**
 * What a command may do now. The plan's clock is the service's to know: while it runs, a person's
 * command is no louder than it is.
 */
export function modeNow({ mode, dataDir }: Pick<AgentConfig, 'mode' | 'dataDir'>): Mode {
  const status = readStatus(dataDir);
  return status && isAlive(status.pid) ? quieterOf(mode, status.mode ?? 'prep') : mode;
}
