import type { Mode } from '@ppe-pulse/protocol';

/** When a workstation may do less, local minutes of the day. */
export interface ModeHours {
  readonly mode: Exclude<Mode, 'prep'>;
  readonly from: number;
  readonly to: number;
}

/** What a workstation lives through on a day of exams: local minutes since midnight of its ППЭ. */
export interface Timetable {
  /** The one day on which it is so, days since 1970 local; null says every day. */
  readonly day: number | null;
  readonly stationsUp: number;
  readonly key: number;
  readonly printing: number;
  readonly exam: number;
  readonly examEnds: number;
  readonly sending: number;
  readonly done: number;
  readonly modes: readonly ModeHours[];
  /** What a room prints; null: as many pages as chance says. */
  readonly paper: { readonly sets: number; readonly pagesPerSet: number } | null;
  /** The package of exam materials, from when its download runs; null: every evening, some size. */
  readonly em: { readonly fromMinute: number; readonly bytes: number } | null;
}

const EXAM = 10 * 60 + 20;
/** Russian: 210 minutes. */
const EXAM_ENDS = EXAM + 210;

/** The day without a plan, again and again: `domain.md`, «The clock of a rehearsal». */
export const everyDay: Timetable = {
  day: null,
  stationsUp: 8 * 60,
  key: 9 * 60 + 30,
  printing: 10 * 60,
  exam: EXAM,
  examEnds: EXAM_ENDS,
  sending: EXAM_ENDS + 60,
  done: EXAM_ENDS + 100,
  modes: [],
  paper: null,
  em: null,
};

/** The same for a room: it is quiet from the key to the end of the exam, the Штаб never is. */
export const everyDayInRoom: Timetable = {
  ...everyDay,
  modes: [{ mode: 'quiet', from: 9 * 60 + 55, to: EXAM_ENDS }],
};
