import type { Occurrence } from '../occurrence.ts';
import { between, unit } from '../random.ts';
import type { SimulatedWorkstation } from '../region.ts';
import { momentOf, type SimulatedTime } from '../simulated-time.ts';
import type { PlannedRegion } from './planned-region.ts';

const MINUTE = 60_000;
/** A PC in so many is started too late. */
const LATE = 0.02;
/** Before the hour at which all must be up, minutes: earliest and latest. */
const IN_TIME = [55, 8] as const;
/** And after it. */
const TOO_LATE = [-2, -9] as const;

/** As real agents: back after a quiet time at a moment of their own, real time. */
const BACK_WITHIN_MS = [0, 5_000] as const;

/** What the day brings without anything going wrong: PCs are switched on, rooms are isolated. */
export function routineOf(
  region: PlannedRegion,
  { utcOffsetMinutes, speed }: Pick<SimulatedTime, 'utcOffsetMinutes' | 'speed'>,
): (workstation: SimulatedWorkstation) => readonly Occurrence[] {
  return (workstation) => {
    const { day } = workstation.timetable;
    if (day === null) return [];
    const upAtMs = switchedOnAtMs(region, workstation, utcOffsetMinutes);
    const off: Occurrence = {
      fault: 'switchedOff',
      fromMs: Number.NEGATIVE_INFINITY,
      toMs: upAtMs,
    };
    const backMs = between(workstation.salt, 'back', BACK_WITHIN_MS) * speed;
    const isolated = workstation.timetable.modes.map(({ from, to }): Occurrence => ({
      fault: 'isolated',
      fromMs: momentOf({ day, minute: from }, utcOffsetMinutes),
      toMs: momentOf({ day, minute: to }, utcOffsetMinutes) + backMs,
    }));
    // The Штаб runs since the evening before: it downloads.
    return workstation.placement.role === 'hq' ? isolated : [off, ...isolated];
  };
}

/** When somebody switches this PC on. Those that watch cameras are first. */
export function switchedOnAtMs(
  { book, registered }: PlannedRegion,
  workstation: SimulatedWorkstation,
  utcOffsetMinutes: number,
): number {
  const { site, salt, cameras, timetable, placement } = workstation;
  const timeZone = registered[site.index]?.timeZone ?? site.timeZone;
  const stage = cameras > 0 ? 'videoOn' : 'stationsUp';
  const due = book.plan.stages.find(({ id }) => id === stage)?.due;
  const dueMs =
    (due == null ? null : book.times.at(due, timeZone, null)) ??
    momentOf({ day: book.day, minute: timetable.stationsUp + 60 }, utcOffsetMinutes);
  const isLate = cameras === 0 && placement.duty === 'main' && unit(salt, 'late') < LATE;
  return dueMs - between(salt, 'switched on', isLate ? TOO_LATE : IN_TIME) * MINUTE;
}
