import { HQ_ROOM_CODE, type Placement } from '@ppe-pulse/protocol';
import { ownText, type Words } from '../text/texts.ts';

/** `Штаб` or `ауд. 0012`. */
export function roomName(words: Words, roomCode: string): string {
  return roomCode === HQ_ROOM_CODE ? words.page.hqRoom : `${words.page.room} ${roomCode}`;
}

/** `станция печати`; the role itself for one of a newer collector. */
export function roleName(words: Words, role: string): string {
  return ownText(words.domain.roles, role) ?? role;
}

/** `ауд. 0012, станция печати, резерв`. */
export function placeName(words: Words, placement: Placement): string {
  const parts = [roomName(words, placement.roomCode), roleName(words, placement.role)];
  if (placement.duty === 'reserve') parts.push(words.page.reserve);
  if (placement.simulated) parts.push(words.page.simulated);
  return parts.join(', ');
}
