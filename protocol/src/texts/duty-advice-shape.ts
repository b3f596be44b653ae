import type { Reason } from '../checks/reasons.ts';

/** Kinds of what a duty officer does, whatever device it is about. */
export const dutyGroups = [
  'calm',
  'blind',
  'setup',
  'silent',
  'away',
  'clone',
  'load',
  'line',
  'portal',
  'device',
  'test',
  'video',
  'annul',
  'isolation',
  'power',
  'program',
  'clock',
  'own',
] as const;
export type DutyGroup = (typeof dutyGroups)[number];

/** What a duty officer does; two sentences at most: whom to call, what to ask, when to hand over. */
export interface DutyAdviceTexts {
  /**
   * By level of the tree, then by check. Levels with an `any` are another call than a fault inside a
   * ППЭ, whatever the reason; in the others only some checks have words of their own.
   */
  readonly byLevel: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By check, then by reason. */
  readonly bySpecial: Readonly<Record<string, Readonly<Partial<Record<Reason, string>>>>>;
  /** One for every rule. */
  readonly byKind: Readonly<Record<string, string>>;
  readonly byGroup: Readonly<Record<DutyGroup, string>>;
  /** For a check and a reason that this version does not know yet. */
  readonly unknown: string;
}
