import type { Mode, SlotKind } from '@ppe-pulse/protocol';
import type { NicRates } from '../nic/nic-probe.ts';

/** What decides whether a slot may be used. */
export interface SlotSituation {
  readonly mode: Mode;
  /** The line belongs to the exam now. */
  readonly isLineClosed?: boolean | undefined;
  /** What the cards carry now; undefined before it is known. */
  readonly receivingBytesPerSecond: number | undefined;
  readonly sendingBytesPerSecond?: number | undefined;
  /** The last measured speed of the line in the direction of the test. */
  readonly lastBytesPerSecond: number | undefined;
}

/** Other traffic may take this share of the line before a test would be in its way. */
const BUSY_SHARE = 0.2;
/**
 * …but never less than this: a fifth of 2 Mbit/s, the slowest line that materials come over. Below it
 * is what a PC says anyway, and one bad test would forbid all later ones.
 */
const BUSY_FLOOR_BYTES_PER_SECOND = 50_000;
/** …and this much where the line's speed is not known yet. */
const BUSY_BYTES_PER_SECOND = 1_000_000;
/** Acknowledgements of a test are 2–5 % of its bytes; a tenth is somebody else's. */
const OTHER_SHARE = 0.1;

/** Why a slot is refused, or undefined when it may be used. */
export function refusalOf(
  situation: SlotSituation,
): 'quiet' | 'closedHours' | 'lineBusy' | undefined {
  if (situation.mode !== 'prep') return 'quiet';
  if (situation.isLineClosed === true) return 'closedHours';
  const { receivingBytesPerSecond = 0, sendingBytesPerSecond = 0, lastBytesPerSecond } = situation;
  const limit =
    lastBytesPerSecond === undefined
      ? BUSY_BYTES_PER_SECOND
      : Math.max(BUSY_FLOOR_BYTES_PER_SECOND, lastBytesPerSecond * BUSY_SHARE);
  return Math.max(receivingBytesPerSecond, sendingBytesPerSecond) > limit ? 'lineBusy' : undefined;
}

/** True when, during a test, the other direction carries more than the test's acknowledgements. */
export function isLineNeeded(kind: SlotKind, rates: NicRates | undefined): boolean {
  if (!rates) return false;
  const { receivedBytesPerSecond, sentBytesPerSecond } = rates;
  const [own, other] =
    kind === 'upload'
      ? [sentBytesPerSecond, receivedBytesPerSecond]
      : [receivedBytesPerSecond, sentBytesPerSecond];
  return other > BUSY_BYTES_PER_SECOND && other > own * OTHER_SHARE;
}
