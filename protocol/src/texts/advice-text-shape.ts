import type { Reason } from '../checks/reasons.ts';

/** What to do about each reason, and otherwise where a device or a check calls for other hands. */
export interface AdviceTexts {
  readonly byReason: Readonly<Record<Reason, string>>;
  /** By id of a check or by kind of device, then by reason. */
  readonly bySubject: Readonly<Record<string, Readonly<Partial<Record<Reason, string>>>>>;
  /** Whatever is wrong with the collector itself: nobody in a ППЭ can help. */
  readonly ofCollector: string;
  /** For a reason that this version does not know yet. */
  readonly unknown: string;
}
