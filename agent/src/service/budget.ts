/** What the agent may take of a PC that is there for something else. */
export interface BudgetLimits {
  /** Of the agent and its child, seconds of CPU an hour. */
  readonly cpuSecondsPerHour: number;
  /** Resident memory of the agent. */
  readonly rssBytes: number;
}

/** What it took in the last minute. */
export interface Use {
  readonly cpuSecondsPerHour: number;
  readonly rssBytes: number;
}

export type Overrun = 'cpu' | 'memory';

/** How the budget stands. */
export interface BudgetState {
  /** Times that the periods of probes are longer now: 1, 2, 4 or 8. */
  readonly factor: number;
  /** What is taken too much now; undefined within the budget. */
  readonly over: Overrun | undefined;
  /** Looks in a row that said the same. */
  readonly looks: number;
}

export const withinBudget: BudgetState = { factor: 1, over: undefined, looks: 0 };

/** A look a minute: three over the budget slow the probes down, and three more slow them further. */
const LOOKS_TO_SLOW = 3;
/** Going faster again waits longer, or it would be a seesaw. */
const LOOKS_TO_RECOVER = 10;
const MAX_FACTOR = 8;

/** The state after another look. */
export function nextBudget(state: BudgetState, use: Use, limits: BudgetLimits): BudgetState {
  const over = overrunOf(use, limits);
  const isSame = (over === undefined) === (state.over === undefined);
  const looks = isSame ? state.looks + 1 : 1;
  if (over !== undefined && looks >= LOOKS_TO_SLOW)
    return { factor: Math.min(MAX_FACTOR, state.factor * 2), over, looks: 0 };
  if (over === undefined && looks >= LOOKS_TO_RECOVER)
    return { factor: Math.max(1, state.factor / 2), over, looks: 0 };
  return { factor: state.factor, over, looks };
}

function overrunOf(use: Use, limits: BudgetLimits): Overrun | undefined {
  if (use.cpuSecondsPerHour > limits.cpuSecondsPerHour) return 'cpu';
  return use.rssBytes > limits.rssBytes ? 'memory' : undefined;
}

/** Slowed or not, a reading stays younger than what its check takes for stale… */
const LONGEST_RATIO = 2.5;
/** …which for the quickest probes is 30 s, with a tenth of jitter on top. */
const LONGEST_OF_QUICK_MS = 24_000;

/**
 * The period of a slowed probe. It is never so long that checks turn «unknown»: an agent that spares the
 * PC is no fault of the PC.
 */
export function slowedPeriodMs(periodMs: number, factor: number): number {
  if (factor <= 1) return periodMs;
  const longestMs = Math.max(LONGEST_RATIO * periodMs, LONGEST_OF_QUICK_MS);
  return Math.min(factor * periodMs, longestMs);
}

/** Measured with all probes of one workstation: 18 s an hour; twice that is a fault of ours. */
const CPU_SECONDS_PER_HOUR = 36;
/** A camera's stream is counted frame by frame. */
const CPU_OF_A_CAMERA = 30;
/** A relay decodes, keeps and forwards what all members of its ППЭ send. */
const CPU_OF_A_RELAY = 120;

/** What an agent with this much to do may take, where the settings do not say it. */
export function defaultCpuBudget(work: { cameras: number; isRelay: boolean }): number {
  return (
    CPU_SECONDS_PER_HOUR + CPU_OF_A_CAMERA * work.cameras + (work.isRelay ? CPU_OF_A_RELAY : 0)
  );
}
