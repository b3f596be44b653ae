import type { HqFrame, HqUplink } from '@ppe-pulse/protocol';

/** A line that comes back by itself within this is nobody's work. */
const UPLINK_GRACE_MS = 60_000;

/** True when the situation centre does not see this ППЭ any more: what is wrong is its own to see. */
export function isUnheard({ state, sinceMs }: HqUplink, atMs: number): boolean {
  if (state === 'live') return false;
  return state === 'stopped' || atMs - sinceMs >= UPLINK_GRACE_MS;
}

/** True while a change of what the situation centre knows would be here at once. */
export function isKnownNow({ uplink, incidents }: HqFrame): boolean {
  return uplink.state === 'live' && incidents.isCurrent;
}
