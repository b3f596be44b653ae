import type { Flip } from '@ppe-pulse/protocol';
import type { SeenConnection, SentAck, SentBeat } from './traffic.ts';

/** A span of the harness's wall clock, ms since 1970 UTC. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** One heartbeat by the only name that it has everywhere. */
export interface BeatName {
  readonly workstation: string;
  readonly boot: string;
  readonly seq: number;
}

/** A row of the store, by the collector's clock. */
export interface StoredBeat extends BeatName {
  readonly atMs: number;
}

/** A time in which an agent could not be heard because of what was done to it or to its link. */
export interface OwnFault extends Span {
  readonly workstation: string;
  readonly what: string;
}

/** A time in which there was no collector, or one that was stopped. */
export interface CollectorFault extends Span {
  readonly what: 'collectorKill' | 'collectorRestart' | 'collectorStop';
}

/** A start of an agent, from its process's start to its end. */
export interface Life extends Span {
  readonly workstation: string;
  readonly boot: string;
}

/** A time in which the API showed a workstation's `heartbeat` as unknown. */
export interface ShownUnknown extends Span {
  readonly workstation: string;
  readonly reason: string;
}

/** Everything that a run has left behind: what was produced and what came of it. */
export interface Evidence {
  readonly intervalMs: number;
  readonly workstations: readonly {
    readonly id: string;
    readonly name: string;
    /** Its wall clock was set at will: only its monotonic clock tells the time. */
    readonly isClockFaked: boolean;
    /** Heartbeats that it owns up to have lost. */
    readonly dropped: number;
  }[];
  readonly beats: readonly SentBeat[];
  readonly acks: readonly SentAck[];
  readonly connections: readonly SeenConnection[];
  readonly lives: readonly Life[];
  readonly ownFaults: readonly OwnFault[];
  readonly collectorFaults: readonly CollectorFault[];
  /** What the store holds, row by row. */
  readonly stored: readonly StoredBeat[];
  /** What the journals still hold. */
  readonly journals: readonly BeatName[];
  readonly flips: readonly Flip[];
  readonly shown: readonly ShownUnknown[];
}

/** One rule and how often it was broken. */
export interface Verdict {
  readonly rule: string;
  readonly count: number;
  /** The first few, for whoever looks for the cause. */
  readonly samples: readonly string[];
}

/** Samples that are kept of one rule. */
const SAMPLES = 12;

export function verdictOf(rule: string, found: readonly string[]): Verdict {
  return { rule, count: found.length, samples: found.slice(0, SAMPLES) };
}

/** A heartbeat's name as one text. */
export function nameOf({ workstation, boot, seq }: BeatName): string {
  return `${workstation}/${boot}/${seq}`;
}

/** The same without the number: one start of one workstation. */
export function bootOf({ workstation, boot }: Omit<BeatName, 'seq'>): string {
  return `${workstation}/${boot}`;
}

export function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
