import { HQ_ROOM_CODE } from '../hq-room.ts';
import type { Duty, Role } from '../placement.ts';
import type { PlannedWorkstation, RoomPurpose } from './region.ts';

/** What a planned workstation is known by: the same words, the same id at every import. */
export interface PlannedPlace {
  readonly siteCode: string;
  readonly roomCode: string;
  readonly role: Role;
  readonly duty: Duty;
}

/** `4216-0012-organizer-main-1`. */
export function plannedId(place: PlannedPlace, number: number): string {
  return `${place.siteCode}-${place.roomCode}-${place.role}-${place.duty}-${number}`;
}

/** The workstations 1…`count` of a place. */
export function plannedWorkstations(
  place: PlannedPlace,
  count: number,
  origin: PlannedWorkstation['origin'] = 'imported',
): PlannedWorkstation[] {
  return Array.from({ length: count }, (_, at) => ({
    id: plannedId(place, at + 1),
    role: place.role,
    duty: place.duty,
    number: at + 1,
    origin,
  }));
}

const purposeOfRole: Readonly<Record<Role, RoomPurpose>> = {
  hq: 'hq',
  organizer: 'written',
  print: 'written',
  scan: 'hq',
  kege: 'kege',
  speaking: 'speaking',
  video: 'video',
  rcoi: 'video',
};

/** What a room is for when nobody said: what its workstations do. */
export function purposesOf(roomCode: string, roles: Iterable<Role>): RoomPurpose[] {
  if (roomCode === HQ_ROOM_CODE) return ['hq'];
  return [...new Set([...roles].map((role) => purposeOfRole[role]))].sort();
}
