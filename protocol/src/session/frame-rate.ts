import { limits } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';

/** Frames are counted in windows of this length. */
const RATE_WINDOW_MS = 10_000;

/** Counts a peer's frames; more than it may send is its fault. */
export class FrameRate {
  #perSecond: number;
  #windowStartMs: number;
  #framesInWindow = 0;

  constructor(nowMs: number, backlogPerSecond: number) {
    this.#windowStartMs = nowMs;
    this.#perSecond = rateOf(backlogPerSecond, 0);
  }

  /** The peer may send this backlog, and for so many members. */
  allow(backlogPerSecond: number, members: number): void {
    this.#perSecond = rateOf(backlogPerSecond, members);
  }

  /** Counts one frame. Throws a `ProtocolError` when it is one too many. */
  count(nowMs: number): void {
    if (nowMs - this.#windowStartMs >= RATE_WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#framesInWindow = 0;
    }
    this.#framesInWindow += 1;
    if (this.#framesInWindow <= (this.#perSecond * RATE_WINDOW_MS) / 1_000) return;
    throw new ProtocolError(
      'tooManyFrames',
      `${this.#framesInWindow} frames in ${RATE_WINDOW_MS} ms`,
    );
  }
}

/** The shortest heartbeat period is a second: one frame a member and second, and its introduction. */
function rateOf(backlogPerSecond: number, members: number): number {
  return Math.max(limits.agentFramesPerSecond, 2 * (backlogPerSecond + members));
}
