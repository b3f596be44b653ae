import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentConfig } from '../config.ts';
import { Boots } from '../journal/boots.ts';
import { CollectorTime } from '../link/collector-time.ts';
import { Conduct, type ConductParts } from '../plan/conduct.ts';
import { openIdentity } from '../platform/identity.ts';
import { systemTimers } from '../platform/timers.ts';

/**
 * How the service would conduct itself if it started now: by the plan on this disk and the clock that
 * its journal knows. Nothing is written; a PC that is not enrolled yet has no plan.
 */
export async function conductNow(
  config: AgentConfig,
  parts: Pick<ConductParts, 'clock' | 'log' | 'readings' | 'role'>,
): Promise<Conduct> {
  const { dataDir, collector } = config;
  const isEnrolled = existsSync(join(dataDir, 'agent.key'));
  return new Conduct({
    ...parts,
    config,
    agentId: isEnrolled ? (await openIdentity(dataDir)).agentId : '',
    publicKey: collector.publicKey ?? '',
    collectorTime: new CollectorTime(parts.clock),
    boots: new Boots(join(dataDir, 'journal')).all(),
    timers: systemTimers(),
    changed: () => undefined,
  });
}
