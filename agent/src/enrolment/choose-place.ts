import type { Duty, Role } from '@ppe-pulse/protocol';
import type { EnrolmentPlace } from '@ppe-pulse/protocol/enrolment';

/** What a person, or an earlier enrolment of this PC, says of its place. */
export interface WantedPlace {
  readonly roomCode?: string;
  readonly role?: Role;
  readonly duty?: Duty;
  readonly number?: number;
}

export type PlaceChoice =
  /** Places of one room, role and duty: whichever of them is free is as good. In their order. */
  | { readonly kind: 'chosen'; readonly places: readonly EnrolmentPlace[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'several' };

/** The places of a file that fit. Pure. */
export function choosePlace(all: readonly EnrolmentPlace[], wanted: WantedPlace): PlaceChoice {
  const fitting = all.filter(
    ({ roomCode, role, duty, number }) =>
      fits(wanted.roomCode, roomCode) &&
      fits(wanted.role, role) &&
      fits(wanted.duty, duty) &&
      fits(wanted.number, number),
  );
  const [first] = fitting;
  if (!first) return { kind: 'none' };
  const isEqual = ({ roomCode, role, duty }: EnrolmentPlace): boolean =>
    roomCode === first.roomCode && role === first.role && duty === first.duty;
  if (!fitting.every(isEqual)) return { kind: 'several' };
  return { kind: 'chosen', places: [...fitting].sort((a, b) => a.number - b.number) };
}

function fits<T>(wanted: T | undefined, value: T): boolean {
  return wanted === undefined || wanted === value;
}
