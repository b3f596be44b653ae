import type { DeviceFailure } from '../../platform/failures.ts';
import type { StreamSnapshot } from './stream-stats.ts';

/** Why there is no stream, or no stream any more. Each is a reason of a verdict. */
export type StreamFailure = DeviceFailure | 'noStream';

/** A stream that is being watched. */
export interface WatchedStream {
  /** What is true now. */
  snapshot(nowMs: number): StreamSnapshot;
  /** Why it ended; never before it did. */
  readonly ended: Promise<StreamFailure>;
  close(): void;
}

/** A stream, or why there is none. */
export type OpenedStream =
  | { readonly kind: 'open'; readonly stream: WatchedStream }
  | { readonly kind: 'failed'; readonly reason: StreamFailure };
