import type { Mode } from '@ppe-pulse/protocol';
import { between } from './random.ts';
import type { SimulatedSite, SimulatedWorkstation } from './region.ts';
import type { LocalTime } from './simulated-time.ts';

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

/** Moments of the exam day, local minutes: `domain.md`, «The clock of a rehearsal». */
const STATIONS_UP = 8 * 60;
const KEY = 9 * 60 + 30;
const KEY_LOADED = 9 * 60 + 55;
const PRINTING = 10 * 60;
const EXAM = 10 * 60 + 20;
/** Russian: 210 minutes. */
const EXAM_ENDS = EXAM + 210;
const SENDING = EXAM_ENDS + 60;
const DONE = SENDING + 40;
/** Exam materials come in the evening before. */
const EM_DOWNLOAD = 18 * 60;

/** The day of the region; rooms differ by minutes in what `printingOf` and `scanningOf` say. */
export function activityAt({ minute }: LocalTime): Activity {
  if (minute < STATIONS_UP) return 'idle';
  if (minute < KEY) return 'preparation';
  if (minute < PRINTING) return 'key';
  if (minute < EXAM) return 'printing';
  if (minute < EXAM_ENDS) return 'exam';
  if (minute < SENDING) return 'scanning';
  if (minute < DONE) return 'sending';
  return minute < EM_DOWNLOAD ? 'idle' : 'emDownload';
}

/** Rooms are quiet from the key to the end of the exam; the Штаб never is. */
export function modeAt(workstation: SimulatedWorkstation, { minute }: LocalTime): Mode {
  const isExam = minute >= KEY_LOADED && minute < EXAM_ENDS;
  return workstation.isInRoom && isExam ? 'quiet' : 'prep';
}

/** A full set of paper for one participant: 17–25 pages, 15 participants a room. */
export const SETS = 15;

/** One room's printing of a day. */
export interface Printing {
  readonly fromMinute: number;
  readonly pages: number;
  readonly pagesPerMinute: number;
}

/** When a room prints and how fast; a set takes 25–40 s. Reserves and the Штаб print no sets. */
export function printingOf(workstation: SimulatedWorkstation, day: number): Printing {
  const { salt, isInRoom, placement } = workstation;
  const prints = isInRoom && placement.role === 'organizer';
  return {
    fromMinute: PRINTING + between(salt, `print from ${day}`, [0, 4]),
    pages: prints ? SETS * Math.round(between(salt, `pages ${day}`, [17, 25])) : 0,
    pagesPerMinute: between(salt, 'pages per minute', [28, 40]),
  };
}

/** One workstation's scanning of a day. */
export interface Scanning {
  readonly fromMinute: number;
  readonly images: number;
  readonly imagesPerMinute: number;
}

/** A room scans some minutes after the exam; a `scan` station does all rooms of its ППЭ. */
export function scanningOf(workstation: SimulatedWorkstation, day: number): Scanning {
  const { salt, site, hasScanner, isInRoom, placement } = workstation;
  const rooms = placement.role === 'scan' ? site.rooms : isInRoom ? 1 : 0;
  return {
    fromMinute: EXAM_ENDS + between(salt, `scan from ${day}`, [5, 20]),
    images: hasScanner ? rooms * SETS * 8 : 0,
    imagesPerMinute: placement.role === 'scan' ? 30 : between(salt, 'images per minute', [6, 14]),
  };
}

/** The evening's download of exam materials. */
export interface EmDownload {
  readonly bytes: number;
  readonly receivedBytes: number;
  readonly bytesPerSecond: number;
  readonly isDone: boolean;
}

/** The download takes a share of the line from 18:00 on; before that it is the day before's, done. */
export function emDownloadAt(site: SimulatedSite, { day, minute }: LocalTime): EmDownload {
  const bytes = Math.round(between(site.salt, `em ${day}`, [1.2e9, 6e9]));
  const bytesPerSecond = site.downBytesPerSecond * between(site.salt, 'em share', [0.12, 0.35]);
  const seconds = minute < EM_DOWNLOAD ? Number.POSITIVE_INFINITY : (minute - EM_DOWNLOAD) * 60;
  const receivedBytes = Math.min(bytes, Math.round(seconds * bytesPerSecond));
  const isDone = receivedBytes >= bytes;
  return { bytes, receivedBytes, bytesPerSecond: isDone ? 0 : bytesPerSecond, isDone };
}
