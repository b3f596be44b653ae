import type { LiveState } from '@ppe-pulse/protocol';
import type { LineFacts } from './freshness.ts';

/** Facts about the connection beside the picture. */
export interface LineState extends LineFacts {
  readonly frames: number;
  readonly resyncs: number;
  /** The collector does not know this browser any more. */
  readonly isRefused: boolean;
  /**
   * Of a film only: how long before the moment that is shown its newest frame was. A film is never late,
   * and stands still when nobody plays it.
   */
  readonly heldAgeMs?: number;
}

/** Where pages have the picture from: the collector's socket, or a film of it. */
export interface LiveSource {
  readonly state: LiveState;
  readonly line: LineState;
  /** For `useSyncExternalStore`. */
  readonly subscribe: (listener: () => void) => () => void;
}
