import type { CheckVerdict } from '../messages/shared.ts';

/** The id of the check that only a listener can judge: one key, several PCs. */
export const CLONE_CHECK = 'clone';
/** A refused clone tries again every 3–5 minutes: it is shown until it has missed two tries. */
export const CLONE_SHOWN_MS = 600_000;

/** A workstation's id alive on another PC than its own: a copied disk image. */
export interface CloneSighting {
  /** Boots that were alive beside the one that is shown. */
  readonly bootIds: readonly string[];
  /** Listener's wall clock, ms since 1970 UTC. */
  readonly seenAtMs: number;
  /** Attention time until which it is shown. */
  readonly untilMs: number;
}

/** A clone is a fault of the workstation: two PCs under one name make every reading doubtful. */
export function judgeClone(clone: CloneSighting): CheckVerdict {
  return {
    id: CLONE_CHECK,
    verdict: 'fail',
    reason: 'cloned',
    evidence: { boots: clone.bootIds.length + 1 },
    ageMs: 0,
  };
}

/** The sighting after one more boot was seen. */
export function addClone(
  known: CloneSighting | null,
  bootId: string,
  now: { readonly wallMs: number; readonly attentionMs: number },
): CloneSighting {
  const bootIds = [...new Set([...(known?.bootIds ?? []), bootId])].slice(-8);
  return { bootIds, seenAtMs: now.wallMs, untilMs: now.attentionMs + CLONE_SHOWN_MS };
}
