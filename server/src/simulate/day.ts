import type { Mode } from '@ppe-pulse/protocol';
import { between } from './random.ts';
import type { SimulatedSite, SimulatedWorkstation } from './region.ts';
import type { LocalTime } from './simulated-time.ts';
import type { Timetable } from './timetable.ts';

/** What happens in a ППЭ at a moment of its day. */
export type Activity =
  | 'idle'
  | 'emDownload'
  | 'preparation'
  | 'key'
  | 'printing'
  | 'exam'
  | 'scanning'
  | 'sending';

/** Exam materials come in the evening before where no plan says when. */
const EM_DOWNLOAD = 18 * 60;
const DAY_MINUTES = 24 * 60;

/** The day of the region; rooms differ by minutes in what `printingOf` and `scanningOf` say. */
export function activityAt(timetable: Timetable, local: LocalTime): Activity {
  if (!isOn(timetable, local.day)) return 'idle';
  const { minute } = local;
  if (minute < timetable.stationsUp) return 'idle';
  if (minute < timetable.key) return 'preparation';
  if (minute < timetable.printing) return 'key';
  if (minute < timetable.exam) return 'printing';
  if (minute < timetable.examEnds) return 'exam';
  if (minute < timetable.sending) return 'scanning';
  if (minute < timetable.done) return 'sending';
  return timetable.em === null && minute >= EM_DOWNLOAD ? 'emDownload' : 'idle';
}

/** The quietest of what holds now. */
export function modeAt({ timetable }: SimulatedWorkstation, { day, minute }: LocalTime): Mode {
  if (!isOn(timetable, day)) return 'prep';
  const held = timetable.modes.filter(({ from, to }) => minute >= from && minute < to);
  if (held.some(({ mode }) => mode === 'off')) return 'off';
  return held.length > 0 ? 'quiet' : 'prep';
}

/** Participants of a room. */
export const SETS = 15;

/** One room's printing of a day. */
export interface Printing {
  readonly fromMinute: number;
  readonly sets: number;
  readonly pages: number;
  readonly pagesPerMinute: number;
}

/** A full set of paper for one participant has 17–25 pages. */
const PAGES_OF_SET = [17, 25] as const;

/** When a room prints and how fast; a set takes 25–40 s. Reserves and the Штаб print no sets. */
export function printingOf(workstation: SimulatedWorkstation, day: number): Printing {
  const { salt, timetable, roomsPrinted } = workstation;
  const { sets, pagesPerSet } = timetable.paper ?? {
    sets: SETS,
    pagesPerSet: Math.round(between(salt, `pages ${day}`, PAGES_OF_SET)),
  };
  const prints = isOn(timetable, day) ? roomsPrinted : 0;
  return {
    fromMinute: timetable.printing + between(salt, `print from ${day}`, [0, 4]),
    sets: prints * sets,
    pages: prints * sets * pagesPerSet,
    pagesPerMinute: between(salt, 'pages per minute', [28, 40]) * Math.max(1, roomsPrinted),
  };
}

/** One workstation's scanning of a day. */
export interface Scanning {
  readonly fromMinute: number;
  readonly images: number;
  readonly imagesPerMinute: number;
}

/** Sheets of a participant that are scanned. */
const IMAGES_OF_SET = 8;

/** A room scans some minutes after the exam; a `scan` station does all rooms of its ППЭ. */
export function scanningOf(workstation: SimulatedWorkstation, day: number): Scanning {
  const { salt, hasScanner, timetable, roomsScanned, placement } = workstation;
  const sets = timetable.paper?.sets ?? SETS;
  return {
    fromMinute: timetable.examEnds + between(salt, `scan from ${day}`, [5, 20]),
    images: hasScanner && isOn(timetable, day) ? roomsScanned * sets * IMAGES_OF_SET : 0,
    imagesPerMinute: placement.role === 'scan' ? 30 : between(salt, 'images per minute', [6, 14]),
  };
}

/** The download of exam materials. */
export interface EmDownload {
  readonly bytes: number;
  readonly receivedBytes: number;
  readonly bytesPerSecond: number;
  readonly isDone: boolean;
}

/** A share of the line, from when the plan opens it; without a plan from 18:00 of every day. */
export function emDownloadAt(site: SimulatedSite, local: LocalTime): EmDownload {
  const bytes =
    site.timetable.em?.bytes ?? Math.round(between(site.salt, `em ${local.day}`, [1.2e9, 6e9]));
  const bytesPerSecond = site.downBytesPerSecond * between(site.salt, 'em share', [0.12, 0.35]);
  const receivedBytes = Math.min(bytes, Math.round(emSeconds(site, local) * bytesPerSecond));
  const isDone = receivedBytes >= bytes;
  const isRunning = !isDone && receivedBytes > 0;
  return { bytes, receivedBytes, bytesPerSecond: isRunning ? bytesPerSecond : 0, isDone };
}

/** For how long it runs; before an evening's one it is the day before's, and that is done. */
function emSeconds({ salt, timetable }: SimulatedSite, { day, minute }: LocalTime): number {
  if (timetable.em === null || timetable.day === null)
    return minute < EM_DOWNLOAD ? Number.POSITIVE_INFINITY : (minute - EM_DOWNLOAD) * 60;
  const started = timetable.em.fromMinute + between(salt, 'em from', [0, 90]);
  return Math.max(0, (day - timetable.day) * DAY_MINUTES + minute - started) * 60;
}

function isOn({ day }: Timetable, asked: number): boolean {
  return day === null || day === asked;
}
