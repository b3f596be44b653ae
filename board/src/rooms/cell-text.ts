import { ownText, reasonText, type Words } from '../text/texts.ts';
import { coarseAge } from './coarse-age.ts';
import type { Column } from './columns.ts';
import type { RoomTexts } from './room-texts.ts';
import type { Cell } from './rooms.ts';
import { isSilent } from './standing.ts';

/** The words of all pages and those of a table of rooms. */
export interface RoomWords extends Words {
  readonly rooms: RoomTexts;
}

/** The short word of a cell. */
export function cellText(words: RoomWords, column: Column, cell: Cell, nowMs: number): string {
  const { rooms, language } = words;
  const { verdict, reason, upset, total, carriedNewestMs } = cell;
  if (column === 'pc' && carriedNewestMs !== null && verdict === 'silentByRule')
    return rooms.fromStick(coarseAge(nowMs - carriedNewestMs, language, rooms.underMinute));
  if (verdict === 'silentByRule') return rooms.quiet;
  if (verdict === 'notInvolved')
    return reason === 'noPlan' ? rooms.waitsForPlan : words.domain.verdicts.notInvolved;
  if (verdict === 'ok')
    return carriedNewestMs === null ? (rooms.fineOf[column] ?? rooms.fine) : rooms.wasFine;
  if (isSilent(reason) && column !== 'pc') return rooms.notKnown;
  const word = shortReason(words, reason);
  if (carriedNewestMs !== null) return rooms.was(word);
  return total > 1 && upset < total ? `${word} · ${rooms.partOf(upset, total)}` : word;
}

/** The reason in a word that fits into a cell. */
export function shortReason(words: RoomWords, reason: string): string {
  return ownText(words.rooms.short, reason) ?? reasonText(words, reason);
}
