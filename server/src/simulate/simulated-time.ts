/** How simulated time runs against real time. */
export interface SimulatedTime {
  /** Simulated moment of the start, ms since 1970 UTC. */
  readonly startMs: number;
  /** Simulated milliseconds in a real one. */
  readonly speed: number;
  /** Minutes east of UTC of the region's ППЭ. */
  readonly utcOffsetMinutes: number;
}

const DAY_MS = 86_400_000;

/** The simulated moment after `elapsedMs` of real time. */
export function simulatedMs(time: SimulatedTime, elapsedMs: number): number {
  return time.startMs + elapsedMs * time.speed;
}

/** Real milliseconds from the start until a simulated moment; negative for the past. */
export function elapsedMsAt(time: SimulatedTime, atMs: number): number {
  return (atMs - time.startMs) / time.speed;
}

/** A moment on the local wall of a ППЭ. */
export interface LocalTime {
  /** Days since 1970-01-01 local. */
  readonly day: number;
  /** Minutes since local midnight, with a fraction. */
  readonly minute: number;
}

export function localTimeOf(atMs: number, utcOffsetMinutes: number): LocalTime {
  const localMs = atMs + utcOffsetMinutes * 60_000;
  const day = Math.floor(localMs / DAY_MS);
  return { day, minute: (localMs - day * DAY_MS) / 60_000 };
}

/** The moment of a local day and minute. */
export function momentOf({ day, minute }: LocalTime, utcOffsetMinutes: number): number {
  return day * DAY_MS + (minute - utcOffsetMinutes) * 60_000;
}

/** Minutes east of UTC of an IANA zone at a moment. */
export function utcOffsetMinutesOf(timeZone: string, atMs: number): number {
  const text = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(atMs)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const found = /GMT([+-])(\d{2}):(\d{2})/.exec(text ?? '');
  if (!found) return 0;
  const [, sign, hours, minutes] = found;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
