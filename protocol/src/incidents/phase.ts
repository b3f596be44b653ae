/**
 * Phases of a site's day by the plan: they decide how bad a fault is. A dead printer at 09:40 stops an
 * exam, at 19:00 the day before somebody looks in the morning.
 */
export const phases = [
  /** No plan, or the site takes no part in it: nothing is known of the day. */
  'idle',
  /** From the first day of preparation to the morning of the exam. */
  'preparation',
  /** From the video's deadline to the last start of an exam: keys, printing. */
  'opening',
  /** Pupils write. */
  'exam',
  /** Scanning, export and sending. */
  'collection',
  /** All is over. */
  'closed',
] as const;
export type Phase = (typeof phases)[number];
