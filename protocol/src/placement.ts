/** Roles of a workstation, `domain.md` «Places and roles». */
export const roles = [
  'hq',
  'organizer',
  'print',
  'scan',
  'kege',
  'speaking',
  'video',
  'rcoi',
] as const;
export type Role = (typeof roles)[number];

/** Main workstations work on the day, reserve ones wait for a fault. */
export const duties = ['main', 'reserve'] as const;
export type Duty = (typeof duties)[number];

/** What an agent may do now. `quiet`: no active probe; `off`: nothing is measured. */
export const modes = ['prep', 'quiet', 'off'] as const;
export type Mode = (typeof modes)[number];

/** Where a workstation stands and what it is for. The collector's registry is the authority. */
export interface Placement {
  /** Code of the ППЭ (or РЦОИ, commission), four digits. */
  readonly siteCode: string;
  /** Code of the room, four digits; 7777 is the Штаб. */
  readonly roomCode: string;
  readonly role: Role;
  readonly duty: Duty;
  /** True for a workstation made by the simulator; shown as such everywhere. */
  readonly simulated: boolean;
}
