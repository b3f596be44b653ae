import type { Facts, Family, Metrics, Reason, Subject } from '@ppe-pulse/protocol';

/** «Nothing to measure», «failed to measure» and «measured» are three things. */
export type ProbeOutcome =
  | ({ readonly kind: 'measured'; readonly metrics: Metrics; readonly facts?: Facts } & Doubt)
  | { readonly kind: 'nothing' }
  | ({ readonly kind: 'failed'; readonly reason: Reason } & Doubt);

/** A fault was seen that is believed at the second look: that look then comes soon. */
interface Doubt {
  readonly isDoubtful?: true;
}

/** One way to measure. The harness times, limits and repeats it; its fault never stops another. */
export interface Probe {
  readonly name: string;
  readonly family: Family;
  /** What its facts are about; a probe of numbers alone has none. */
  readonly watches?: { readonly subject: Subject; readonly device: number };
  /** Before the first start: probes of many devices must not all begin at once. Missing: at once. */
  readonly startAfterMs?: number;
  /** Between two starts, ±10 %. */
  readonly periodMs: number;
  /** The same in mode `quiet`; `never` for a probe that is active. Missing: as always. */
  readonly quietPeriodMs?: number | 'never';
  /** After this the outcome is `failed` with reason `probeDeadline`, whatever the probe does. */
  readonly deadlineMs: number;
  /** It goes on in its own rhythm when the agent slows its probes down. */
  readonly keepsPace?: true;
  measure(signal: AbortSignal): Promise<ProbeOutcome>;
  /** The mode forbids it from now on: closes what it keeps open between two looks. */
  rest?(): void;
  /** Gives back what it holds: sockets, counters. */
  stop?(): void;
}
