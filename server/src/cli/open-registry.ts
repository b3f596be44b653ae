import { ConfigError } from '../config-error.ts';
import { openDataDir } from '../data-dir.ts';
import { parseInThread } from '../region/parse-in-thread.ts';
import type { ImportFile } from '../region/raw-table.ts';
import { createRegionImport, type ImportOutcome } from '../region/region-import.ts';
import { createRegionStore } from '../region/region-store.ts';
import { sampleRegion, type SamplePlan } from '../region/sample-region.ts';
import { createAudit } from '../state/audit.ts';
import { openState } from '../state/state-store.ts';
import { askCollector, type CollectorAnswer } from './ask-collector.ts';
import { runningCollector } from './running-collector.ts';

/** Who the audit names for what a command does to a data folder whose collector stands still. */
const ACCOUNT = 'command line';

/** The registry of a data folder: through the collector that runs on it, or directly. */
export interface OpenRegistry {
  check(files: readonly ImportFile[]): Promise<ImportOutcome>;
  apply(files: readonly ImportFile[], baseVersion: number): Promise<ImportOutcome>;
  /** Puts an invented region there; refuses to replace an imported one unless asked to. */
  sample(plan: SamplePlan & { readonly replace: boolean }): Promise<{ readonly version: number }>;
  close(): void;
}

/** Opens it, or says why not. A running collector alone may write its stores. */
export function openRegistry(dataDir: string): OpenRegistry {
  const running = runningCollector(dataDir);
  if (!running) return openHere(dataDir);
  let here: OpenRegistry | undefined;
  /** The address of a collector that has stopped is still in its folder. */
  const either = async <T>(
    path: string,
    body: unknown,
    otherwise: (opened: OpenRegistry) => Promise<T>,
  ): Promise<T> => {
    if (here) return otherwise(here);
    const answer = await askCollector({ ...running, path, body });
    if (answer.kind !== 'nobody') return outcomeOf(answer) as T;
    here = openHere(dataDir);
    return otherwise(here);
  };
  const route = '/api/v1/registry';
  return {
    check: async (files) =>
      either(`${route}/import?dryRun=true`, packed(files), async (opened) => opened.check(files)),
    apply: async (files, version) =>
      either(`${route}/import?baseVersion=${version}`, packed(files), async (opened) =>
        opened.apply(files, version),
      ),
    sample: async (plan) => either(`${route}/sample`, plan, async (opened) => opened.sample(plan)),
    close: () => here?.close(),
  };
}

function packed(files: readonly ImportFile[]): object {
  return {
    files: files.map(({ name, bytes }) => ({
      name,
      base64: Buffer.from(bytes).toString('base64'),
    })),
  };
}

/** What the collector answered, as the import itself would have. */
function outcomeOf(answer: Exclude<CollectorAnswer, { kind: 'nobody' }>): unknown {
  if (answer.kind === 'done') return answer.body;
  if (answer.problem === 'registryRefused') return { kind: 'refused', ...(answer.body as object) };
  throw new ConfigError(answer.detail);
}

function openHere(path: string): OpenRegistry {
  const dataDir = openDataDir(path);
  const database = openState(dataDir.stateFile);
  const store = createRegionStore(database, createAudit(database));
  const files = createRegionImport(store, parseInThread);
  const now = (): { readonly account: string; readonly atMs: number } => ({
    account: ACCOUNT,
    atMs: Date.now(),
  });
  return {
    check: async (list) => files.check(list),
    apply: async (list, baseVersion) => files.apply(list, baseVersion, now()),
    sample: ({ replace, ...plan }) => {
      const { region, version } = store.current();
      if (region.sites.length > 0 && !region.isSample && !replace)
        throw new ConfigError('an imported region is in use: --replace puts a sample in its place');
      store.apply(sampleRegion(plan), version, now());
      return Promise.resolve({ version: store.current().version });
    },
    close: () => {
      database.close();
      dataDir.release();
    },
  };
}
