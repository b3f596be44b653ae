import { between, oneOf, randomFrom, type Random } from './random.ts';

/** Something bad that is done to somebody; times are milliseconds from the start of the run. */
export type Fault = {
  readonly atMs: number;
  /** From then on it is healed. */
  readonly untilMs: number;
} & (
  | { readonly what: AgentFault; readonly whom: string }
  | { readonly what: CollectorFault }
  /** `whom` undefined: every link at once. */
  | { readonly what: 'linkCut' | 'linkFreeze'; readonly whom: string | undefined }
  | { readonly what: 'linkSlow'; readonly whom: string; readonly bytesPerSecond: number }
  | { readonly what: 'diskFull'; readonly whom: string }
  | { readonly what: 'clockStep'; readonly whom: string; readonly offsetMs: number }
);
/** kill -9, SIGSTOP, SIGTERM; each is started again or woken at the end. */
export type AgentFault = 'agentKill' | 'agentStop' | 'agentRestart';
export type CollectorFault = 'collectorKill' | 'collectorStop' | 'collectorRestart';
export type FaultName = Fault['what'];

/** Who is on the stage, by what can be done to them beside what is done to everybody. */
export interface Cast {
  readonly agents: readonly string[];
  /** Their data folder is on a disk that can be filled. */
  readonly smallDisks: readonly string[];
  /** Their wall clock can be set. */
  readonly ownClocks: readonly string[];
}

/** What the plan is a pure function of. */
export interface PlanOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly cast: Cast;
}

/** Mean time between the beginnings of two faults. */
const MEAN_GAP_MS = 3_500;
/** Agents say hello before the first fault. */
const QUIET_START_MS = 4_000;
/** A target is left alone this long after it was healed: what it did can then be told apart. */
const REST_MS = 1_500;
const HOUR_MS = 3_600_000;

/** How often each is drawn, and for how long it lasts. */
const faults: Readonly<Record<FaultName, { share: number; leastMs: number; mostMs: number }>> = {
  agentKill: { share: 5, leastMs: 100, mostMs: 12_000 },
  agentStop: { share: 3, leastMs: 1_000, mostMs: 20_000 },
  agentRestart: { share: 2, leastMs: 100, mostMs: 6_000 },
  collectorKill: { share: 3, leastMs: 100, mostMs: 10_000 },
  collectorStop: { share: 2, leastMs: 1_000, mostMs: 20_000 },
  collectorRestart: { share: 2, leastMs: 100, mostMs: 6_000 },
  linkCut: { share: 5, leastMs: 1_000, mostMs: 40_000 },
  linkFreeze: { share: 4, leastMs: 1_000, mostMs: 40_000 },
  linkSlow: { share: 3, leastMs: 5_000, mostMs: 30_000 },
  diskFull: { share: 3, leastMs: 2_000, mostMs: 30_000 },
  clockStep: { share: 3, leastMs: 0, mostMs: 0 },
};
const names = Object.keys(faults) as FaultName[];
/** A cut or a freeze of every link at once is this share of them. */
const EVERYBODY = 0.2;

/**
 * The plan of a run, oldest first: a pure function of its options. Two faults of one target never
 * overlap; faults of different targets do. All is healed by `minutes`.
 */
export function planChaos({ seed, minutes, cast }: PlanOptions): readonly Fault[] {
  const random = randomFrom(seed);
  const endMs = minutes * 60_000;
  const freeFromMs = new Map<string, number>();
  const plan: Fault[] = [];
  let atMs = QUIET_START_MS;
  while (atMs < endMs) {
    const fault = drawFault({ random, cast, atMs, endMs });
    const targets = fault ? targetsOf(fault, cast) : [];
    if (fault && targets.every((target) => (freeFromMs.get(target) ?? 0) <= atMs)) {
      plan.push(fault);
      for (const target of targets) freeFromMs.set(target, fault.untilMs + REST_MS);
    }
    // Exponential: faults come in bunches, as they do.
    atMs += Math.round(-Math.log(1 - random()) * MEAN_GAP_MS);
  }
  return plan;
}

interface Draw {
  readonly random: Random;
  readonly cast: Cast;
  readonly atMs: number;
  readonly endMs: number;
}

function drawFault({ random, cast, atMs, endMs }: Draw): Fault | undefined {
  const what = drawName(random);
  const { leastMs, mostMs } = faults[what];
  // Short runs have short faults: several of each are worth more than one long.
  const longestMs = Math.max(leastMs, Math.min(mostMs, (endMs - QUIET_START_MS) / 4));
  const untilMs = atMs + Math.round(between(random, leastMs, longestMs));
  const times = { atMs, untilMs: Math.min(untilMs, endMs) };
  const anybody = (among: readonly string[]): string | undefined =>
    among.length === 0 ? undefined : oneOf(random, among);
  switch (what) {
    case 'collectorKill':
    case 'collectorStop':
    case 'collectorRestart':
      return { ...times, what };
    case 'linkCut':
    case 'linkFreeze': {
      const isEverybody = random() < EVERYBODY;
      const whom = anybody(cast.agents);
      return whom === undefined
        ? undefined
        : { ...times, what, whom: isEverybody ? undefined : whom };
    }
    case 'linkSlow': {
      const whom = anybody(cast.agents);
      const bytesPerSecond = Math.round(between(random, 1_500, 12_000));
      return whom === undefined ? undefined : { ...times, what, whom, bytesPerSecond };
    }
    case 'clockStep': {
      const whom = anybody(cast.ownClocks);
      const offsetMs = Math.round(between(random, -10 * HOUR_MS, 10 * HOUR_MS));
      return whom === undefined ? undefined : { ...times, what, whom, offsetMs };
    }
    case 'diskFull': {
      const whom = anybody(cast.smallDisks);
      return whom === undefined ? undefined : { ...times, what, whom };
    }
    case 'agentKill':
    case 'agentStop':
    case 'agentRestart': {
      const whom = anybody(cast.agents);
      return whom === undefined ? undefined : { ...times, what, whom };
    }
  }
}

function drawName(random: Random): FaultName {
  const total = names.reduce((sum, name) => sum + faults[name].share, 0);
  let left = random() * total;
  for (const name of names) {
    left -= faults[name].share;
    if (left < 0) return name;
  }
  return 'agentKill';
}

/** What a fault takes hold of: a process, a link, a disk or a clock. */
function targetsOf(fault: Fault, cast: Cast): readonly string[] {
  switch (fault.what) {
    case 'agentKill':
    case 'agentStop':
    case 'agentRestart':
      return [`process ${fault.whom}`];
    case 'collectorKill':
    case 'collectorStop':
    case 'collectorRestart':
      return ['collector'];
    case 'linkCut':
    case 'linkFreeze':
    case 'linkSlow':
      return (fault.whom === undefined ? cast.agents : [fault.whom]).map((each) => `link ${each}`);
    case 'diskFull':
      return [`disk ${fault.whom}`];
    case 'clockStep':
      return [`clock ${fault.whom}`];
  }
}
