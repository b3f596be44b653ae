import type { Mode } from '@ppe-pulse/protocol';

/** What decides whether a slot may be used. */
export interface SlotSituation {
  readonly mode: Mode;
  /** What the cards receive now; undefined before it is known. */
  readonly receivingBytesPerSecond: number | undefined;
  /** The last measured speed of the line. */
  readonly lastBytesPerSecond: number | undefined;
}

/** Other traffic may take this share of the line before a test would be in its way. */
const BUSY_SHARE = 0.2;
/** …and this much where the line's speed is not known yet. */
const BUSY_BYTES_PER_SECOND = 1_000_000;

/** Why a slot is refused, or undefined when it may be used. */
export function refusalOf(situation: SlotSituation): 'quiet' | 'lineBusy' | undefined {
  if (situation.mode !== 'prep') return 'quiet';
  const { receivingBytesPerSecond, lastBytesPerSecond } = situation;
  const limit =
    lastBytesPerSecond === undefined ? BUSY_BYTES_PER_SECOND : lastBytesPerSecond * BUSY_SHARE;
  return (receivingBytesPerSecond ?? 0) > limit ? 'lineBusy' : undefined;
}
