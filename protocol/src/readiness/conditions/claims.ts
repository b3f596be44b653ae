import type { Claim, StageId } from '../../stages/stage.ts';
import {
  goesThrough,
  holdsExams,
  type ConditionDefinition,
  type Judged,
  type SiteFacts,
} from '../condition.ts';
import type { ConditionId } from '../../texts/readiness-texts.ts';
import { tally, type Place } from '../places.ts';

/** Newest words on a stage, one a room and one of the whole site, whatever the set of stages. */
export function standingClaims({ claims }: SiteFacts, stage: StageId): Claim[] {
  const newest = new Map<string | null, Claim>();
  for (const claim of claims) {
    if (claim.stage !== stage) continue;
    const known = newest.get(claim.roomCode);
    if (!known || isNewer(claim, known)) newest.set(claim.roomCode, claim);
  }
  return [...newest.values()];
}

/** Ids count up; clocks may not. */
export function isNewer(claim: Claim, than: Claim): boolean {
  return claim.id > than.id;
}

/** A person says of the whole site that it is done. */
function claimedOfSite(id: ConditionId, stage: StageId): ConditionDefinition {
  return {
    id,
    roles: [],
    checks: [],
    stages: [stage],
    appliesTo: holdsExams,
    judge: (facts, nowMs) => {
      const claim = standingClaims(facts, stage).find((each) => each.roomCode === null);
      return timed(tally([ofClaim(null, claim)]), facts.moments.stageDueMs[stage] ?? null, nowMs);
    },
  };
}

/** A person confirms something of every room with cameras, of each or of all at once. */
function claimedOfRooms(id: ConditionId, stage: StageId): ConditionDefinition {
  const roomsOf = ({ site }: SiteFacts): string[] =>
    site.rooms.filter((room) => room.cameras > 0).map((room) => room.code);
  return {
    id,
    roles: [],
    checks: [],
    stages: [stage],
    appliesTo: (facts) => goesThrough(facts, 'video') && roomsOf(facts).length > 0,
    judge: (facts, nowMs) => {
      const standing = standingClaims(facts, stage);
      const whole = standing.find((each) => each.roomCode === null);
      const rooms = roomsOf(facts);
      const places = rooms.map((roomCode, index) => {
        const own = standing.find((each) => each.roomCode === roomCode);
        // Of two words the newer one holds: a room may be taken back after the whole was confirmed.
        if (own && !(whole && isNewer(whole, own))) return ofClaim(roomCode, own);
        const isCounted = !whole || whole.done === null || index < whole.done;
        return isCounted ? ofClaim(roomCode, whole) : ofClaim(roomCode, undefined);
      });
      const isPartial = whole?.isMade === true && whole.done !== null;
      const judged = tally(places);
      // A count says how many, not which.
      const told = isPartial && whole.done < rooms.length ? { ...judged, rooms: [] } : judged;
      return timed(told, facts.moments.stageDueMs[stage] ?? null, nowMs);
    },
  };
}

function ofClaim(roomCode: string | null, claim: Claim | undefined): Place {
  if (!claim) return { roomCode, verdict: 'warn', reason: 'notClaimed', atMs: null };
  if (!claim.isMade) return { roomCode, verdict: 'warn', reason: 'claimWithdrawn', atMs: null };
  return { roomCode, verdict: 'ok', reason: 'ok', atMs: claim.atMs };
}

/** What is not confirmed by its time is a failure, and a warning before. */
function timed(judged: Judged, dueAtMs: number | null, nowMs: number): Judged {
  if (judged.verdict === 'ok' || dueAtMs === null) return judged;
  if (nowMs <= dueAtMs) return { ...judged, dueMs: dueAtMs + 1 };
  return { ...judged, verdict: 'fail', reason: 'claimOverdue' };
}

export const techControlClaimed = claimedOfSite('techControlClaimed', 'techControl');
export const actsClaimed = claimedOfSite('actsClaimed', 'actsSent');
export const overlayConfirmed = claimedOfRooms('overlayConfirmed', 'overlayOk');
export const anglesConfirmed = claimedOfRooms('anglesConfirmed', 'anglesOk');

const portal = claimedOfSite('videoPortalConfirmed', 'portalOk');
/** The portal of the video system shows the site's cameras: only a person can see that. */
export const videoPortalConfirmed: ConditionDefinition = {
  ...portal,
  appliesTo: (facts) => goesThrough(facts, 'video'),
};
