import { alertRuleOf } from '@ppe-pulse/protocol';
import type { SilenceDraft } from './incident-book.ts';
import { parseNode, type NamedNode } from './node-grammar.ts';
import { refused, refusedNote, type Refused } from './note.ts';

/** A rehearsal with its preparation. */
export const MAX_SILENCE_MS = 7 * 86_400_000;
/** Boards get them all, and every incident is held against each. */
export const MAX_LIVE_SILENCES = 200;
const MAX_AHEAD_MS = 366 * 86_400_000;

/** What a silence is held against. */
export interface SilenceGround {
  readonly nowMs: number;
  /** Silences that hold or are to come. */
  readonly live: number;
  /** True for a place that the registry has, or that agents speak from. */
  readonly knows: (node: NamedNode) => boolean;
}

/** Why a silence is refused; undefined for a good one. The comment is clean already. Pure. */
export function refusedSilence(draft: SilenceDraft, ground: SilenceGround): Refused | undefined {
  const { node, checkId, comment } = draft;
  const named = parseNode(node);
  if (!named)
    return refused(
      'badNode',
      'write region, municipality:SLUG, provider:NAME, site:CODE, room:CODE-ROOM, station:ID or device:ID/KIND.N',
    );
  if (!ground.knows(named))
    return refused('badNode', `nothing is known of ${node}; GET /api/v1/registry lists the places`);
  if (checkId !== null && !alertRuleOf(checkId))
    return refused('badCheck', `no incident is of kind ${checkId}; leave it out for all kinds`);
  const wrongTime = refusedTime(draft, ground.nowMs);
  if (wrongTime) return wrongTime;
  if (ground.live >= MAX_LIVE_SILENCES)
    return refused('tooManySilences', 'end some first; one of a wider place does for many');
  return refusedNote(comment, true);
}

function refusedTime({ fromMs, toMs }: SilenceDraft, nowMs: number): Refused | undefined {
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs)) return refused('badTime', 'no such time');
  if (toMs <= fromMs) return refused('badTime', 'it ends before it begins');
  if (toMs <= nowMs) return refused('badTime', 'it is over already');
  if (toMs - fromMs > MAX_SILENCE_MS) return refused('badTime', 'seven days at the most');
  if (fromMs > nowMs + MAX_AHEAD_MS) return refused('badTime', 'a year ahead at the most');
  return undefined;
}
