import type { PlanChange } from '@ppe-pulse/protocol';
import { askCollector, type CollectorAnswer } from './ask-collector.ts';
import { runningCollector } from './running-collector.ts';
import { ConfigError } from '../config-error.ts';
import type { problemView } from '../plan/problem-lines.ts';

/** What came of an import. */
export interface PlanImport {
  readonly outcome: 'applied' | 'same' | 'wouldApply' | 'stale' | 'refused';
  /** That holds now. */
  readonly version: number;
  readonly changes: readonly PlanChange[];
  readonly problems: readonly ReturnType<typeof problemView>[];
}

/** The plan to import and the collector's data folder. */
export interface PlanImportOrder {
  readonly dataDir: string;
  readonly text: string;
  readonly note: string;
  readonly isDryRun: boolean;
}

/**
 * Gives the plan to the collector that runs on a data folder: it alone may write its stores, and
 * pushes the plan to agents at once. Throws a `ConfigError` when none runs.
 */
export async function importPlan(order: PlanImportOrder): Promise<PlanImport> {
  const { dataDir, text, note, isDryRun } = order;
  const running = runningCollector(dataDir);
  if (!running) throw nobody(dataDir);
  const collector = { ...running, path: '/api/v1/plan' };
  const live = await askCollector({ ...collector, method: 'GET', body: undefined });
  const baseVersion = versionOf(live, dataDir);
  const body = { text, baseVersion, note, dryRun: isDryRun };
  const answer = await askCollector({ ...collector, method: 'PUT', body });
  if (answer.kind === 'nobody') throw nobody(dataDir);
  if (answer.kind === 'done') return answer.body as PlanImport;
  if (answer.problem === 'planRefused') {
    const { problems } = answer.body as Pick<PlanImport, 'problems'>;
    return { outcome: 'refused', version: baseVersion, changes: [], problems };
  }
  if (answer.problem === 'stalePlan')
    return { outcome: 'stale', version: baseVersion, changes: [], problems: [] };
  throw new ConfigError(`the collector did not take the plan: ${answer.detail}`);
}

function versionOf(answer: CollectorAnswer, dataDir: string): number {
  if (answer.kind === 'nobody') throw nobody(dataDir);
  if (answer.kind === 'done') return (answer.body as { version: number }).version;
  if (answer.problem === 'noPlan') return 0;
  throw new ConfigError(`the collector did not say which plan holds: ${answer.detail}`);
}

function nobody(dataDir: string): ConfigError {
  return new ConfigError(`no collector runs on ${dataDir}: start it, or name its --data`);
}
