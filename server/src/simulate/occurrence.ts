import type { FaultId } from './fault-catalogue.ts';

/** A fault that strikes a workstation between two simulated moments. */
export interface Occurrence {
  readonly fault: FaultId;
  readonly fromMs: number;
  /** Infinity for until the end. */
  readonly toMs: number;
  /** Of one device only. */
  readonly device?: number;
}
