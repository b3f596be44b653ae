import { isInScope, type FleetAgent, type Stage } from './rollout.ts';
import { standingOf, type RolloutView } from './standing.ts';
import { updateLimits, type UpdateSettings } from './update-limits.ts';

/** What bounds the offers of a moment. */
export type OfferBounds = Pick<UpdateSettings, 'concurrent' | 'jitterMs'>;

/**
 * Who is offered the version now: none but in a running stage, none that the plan holds still, relays
 * before everybody else and their members after them, each at its own moment, and no more at once than
 * the line bears. Pure.
 */
export function nextOffers(
  stage: Stage,
  view: RolloutView,
  bounds: OfferBounds,
  nowMs: number,
): string[] {
  if (stage.state !== 'running') return [];
  const places = freePlaces(view, bounds.concurrent);
  const due: { readonly agent: FleetAgent; readonly atMs: number }[] = [];
  for (const agent of view.agents.values()) {
    if (!isInScope(stage.scope, agent) || standingOf(agent, view, nowMs) !== 'waiting') continue;
    const jitter = agent.relayId === null ? shareOf(agent.id, stage.version) * bounds.jitterMs : 0;
    const againAtMs = view.targets.get(agent.id)?.againAtMs ?? 0;
    const atMs = Math.max(stage.startedAtMs + jitter, againAtMs);
    if (atMs <= nowMs) due.push({ agent, atMs });
  }
  due.sort(
    (a, b) =>
      rank(a.agent) - rank(b.agent) || a.atMs - b.atMs || (a.agent.id < b.agent.id ? -1 : 1),
  );
  return due.filter(({ agent }) => places.take(agent)).map(({ agent }) => agent.id);
}

/** The collector's line has so many places, and the disk of each relay its own. */
function freePlaces(
  { agents, targets }: RolloutView,
  concurrent: number,
): { take(agent: FleetAgent): boolean } {
  const used = new Map<string, number>();
  const key = ({ relayId }: FleetAgent): string => relayId ?? '';
  const count = (agent: FleetAgent): number => used.get(key(agent)) ?? 0;
  for (const { workstationId, state } of targets.values()) {
    const agent = agents.get(workstationId);
    if (agent && (state === 'offered' || state === 'fetching'))
      used.set(key(agent), count(agent) + 1);
  }
  return {
    take: (agent) => {
      const most = agent.relayId === null ? concurrent : updateLimits.membersAtOnce;
      if (count(agent) >= most) return false;
      used.set(key(agent), count(agent) + 1);
      return true;
    },
  };
}

function rank(agent: FleetAgent): number {
  if (agent.isRelay) return 0;
  return agent.relayId === null ? 1 : 2;
}

/** A number of 0…1 that is the same for the same workstation and version (FNV-1a). */
function shareOf(id: string, version: string): number {
  let hash = 2_166_136_261;
  for (const character of `${id} ${version}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return hash / 2 ** 32;
}
