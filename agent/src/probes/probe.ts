import type { Family, Metrics, Reason } from '@ppe-pulse/protocol';

/** «Nothing to measure», «failed to measure» and «measured» are three things. */
export type ProbeOutcome =
  | { readonly kind: 'measured'; readonly metrics: Metrics }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** One way to measure. The harness times, limits and repeats it; its fault never stops another. */
export interface Probe {
  readonly name: string;
  readonly family: Family;
  /** Between two starts, ±10 %. */
  readonly periodMs: number;
  /** After this the outcome is `failed` with reason `probeDeadline`, whatever the probe does. */
  readonly deadlineMs: number;
  measure(signal: AbortSignal): Promise<ProbeOutcome>;
}
