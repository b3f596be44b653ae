/**
 * The six values of truth. `unknown` should be heard and is not; `silentByRule` is isolated by the
 * plan; `notInvolved` takes no part. The order is the wire's: an index into it is sent to boards.
 */
export const verdicts = ['ok', 'warn', 'fail', 'unknown', 'silentByRule', 'notInvolved'] as const;
export type Verdict = (typeof verdicts)[number];

/** How much a verdict asks for attention; the worst of the parts is the verdict of the whole. */
const weight: Record<Verdict, number> = {
  notInvolved: 0,
  silentByRule: 1,
  ok: 2,
  unknown: 3,
  warn: 4,
  fail: 5,
};

/**
 * The worst of several verdicts; `unknown` for none, since nothing heard is not good news.
 * `warn` outweighs `unknown`: a known defect must not hide behind one missing reading.
 */
export function worstVerdict(parts: Iterable<Verdict>): Verdict {
  let worst: Verdict | undefined;
  for (const part of parts) {
    if (worst === undefined || weight[part] > weight[worst]) worst = part;
  }
  return worst ?? 'unknown';
}

/** Sort key: larger is worse. */
export function verdictWeight(verdict: Verdict): number {
  return weight[verdict];
}

/** A count for every verdict, zero where none. */
export type VerdictCounts = Record<Verdict, number>;

/** Counts of nothing. */
export function noVerdicts(): VerdictCounts {
  return { ok: 0, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 };
}
