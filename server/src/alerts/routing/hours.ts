import type { Hours } from './routing.ts';

const MINUTES_OF_HOUR = 60;

/** True at a minute of the day; `from` counts, `to` does not. Pure. */
export function isWithin({ from, to }: Hours, minuteOfDay: number): boolean {
  const [first, last] = [minutesIn(from), minutesIn(to)];
  return first < last
    ? minuteOfDay >= first && minuteOfDay < last
    : minuteOfDay >= first || minuteOfDay < last;
}

/** Minutes since midnight, of moments in a zone. Making it is slow (a formatter), asking is not. */
export function minuteOfDayIn(timeZone: string): (wallMs: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (wallMs) => minutesIn(format.format(wallMs));
}

function minutesIn(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  return hours * MINUTES_OF_HOUR + minutes;
}
