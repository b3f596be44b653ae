import type { UpdateState } from '@ppe-pulse/protocol/update';
import type { FleetAgent, Target } from './rollout.ts';
import { updateLimits } from './update-limits.ts';
import type { VersionOrder } from './version-order.ts';

/** What an agent says of a version. */
export interface UpdateWord {
  readonly state: UpdateState;
  readonly reason: string;
}

/** Refusals that pass by themselves: the rehearsal ends, somebody frees the disk. */
const passing: ReadonlySet<string> = new Set(['frozen', 'noSpace']);

/** The target after its agent said something of the version. Pure. */
export function afterWord(target: Target, { state, reason }: UpdateWord, nowMs: number): Target {
  const heard = { ...target, reason, atMs: nowMs, goneAtMs: null };
  if (state !== 'refused') return { ...heard, state, tries: 0, againAtMs: 0 };
  if (!passing.has(reason)) return { ...heard, state, againAtMs: Number.POSITIVE_INFINITY };
  const againAtMs = nowMs + updateLimits.refusedAgainMs;
  // Frozen is no fault: it waits with everybody else.
  return { ...heard, state: reason === 'frozen' ? 'waiting' : state, againAtMs };
}

/** The target after an offer went out. Pure. */
export function afterOffer(target: Target, nowMs: number): Target {
  return { ...target, state: 'offered', reason: '', atMs: nowMs, goneAtMs: null };
}

/** The target after its agent asked for bytes. Pure. */
export function afterRead(target: Target, nowMs: number): Target {
  return { ...target, state: 'fetching', reason: '', atMs: nowMs, goneAtMs: null };
}

/**
 * The target as the fleet shows it and as time passes: who is heard with the version has it, also
 * without a word, who took it and is not heard any more fell silent. The same object when nothing is
 * otherwise. Pure.
 */
export function afterTime(
  target: Target,
  agent: FleetAgent,
  order: VersionOrder,
  nowMs: number,
): Target {
  if (agent.isHere && isSame(agent, order)) return withVersion(target, nowMs);
  switch (target.state) {
    case 'waiting':
    case 'refused':
    case 'rolledBack':
      return target;
    case 'offered':
      if (!agent.isHere) return again(target, 'left', nowMs);
      return passed(target, updateLimits.offerMs, nowMs)
        ? again(target, 'noAnswer', nowMs)
        : target;
    case 'fetching':
      if (!agent.isHere) return again(target, 'left', nowMs);
      return passed(target, updateLimits.fetchMs, nowMs) ? again(target, 'stalled', nowMs) : target;
    case 'staged':
      if (!agent.isHere) return away(target, nowMs);
      return passed(target, updateLimits.stagedMs, nowMs)
        ? again(target, 'notStarted', nowMs)
        : here(target);
    case 'trial':
      if (!agent.isHere) return away(target, nowMs);
      // It is back on what it ran before, and nobody told.
      return passed(target, updateLimits.trialMs * 2, nowMs)
        ? { ...here(target), state: 'rolledBack', reason: 'oldVersion', atMs: nowMs }
        : here(target);
    case 'silent':
      // It says itself what became of the version; what it does not start is offered again.
      return agent.isHere ? { ...here(target), state: 'staged', reason: '', atMs: nowMs } : target;
    case 'confirmed':
      return agent.isHere && isOlder(agent, order) ? taken(target, nowMs) : target;
  }
}

function withVersion(target: Target, nowMs: number): Target {
  if (target.state === 'confirmed') return target;
  if (target.state !== 'trial')
    return {
      ...here(target),
      state: 'trial',
      reason: 'heard',
      atMs: nowMs,
      tries: 0,
      againAtMs: 0,
    };
  return passed(target, updateLimits.trialMs, nowMs)
    ? { ...here(target), state: 'confirmed', reason: 'heard', atMs: nowMs }
    : here(target);
}

/** Confirmed once and on another version now: somebody installed one, or it fell back later. */
function taken(target: Target, nowMs: number): Target {
  // The list of the fleet is a heartbeat behind the agent's own word.
  return passed(target, updateLimits.trialMs, nowMs)
    ? { ...target, state: 'rolledBack', reason: 'oldVersion', atMs: nowMs }
    : target;
}

/** A build of a release counts as the release, as the agent itself compares. */
function isSame({ version }: FleetAgent, order: VersionOrder): boolean {
  return version !== null && order(version) === 0;
}

function isOlder({ version }: FleetAgent, order: VersionOrder): boolean {
  return version !== null && order(version) < 0;
}

function away(target: Target, nowMs: number): Target {
  if (target.goneAtMs === null) return { ...target, goneAtMs: nowMs };
  return nowMs - target.goneAtMs < updateLimits.silentMs
    ? target
    : { ...target, state: 'silent', reason: 'notHeard', atMs: nowMs };
}

function here(target: Target): Target {
  return target.goneAtMs === null ? target : { ...target, goneAtMs: null };
}

/** Offered again later, each time after a longer wait, and one day no more. */
function again(target: Target, reason: string, nowMs: number): Target {
  const tries = target.tries + (reason === 'left' ? 0 : 1);
  const back = { ...target, reason, atMs: nowMs, tries, goneAtMs: null };
  if (tries >= updateLimits.tries)
    return { ...back, state: 'refused', againAtMs: Number.POSITIVE_INFINITY };
  const waitMs = Math.min(
    updateLimits.retryMs * 2 ** Math.max(0, tries - 1),
    updateLimits.retryCapMs,
  );
  return { ...back, state: 'waiting', againAtMs: reason === 'left' ? nowMs : nowMs + waitMs };
}

function passed({ atMs }: Target, spanMs: number, nowMs: number): boolean {
  return nowMs - atMs >= spanMs;
}
