import { HQ_ROOM_CODE, type Placement } from '@ppe-pulse/protocol';
import type { Words } from '../text/texts.ts';

/** `Штаб` or `ауд. 0012`. */
export function roomName(words: Words, roomCode: string): string {
  return roomCode === HQ_ROOM_CODE ? words.page.hqRoom : `${words.page.room} ${roomCode}`;
}

/** `ауд. 0012, станция печати, резерв`. */
export function placeName(words: Words, placement: Placement): string {
  const parts = [roomName(words, placement.roomCode), words.domain.roles[placement.role]];
  if (placement.duty === 'reserve') parts.push(words.page.reserve);
  if (placement.simulated) parts.push(words.page.simulated);
  return parts.join(', ');
}
