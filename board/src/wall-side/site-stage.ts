import { verdictWeight, type LiveStage } from '@ppe-pulse/protocol';

/**
 * The stage of a site that is in play: the worst of those that are late or blind, else the next that is
 * due. Undefined when all are behind it, or there are none. Pure.
 */
export function stageInPlay(stages: readonly LiveStage[]): LiveStage | undefined {
  const open = stages.filter(({ total, reachedAtMs }) => total > 0 && reachedAtMs === null);
  const [worst] = [...open].sort((a, b) => verdictWeight(b.verdict) - verdictWeight(a.verdict));
  if (worst && verdictWeight(worst.verdict) > verdictWeight('ok')) return worst;
  return [...open]
    .filter(({ dueAtMs }) => dueAtMs !== null)
    .sort((a, b) => (a.dueAtMs ?? 0) - (b.dueAtMs ?? 0))[0];
}
