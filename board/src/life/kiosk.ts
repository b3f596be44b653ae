/** The second Escape leaves the kiosk if it comes so soon after the first. */
const TWICE_WITHIN_MS = 1_500;

/** `?kiosk=1` starts it and `?kiosk=0` ends it for this tab; other addresses leave it as it is. */
export function isKiosk(search: string, wasKiosk: boolean): boolean {
  const asked = new URLSearchParams(search).get('kiosk');
  if (asked === '1') return true;
  return asked === '0' ? false : wasKiosk;
}

/** When Escape was last pressed, null for not lately; monotonic. */
export type EscapeMoment = number | null;

/** An Escape at `nowMs`: whether it is the second of two, and what to remember. Pure. */
export function pressedEscape(
  before: EscapeMoment,
  nowMs: number,
): { readonly leaves: boolean; readonly moment: EscapeMoment } {
  const leaves = before !== null && nowMs - before <= TWICE_WITHIN_MS;
  return { leaves, moment: leaves ? null : nowMs };
}
