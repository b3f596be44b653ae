import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take more than 20 s beside others on two cores, the longest first: whoever begins last should
 * have little to do. Every fourth one has a browser, which takes a core: four at once would starve each
 * other. Those after them are of other passes; printers come first of what is measured, as it is the
 * least disturbed by what begins beside it.
 */
const longest = [
  'browser/states',
  'parts/windows',
  'system/simulate',
  'system/provider-cut',
  'browser/accessibility',
  'system/relay',
  'parts/packages',
  'system/enrolment',
  'browser/life',
  'parts/service-windows',
  'system/self-check',
  'system/simulate-store',
  'browser/access',
  'system/collector-frozen',
  'system/plan-relay',
  'parts/access',
  'chaos/chaos',
  'browser/stress',
  'system/relay-hostile',
  'system/simulate-rehearsal',
  'system/tls-collector',
  'browser/incidents',
  'system/collector-kill',
  'system/em-download',
  'contract/series-store',
  'browser/plan-registry',
  'parts/quiet',
  'system/update',
  'system/enrolment-ways',
  'browser/keyboard',
  'system/people',
  'system/gateway',
  'series/duckdb-store',
  'browser/enrolment',
  'system/plan-modes',
  'system/carry',
  'system/relay-members',
  'browser/hq',
  'system/agent',
  'system/api',
  'system/crash',
  'browser/replay',
  'system/incidents',
  'system/service-notify',
  'parts/power',
  'browser/rehearsal',
  'parts/collector-alertmanager',
  'parts/relay',
  'system/journal-death',
  'browser/hq-relay',
  'simulation/link',
  'system/protocol-fuzz',
  'system/http-fuzz',
  'browser/rollout',
  'system/start',
  'system/carry-collector',
  'system/outbox-kill',
  'system/update-ways',
  'system/collector-restart',
  'system/hq-incidents',
  'system/slow-peers',
  'parts/printer',
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
