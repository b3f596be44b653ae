/**
 * Every reason a verdict may carry. Texts for people are in the board's dictionaries, which a test
 * holds against this list; the wire carries only the token.
 */
export const reasons = [
  'ok',
  // No reading, by cause. All of these go with `unknown`.
  'notMeasured',
  'probeFailed',
  'probeDeadline',
  'notSupported',
  'stale',
  // Silence.
  'late',
  'silent',
  'notYetHeard',
  'saidGoodbye',
  // Two limits of one quantity.
  'high',
  'tooHigh',
  'low',
  'tooLow',
  'skewed',
  'belowContract',
  'tooSlow',
  'lossy',
  'slowReply',
  'notRunning',
] as const;
export type Reason = (typeof reasons)[number];
