import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take the longest, the longest first: whoever begins last should have little to do. Seconds
 * beside others on two cores; what is not here takes less than 20.
 */
const longest = [
  'system/update-ways',
  'browser/states',
  'browser/accessibility',
  'browser/life',
  'browser/access',
  'parts/windows',
  'system/simulate',
  'system/provider-cut',
  'system/relay',
  'system/collector-restart',
  'browser/stress',
  'system/hq-incidents',
  'browser/incidents',
  'parts/packages',
  'browser/plan-registry',
  'system/slow-peers',
  'browser/keyboard',
  'parts/service-windows',
  'system/enrolment',
  'system/self-check',
  'system/simulate-store',
  'browser/enrolment',
  'system/collector-frozen',
  'system/plan-relay',
  'parts/access',
  'system/relay-hostile',
  'system/simulate-rehearsal',
  'system/tls-collector',
  'system/collector-kill',
  'system/em-download',
  'contract/series-store',
  'parts/quiet',
  'system/update',
  'system/enrolment-ways',
  'system/gateway',
  'series/duckdb-store',
  'system/plan-modes',
  'system/carry',
  'system/relay-members',
  'browser/hq',
  'browser/replay',
  'system/crash',
  'system/incidents',
  'system/service-notify',
  'parts/power',
  'browser/rehearsal',
  'parts/collector-alertmanager',
  'parts/relay',
  'system/journal-death',
  'simulation/link',
  'browser/hq-relay',
  'browser/rollout',
  'server/replay-routes',
  'board/theatre-scenes',
  'server/updates-routes',
  'server/region-routes',
] as const;

/** What a file asks for in its first line; files without that have Node alone. */
const ENVIRONMENT = /@vitest-environment (\S+)/;

/**
 * The order of files. Those of one environment come together: a worker that is not made anew for each
 * file is made anew for another environment, and reads all of its modules again.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const ranks = new Map(longest.map((name, rank) => [`test/${name}.test.ts`, rank]));
    for (const path of ranks.keys())
      if (!existsSync(join(root, path))) throw new Error(`longest-first.ts: there is no ${path}`);
    const bySize = await super.sort(files);
    const rankOf = (file: TestSpecification): number =>
      ranks.get(relative(root, file.moduleId).replaceAll('\\', '/')) ?? longest.length;
    const environments = new Map(bySize.map((file) => [file, environmentOf(file)]));
    const isOther = (file: TestSpecification): number => (environments.get(file) === '' ? 0 : 1);
    return bySize.toSorted((a, b) => isOther(a) - isOther(b) || rankOf(a) - rankOf(b));
  }
}

function environmentOf({ moduleId }: TestSpecification): string {
  const [head = ''] = readFileSync(moduleId, 'utf8').split('\n', 1);
  return ENVIRONMENT.exec(head)?.[1] ?? '';
}
