/** A plan that is wrong in one way, and what is said of it. */
export interface BadPlan {
  readonly what: string;
  /** Lines that come after the short plan; it has eight. */
  readonly add?: string;
  /** Instead of the short plan. */
  readonly text?: string;
  readonly lines: readonly string[];
}
