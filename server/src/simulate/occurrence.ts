import type { FaultId } from './fault-catalogue.ts';

/** What is no fault: a PC is not on yet or not any more, and a room is isolated by the plan. */
export type Routine = 'switchedOff' | 'isolated';

/** Something that comes over a workstation between two simulated moments. */
export interface Occurrence {
  readonly fault: FaultId | Routine;
  readonly fromMs: number;
  /** Infinity for until the end. */
  readonly toMs: number;
  /** Of one device only. */
  readonly device?: number;
}
