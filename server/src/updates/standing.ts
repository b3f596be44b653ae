import { isInScope, type FleetAgent, type Stage, type Target } from './rollout.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Where a workstation stands in a stage. What nobody can change now has its own words: `notHere` is
 * switched off, `unable` takes no updates over the link, `frozen` stands in a rehearsal, `relayFirst`
 * waits for its relay, `newer` runs a later version.
 */
export const standings = [
  'waiting',
  'relayFirst',
  'frozen',
  'notHere',
  'unable',
  'newer',
  'offered',
  'fetching',
  'staged',
  'trial',
  'confirmed',
  'refused',
  'rolledBack',
  'silent',
] as const;
export type Standing = (typeof standings)[number];

/** How many of a stage stand where. */
export type Progress = Readonly<Record<Standing, number>>;

/** The fleet and what is known of a version, looked at together. */
export interface RolloutView {
  /** Of the version that is rolled out. */
  readonly order: VersionOrder;
  readonly agents: ReadonlyMap<string, FleetAgent>;
  readonly targets: ReadonlyMap<string, Target>;
}

/** Where one workstation stands. Pure. */
export function standingOf(agent: FleetAgent, view: RolloutView, nowMs: number): Standing {
  const target = view.targets.get(agent.id);
  const state = target?.state ?? 'waiting';
  const isAgain = state === 'refused' && nowMs >= (target?.againAtMs ?? 0);
  if (state !== 'waiting' && !isAgain) return state;
  if (!agent.isHere || agent.version === null) return 'notHere';
  const order = view.order(agent.version);
  if (order === 0) return 'trial';
  if (order > 0) return 'newer';
  if (!agent.canUpdate) return 'unable';
  const saidFrozen = target?.reason === 'frozen' && nowMs < target.againAtMs;
  if (agent.isFrozen || saidFrozen) return 'frozen';
  return agent.relayId === null || holds(agent.relayId, view) ? 'waiting' : 'relayFirst';
}

/** Counts of a stage. Pure. */
export function progressOf(stage: Stage, view: RolloutView, nowMs: number): Progress {
  const counts = Object.fromEntries(standings.map((each) => [each, 0])) as Record<Standing, number>;
  for (const agent of view.agents.values())
    if (isInScope(stage.scope, agent)) counts[standingOf(agent, view, nowMs)] += 1;
  return counts;
}

/** Those that got the new version, whatever became of them. */
export function triedOf(progress: Progress): number {
  const { staged, trial, confirmed } = progress;
  return staged + trial + confirmed + troubleOf(progress);
}

/** Those that are worse off for it: back on the old version, or not heard any more. */
export function troubleOf({ rolledBack, silent }: Progress): number {
  return rolledBack + silent;
}

/** True when a stage must not go on before a person looked at it. */
export function isTooMuchTrouble(
  progress: Progress,
  forgiven: number,
  troubleShare: number,
): boolean {
  const trouble = Math.max(0, troubleOf(progress) - forgiven);
  return trouble > triedOf(progress) * troubleShare;
}

/** True when nobody is left whom this stage could still bring to its version. */
export function isComplete(progress: Progress): boolean {
  const { confirmed, newer, refused, rolledBack, silent } = progress;
  const ended = confirmed + newer + refused + rolledBack + silent;
  const total = standings.reduce((sum, each) => sum + progress[each], 0);
  return total > 0 && ended === total;
}

/** True when more than half of those that a stage reaches now have confirmed the version. */
export function isProven(progress: Progress): boolean {
  const { waiting, relayFirst, offered, fetching } = progress;
  const reached = waiting + relayFirst + offered + fetching + triedOf(progress);
  return progress.confirmed * 2 > reached;
}

/** A relay hands a bundle on when it runs that version itself: what it does to a PC is seen there first. */
function holds(relayId: string, { agents, targets, order }: RolloutView): boolean {
  const running = agents.get(relayId)?.version ?? null;
  return targets.get(relayId)?.state === 'confirmed' && running !== null && order(running) === 0;
}
