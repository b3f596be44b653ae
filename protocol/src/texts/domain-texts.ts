import type { Reason } from '../checks/reasons.ts';
import type { Role } from '../placement.ts';
import type { Verdict } from '../truth.ts';

/** Languages of every text for people. */
export const languages = ['ru', 'en'] as const;
export type Language = (typeof languages)[number];

/** Names of what a wall shows. */
export interface DomainNames {
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly roles: Readonly<Record<Role, string>>;
  /** By id of the check. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Words for what travels as tokens. Both languages have all of them; a test walks the lists. */
export interface DomainTexts extends DomainNames {
  /** By key of a verdict's evidence. */
  readonly evidence: Readonly<Record<string, string>>;
  /** Plain words that evidence carries as tokens. */
  readonly words: Readonly<Record<string, string>>;
  /** By id of the metric. */
  readonly metrics: Readonly<Record<string, string>>;
}
