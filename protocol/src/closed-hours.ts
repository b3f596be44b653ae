/** Local times `HH:MM` between which the line belongs to the exam. */
export interface ClosedHours {
  readonly closedFrom: string;
  readonly closedTo: string;
}

/** `domain.md`: the key comes at 09:30, rooms print from 10:00. */
export const defaultClosedHours: ClosedHours = { closedFrom: '09:15', closedTo: '10:30' };

/** True inside the closed hours, which may span midnight. Equal ends close nothing. */
export function isClosed({ closedFrom, closedTo }: ClosedHours, localTime: string): boolean {
  if (closedFrom === closedTo) return false;
  return closedFrom < closedTo
    ? localTime >= closedFrom && localTime < closedTo
    : localTime >= closedFrom || localTime < closedTo;
}
