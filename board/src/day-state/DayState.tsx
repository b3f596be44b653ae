/** What kind of day the wall shows, where it is not an ordinary one. */
export function DayState() {
  return null;
}
