import type { BoardFrame, Snapshot, SnapshotMore, ToBoard } from '../messages/live.ts';

/** Puts a snapshot together that comes in parts; every other frame is whole. */
export class SnapshotJoiner {
  #head: Snapshot | undefined;
  #parts: SnapshotMore[] = [];

  /** The frame to take in; undefined while parts of a snapshot are missing, or for one of none. */
  take(frame: BoardFrame): ToBoard | undefined {
    if (frame.type === 'snapshot') {
      this.#parts = [];
      this.#head = frame.more ? frame : undefined;
      return this.#head ? undefined : frame;
    }
    if (frame.type !== 'more') return frame;
    const head = this.#head;
    if (head?.seq !== frame.seq) return undefined;
    const parts = this.#parts;
    if (parts.push(frame) !== head.more) return undefined;
    // Of a country they are megabytes: nothing of them is kept.
    this.#head = undefined;
    this.#parts = [];
    const { more: _, ...rest } = head;
    return {
      ...rest,
      workstations: parts.flatMap((part) => part.workstations),
      sites: parts.flatMap((part) => part.sites),
    };
  }
}
