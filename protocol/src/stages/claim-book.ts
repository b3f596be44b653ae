import type { Claim, StageId, StageTrack } from './stage.ts';

/** What the claims of one kind amount to. */
export interface ClaimStanding {
  readonly latest: Claim;
  /** Since when exactly so much is claimed; null while it is taken back. */
  readonly sinceMs: number | null;
}

/**
 * The claims of one site: of each place and stage the newest holds. To claim the same again does not
 * make it later.
 */
export class ClaimBook {
  readonly #standing = new Map<string, ClaimStanding>();

  get isEmpty(): boolean {
    return this.#standing.size === 0;
  }

  /** False for one that changes nothing: an older one that comes late. */
  add(claim: Claim): boolean {
    const key = keyOf(claim.roomCode, claim.track, claim.stage);
    const before = this.#standing.get(key);
    if (before && before.latest.id >= claim.id) return false;
    const isSame = before?.latest.isMade === true && before.latest.done === claim.done;
    const sinceMs = isSame ? (before?.sinceMs ?? claim.atMs) : claim.atMs;
    this.#standing.set(key, { latest: claim, sinceMs: claim.isMade ? sinceMs : null });
    return true;
  }

  /** What is claimed of a place now; undefined for nothing. */
  made(roomCode: string | null, track: StageTrack, stage: StageId): ClaimStanding | undefined {
    if (this.isEmpty) return undefined;
    const standing = this.#standing.get(keyOf(roomCode, track, stage));
    return standing?.latest.isMade === true ? standing : undefined;
  }

  /** The newest claim of every place and stage, those that were taken back too. */
  latest(): Claim[] {
    return [...this.#standing.values()].map(({ latest }) => latest);
  }
}

function keyOf(roomCode: string | null, track: StageTrack, stage: StageId): string {
  return `${roomCode ?? ''} ${track} ${stage}`;
}
