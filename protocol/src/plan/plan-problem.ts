/**
 * What can be wrong with a plan. Each has a text in both languages that says what is wrong and what
 * to do, in `texts/plan-ru.ts` and `texts/plan-en.ts`.
 */
export const planReasons = [
  // The text
  'planEmpty',
  'planTooLong',
  'planTooDeep',
  'notYaml',
  'tabIndent',
  'duplicateKey',
  'aliasForbidden',
  // The shape
  'unknownKey',
  'unknownKeyNear',
  'missingKey',
  'wrongValue',
  'wrongChoice',
  'wrongChoiceNear',
  'outOfRange',
  'tooMany',
  'tooFew',
  'codeNotQuoted',
  // Dates and times
  'noSuchDate',
  'dateOld',
  'dateFar',
  'noSuchZone',
  'noSuchTime',
  'noExam',
  'amberBeforeDue',
  'redBeforeDue',
  'redBeforeAmber',
  'limitWithoutDue',
  'stageBeforePredecessor',
  'fromAfterTo',
  'examOverMidnight',
  'closedHoursShort',
  'probesTooOften',
  // Lists
  'nothingRehearsed',
  'listedTwice',
  'codeInBoth',
  'kindInBoth',
  'municipalNotPpe',
  'examTwice',
  'technologyWithoutExam',
  'examWithoutTechnology',
  // Rules
  'neverQuiet',
  'failMilderThanWarn',
  // Against the region
  'codeUnknown',
  'codeOfOtherKind',
  'kindMatchesNobody',
  'zoneOfRegionDiffers',
] as const;
export type PlanReason = (typeof planReasons)[number];

/** Something wrong with a plan: where, what, and with which values. */
export interface PlanProblem {
  /** Errors keep a plan from being applied, warnings do not. */
  readonly severity: 'error' | 'warning';
  /** Keys and indices from the top of the document. */
  readonly path: readonly (string | number)[];
  /** What the path points at: the name of a key, or what stands behind it. */
  readonly at: 'key' | 'value';
  readonly reason: PlanReason;
  /** What the text speaks of. */
  readonly values: Readonly<Record<string, string | number>>;
}

type Path = PlanProblem['path'];

/** A problem that keeps the plan from being applied. */
export function planError(
  path: Path,
  reason: PlanReason,
  values: PlanProblem['values'] = {},
): PlanProblem {
  return { severity: 'error', path, at: 'value', reason, values };
}

/** A problem that a person should see and may leave. */
export function planWarning(
  path: Path,
  reason: PlanReason,
  values: PlanProblem['values'] = {},
): PlanProblem {
  return { severity: 'warning', path, at: 'value', reason, values };
}
