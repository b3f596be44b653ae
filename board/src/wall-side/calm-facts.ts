import type { LiveState, Overview, StageId } from '@ppe-pulse/protocol';
import type { Freshness } from '../live/freshness.ts';
import { owedOf } from '../wall/milestone.ts';
import type { CameraFacts } from './camera-facts.ts';

/** Data older than this say nothing about now. */
const CURRENT_MS = 15_000;
/** What the collector says of its settings: true, and no reason to doubt the picture. */
const settingsOnly: ReadonlySet<string> = new Set([
  'listensWithoutTls',
  'noWebhooks',
  'webhookUntested',
  'webhookTestFailed',
  'diskBudgetNearlyFull',
]);

/** Why the wall may not say that nothing is wrong, though no incident is open. */
export type NotCalm =
  | 'noData'
  | 'oldData'
  | 'collector'
  | 'failing'
  | 'unheard'
  | 'neverHeard'
  | 'stages'
  | 'cameras';

/** One of these, and how many are meant; 0 where nothing is counted. */
export interface Doubt {
  readonly why: NotCalm;
  readonly count: number;
}

/** What was looked at, for the panel that says that nothing is wrong. */
export interface Checked {
  readonly sites: number;
  readonly rooms: number;
  readonly cameras: Pick<CameraFacts, 'on' | 'planned' | 'byRule'>;
  /** Workstations that are heard, and those that are silent by the plan. */
  readonly heard: number;
  readonly silentByRule: number;
  /** The last deadline that is past and not late yet for those who have not kept it. */
  readonly owed: { readonly stage: StageId; readonly sites: number } | null;
  /** Of the newest look, ms since 1970 UTC. */
  readonly atMs: number;
}

export type Calm =
  | { readonly kind: 'incidents' }
  | { readonly kind: 'calm'; readonly checked: Checked }
  | { readonly kind: 'notCalm'; readonly doubts: readonly Doubt[] };

/** Whether nothing is wrong: said only when everything was looked at just now and is well. Pure. */
export function calmOf(state: LiveState, freshness: Freshness): Calm {
  if (state.incidents.size > 0) return { kind: 'incidents' };
  const { overview } = state;
  if (state.seq < 0 || !overview) return { kind: 'notCalm', doubts: [{ why: 'noData', count: 0 }] };
  const doubts = doubtsOf(state, freshness);
  if (doubts.length > 0) return { kind: 'notCalm', doubts };
  const { byVerdict } = overview.workstations;
  let rooms = 0;
  for (const { isInvolved, rooms: own } of state.registry.values())
    if (isInvolved) rooms += own.length;
  return {
    kind: 'calm',
    checked: {
      sites: overview.sites.involved,
      rooms,
      cameras: {
        on: overview.cameras.on,
        planned: overview.cameras.planned,
        byRule: overview.cameras.byRule,
      },
      heard: byVerdict.ok,
      silentByRule: byVerdict.silentByRule,
      owed: owedNow(overview),
      atMs: Date.parse(overview.at),
    },
  };
}

function owedNow({ stages, rehearsal }: Overview): Checked['owed'] {
  const owed = rehearsal && owedOf(stages, Date.parse(rehearsal.nowAt));
  return owed ? { stage: owed.stage, sites: owed.total - owed.done } : null;
}

/** True for two that read alike: plain data of a few fields. */
export function isSameCalm(a: Calm, b: Calm): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function doubtsOf(state: LiveState, freshness: Freshness): Doubt[] {
  const { overview, dataAgeMs } = state;
  if (!overview || dataAgeMs === null) return [{ why: 'noData', count: 0 }];
  const { byVerdict, notYetHeard } = overview.workstations;
  if (Object.values(byVerdict).every((count) => count === 0)) return [{ why: 'noData', count: 0 }];
  const isOld = freshness === 'stale' || freshness === 'lost' || dataAgeMs > CURRENT_MS;
  const found: readonly Doubt[] = [
    { why: 'oldData', count: isOld ? 1 : 0 },
    {
      why: 'collector',
      count: overview.warnings.filter((token) => !settingsOnly.has(token)).length,
    },
    { why: 'failing', count: byVerdict.fail + byVerdict.warn },
    { why: 'unheard', count: byVerdict.unknown },
    { why: 'neverHeard', count: notYetHeard },
    {
      why: 'stages',
      count: overview.stages.filter(
        ({ late, unknown, isMismatch }) => late > 0 || unknown > 0 || isMismatch,
      ).length,
    },
    { why: 'cameras', count: missingCameras(overview) },
  ];
  return found.filter(({ count }) => count > 0);
}

/**
 * While video is required every camera must be seen, but for those whose PC the plan has taken off the
 * network; where nobody watches any there is nothing to say.
 */
function missingCameras({ cameras, rehearsal }: Overview): number {
  const { planned, on, off, byRule } = cameras;
  const isRequired = rehearsal?.phase === 'opening' || rehearsal?.phase === 'exam';
  return isRequired && on + off + byRule > 0 ? Math.max(0, planned - on - byRule) : 0;
}
