import type { Incident } from '@ppe-pulse/protocol';
import type { AlertKind } from '../alert.ts';

/** Why an occasion was told to nobody, or not at once. */
export const untoldCauses = [
  'noRoute',
  'noWebhook',
  'silenced',
  'inDigest',
  'toldAlready',
  /** A mistake of ours: the log has it. */
  'failed',
] as const;
export type UntoldCause = (typeof untoldCauses)[number];

/** What is to be told. */
export interface Telling {
  readonly kind: AlertKind;
  readonly incident: Incident;
  /** Of a digest: all of it, worst first. */
  readonly digest?: readonly Incident[];
}

/** What the parts of a desk write with. */
export interface DeskOutbox {
  /** One event to some webhooks; nothing for nobody. */
  readonly record: (telling: Telling, to: readonly string[], wallMs: number) => void;
  /** Ids of webhooks that are told anything. */
  readonly enabled: () => ReadonlySet<string>;
  readonly count: (cause: UntoldCause) => void;
}
