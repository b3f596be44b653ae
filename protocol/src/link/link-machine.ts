import { retryPolicyOf, type RetryPolicy } from '../close-codes.ts';
import { limits } from '../limits.ts';

/** How long there was no line, and how often one was tried for. */
export interface Outage {
  readonly sinceMs: number;
  readonly tries: number;
}

/** Where the link stands. Times are monotonic milliseconds. */
export type LinkState =
  /** Nothing is open; the next try is due at `retryAtMs`. */
  | { readonly name: 'waiting'; readonly outage: Outage; readonly retryAtMs: number }
  /** A socket is being opened, or the handshake runs on it. */
  | { readonly name: 'opening'; readonly outage: Outage; readonly deadlineMs: number }
  /** Heartbeats flow; a frame must come by `deadlineMs`. */
  | {
      readonly name: 'live';
      readonly intervalMs: number;
      readonly deadlineMs: number;
      readonly retryAfterMs: number;
    }
  | { readonly name: 'stopped' };

/** What happens to a link. */
export type LinkEvent =
  | { readonly name: 'start' }
  | { readonly name: 'timer' }
  | { readonly name: 'welcome'; readonly intervalMs: number }
  | { readonly name: 'frame' }
  /** The collector said when to come back. */
  | { readonly name: 'comeBack'; readonly afterMs: number }
  /** `retryAfterMs`: the collector was too busy and said when to ask again. */
  | { readonly name: 'closed'; readonly code: number; readonly retryAfterMs?: number }
  /** A planned time without a line: the PC sleeps, or stands without a network. */
  | { readonly name: 'pause'; readonly forMs: number }
  /** The PC slept: what was open may be dead, and nobody need be waited for. */
  | { readonly name: 'woke' }
  | { readonly name: 'stop' };

/** What the adapter does next. */
export type LinkEffect =
  | { readonly do: 'open' }
  | { readonly do: 'close'; readonly why: 'halfOpen' | 'handshakeTimeout' | 'normal' }
  /** Send the event `timer` at this time; replaces an earlier one. */
  | { readonly do: 'wakeAt'; readonly atMs: number };

export interface LinkStep {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}

/** A peer that needs a person is asked again this often, ± a third. */
const SLOW_RETRY_MS = 240_000;

/** After a sleep a living line answers within this. */
const AWAKE_MS = 5_000;

export const linkAtStart: LinkState = {
  name: 'waiting',
  outage: { sinceMs: Number.POSITIVE_INFINITY, tries: 0 },
  retryAtMs: Number.POSITIVE_INFINITY,
};

/**
 * The link as a pure function. `random` is uniform in [0, 1). No fixed tick: each state names the
 * moment at which it wants to be asked again.
 */
export function stepLink(
  state: LinkState,
  event: LinkEvent,
  nowMs: number,
  random: number,
): LinkStep {
  if (event.name === 'stop') return stop(state);
  if (event.name === 'pause') return pause(state, nowMs + event.forMs);
  switch (state.name) {
    case 'waiting':
      if (event.name === 'start' || (event.name === 'timer' && nowMs >= state.retryAtMs)) {
        return open(begun(state.outage, nowMs), nowMs);
      }
      // Many PCs may be woken at once: each comes at its own moment.
      if (event.name === 'woke' && Number.isFinite(state.retryAtMs)) {
        return wait(outageFrom(nowMs), nowMs + backOffMs(firstTry, random));
      }
      return event.name === 'timer' ? askAgain(state, state.retryAtMs) : stay(state);
    case 'opening':
      return stepOpening(state, event, nowMs, random);
    case 'live':
      return stepLive(state, event, nowMs, random);
    case 'stopped':
      return stay(state);
  }
}

/**
 * Full jitter: uniform between 0 and a ceiling. The first try comes soon: most lines are back at once.
 * Then the ceiling goes by the time without a line and not by the tries: a fleet that lost its
 * collector together stays spread over one ceiling, and comes back evenly within it.
 */
export function backOffMs(
  { tries, downMs }: { tries: number; downMs: number },
  random: number,
): number {
  if (tries === 0) return limits.reconnectFirstMs * random;
  const step = limits.reconnectSteps.find(({ downLessMs }) => downMs < downLessMs);
  return (step?.ceilingMs ?? limits.reconnectCapMs) * random;
}

function stepOpening(
  state: Extract<LinkState, { name: 'opening' }>,
  event: LinkEvent,
  nowMs: number,
  random: number,
): LinkStep {
  if (event.name === 'welcome') return live(event.intervalMs, nowMs, 0);
  if (event.name === 'closed') {
    const down = tried(state.outage, nowMs);
    return wait(down.next, nowMs + retryDelayMs(event, { down, random, comeBackMs: 0 }));
  }
  if (event.name === 'timer' && nowMs >= state.deadlineMs) {
    const down = tried(state.outage, nowMs);
    return giveUp('handshakeTimeout', down.next, nowMs + backOffMs(down, random));
  }
  return event.name === 'timer' ? askAgain(state, state.deadlineMs) : stay(state);
}

function stepLive(
  state: Extract<LinkState, { name: 'live' }>,
  event: LinkEvent,
  nowMs: number,
  random: number,
): LinkStep {
  if (event.name === 'frame' || event.name === 'welcome') {
    return live(state.intervalMs, nowMs, state.retryAfterMs);
  }
  if (event.name === 'woke') return expectBy(state, Math.min(state.deadlineMs, nowMs + AWAKE_MS));
  if (event.name === 'comeBack')
    return { state: { ...state, retryAfterMs: event.afterMs }, effects: [] };
  if (event.name === 'closed') {
    const down = tried(outageFrom(nowMs), nowMs);
    const delayMs = retryDelayMs(event, { down, random, comeBackMs: state.retryAfterMs });
    return wait(down.next, nowMs + delayMs);
  }
  if (event.name === 'timer' && nowMs >= state.deadlineMs) {
    const down = tried(outageFrom(nowMs), nowMs);
    return giveUp('halfOpen', down.next, nowMs + backOffMs(down, random));
  }
  return event.name === 'timer' ? askAgain(state, state.deadlineMs) : stay(state);
}

/** A failed try: how long it lasts by now, and the outage after it. */
interface Tried {
  readonly tries: number;
  readonly downMs: number;
  readonly next: Outage;
}

const firstTry = { tries: 0, downMs: 0 } as const;

function outageFrom(nowMs: number): Outage {
  return { sinceMs: nowMs, tries: 0 };
}

/** The wait for the very first start has no beginning of its own. */
function begun(outage: Outage, nowMs: number): Outage {
  return { ...outage, sinceMs: Math.min(outage.sinceMs, nowMs) };
}

function tried(outage: Outage, nowMs: number): Tried {
  const { sinceMs, tries } = outage;
  return { tries, downMs: nowMs - sinceMs, next: { sinceMs, tries: tries + 1 } };
}

/** The collector's word first, then the close code's policy, then the ordinary back-off. */
function retryDelayMs(
  closed: Extract<LinkEvent, { name: 'closed' }>,
  { down, random, comeBackMs }: { down: Tried; random: number; comeBackMs: number },
): number {
  const policy: RetryPolicy = retryPolicyOf(closed.code);
  if (policy !== 'backoff') return SLOW_RETRY_MS * (2 / 3 + (2 / 3) * random);
  // A planned restart: each at its own moment within the time. A busy one: not before it.
  if (comeBackMs > 0) return comeBackMs * random;
  const notBeforeMs = Math.min(closed.retryAfterMs ?? 0, SLOW_RETRY_MS);
  return notBeforeMs > 0 ? notBeforeMs * (1 + random) : backOffMs(down, random);
}

function open(outage: Outage, nowMs: number): LinkStep {
  const deadlineMs = nowMs + limits.handshakeMs;
  return {
    state: { name: 'opening', outage, deadlineMs },
    effects: [{ do: 'open' }, { do: 'wakeAt', atMs: deadlineMs }],
  };
}

function live(intervalMs: number, nowMs: number, retryAfterMs: number): LinkStep {
  const silenceMs = limits.silentPeriodsBeforeHalfOpen * intervalMs;
  const deadlineMs = nowMs + Math.max(limits.halfOpenFloorMs, silenceMs);
  return {
    state: { name: 'live', intervalMs, deadlineMs, retryAfterMs },
    effects: [{ do: 'wakeAt', atMs: deadlineMs }],
  };
}

function expectBy(state: Extract<LinkState, { name: 'live' }>, deadlineMs: number): LinkStep {
  return { state: { ...state, deadlineMs }, effects: [{ do: 'wakeAt', atMs: deadlineMs }] };
}

function wait(outage: Outage, retryAtMs: number): LinkStep {
  return {
    state: { name: 'waiting', outage, retryAtMs },
    effects: [{ do: 'wakeAt', atMs: retryAtMs }],
  };
}

function giveUp(why: 'halfOpen' | 'handshakeTimeout', outage: Outage, retryAtMs: number): LinkStep {
  const next = wait(outage, retryAtMs);
  return { state: next.state, effects: [{ do: 'close', why }, ...next.effects] };
}

function pause(state: LinkState, untilMs: number): LinkStep {
  if (state.name === 'stopped') return stay(state);
  const next = wait(outageFrom(untilMs), untilMs);
  if (state.name === 'waiting') return next;
  return { state: next.state, effects: [{ do: 'close', why: 'normal' }, ...next.effects] };
}

function stop(state: LinkState): LinkStep {
  const isOpen = state.name === 'opening' || state.name === 'live';
  return { state: { name: 'stopped' }, effects: isOpen ? [{ do: 'close', why: 'normal' }] : [] };
}

/**
 * A timer that came early: timers count from when the loop last looked at the clock, which on a busy
 * PC is some milliseconds ago. Without a new one the link would wait for ever.
 */
function askAgain(state: LinkState, atMs: number): LinkStep {
  return { state, effects: Number.isFinite(atMs) ? [{ do: 'wakeAt', atMs }] : [] };
}

function stay(state: LinkState): LinkStep {
  return { state, effects: [] };
}
