import type { Claim, StageState } from '@ppe-pulse/protocol';
import { isInvolved, type ClaimDraft, type SiteStanding } from './standing.ts';

/** What became of a person's word. */
export type ClaimOutcome =
  | { readonly kind: 'made'; readonly claim: Claim }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string };

type Refused = Extract<ClaimOutcome, { kind: 'refused' }>;

/** Why a moment is not taken: on a real day a claim is of now. Pure. */
export function refusedMoment(
  saidAtMs: number | null,
  { nowMs, isPlayed }: { readonly nowMs: number; readonly isPlayed: boolean },
): Refused | undefined {
  if (saidAtMs === null || (isPlayed && saidAtMs <= nowMs)) return undefined;
  const detail = 'a claim is of now: only a played day knows what was said before it';
  return { kind: 'refused', reason: 'momentRefused', detail };
}

/** Why a claim is not taken, undefined when it is. Pure. */
export function refusedClaim(
  draft: ClaimDraft,
  standing: SiteStanding | undefined,
  stages: readonly StageState[] = [],
): Refused | undefined {
  const refused = (reason: string, detail: string) =>
    ({ kind: 'refused', reason, detail }) as const;
  const { siteCode, roomCode, track, stage, done } = draft;
  if (!standing) return refused('unknownSite', `site ${siteCode} is not in the registry`);
  // Where only the municipality tests the cameras, people may still say how it went.
  if (!isInvolved(standing) && stages.every(({ total }) => total === 0))
    return refused('notInvolved', `site ${siteCode} takes no part in this rehearsal`);
  const state = stages.find((each) => each.track === track && each.stage === stage);
  if (!state || state.total === 0)
    return refused('noSuchStage', `site ${siteCode} does not go through ${stage} of ${track}`);
  if (roomCode !== null && !standing.site.rooms.some(({ code }) => code === roomCode))
    return refused('unknownRoom', `room ${roomCode} of site ${siteCode} is not in the registry`);
  if (done !== null && done > state.total)
    return refused('tooMany', `${stage} of site ${siteCode} counts ${state.total}, not ${done}`);
  return undefined;
}
