import type { CheckVerdict } from './messages/shared.ts';
import { verdictWeight, worstVerdict, type Verdict } from './truth.ts';

/** The verdict of a whole workstation and the reason of the check that decided it. */
export interface Standing {
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * Rolls checks up. A workstation that is not heard is `unknown`, or `silentByRule`, whatever its last
 * readings were: they are as old as the silence. One that takes no part is not judged. Otherwise the
 * worst check decides.
 */
export function standingOf(heartbeat: CheckVerdict, judged: readonly CheckVerdict[]): Standing {
  if (!isJudgedBy(heartbeat)) return { verdict: heartbeat.verdict, reason: heartbeat.reason };
  let worst: CheckVerdict = heartbeat;
  for (const check of judged) {
    // What nobody has planned yet is listed as unknown and is no news.
    if (check.reason === 'noPlan') continue;
    if (verdictWeight(check.verdict) > verdictWeight(worst.verdict)) worst = check;
  }
  return { verdict: worst.verdict, reason: worst.reason };
}

/** False where the readings of a workstation decide nothing: it is silent, or takes no part. */
export function isJudgedBy({ verdict }: CheckVerdict): boolean {
  return verdict === 'ok' || verdict === 'warn' || verdict === 'fail';
}

/** The verdict of checks alone, as a workstation sees itself: what needs the plan decides nothing. */
export function verdictOf(judged: readonly CheckVerdict[]): Verdict {
  return worstVerdict(
    judged.filter(({ reason }) => reason !== 'noPlan').map(({ verdict }) => verdict),
  );
}

/** Checks that are not `ok`, worst first, as boards list them; the silent check only when it speaks. */
export function problemsOf(
  heartbeat: CheckVerdict,
  judged: readonly CheckVerdict[],
): { id: string; verdict: Verdict; reason: string }[] {
  const all = isJudgedBy(heartbeat) ? [heartbeat, ...judged] : [heartbeat];
  // Nearly always nothing is wrong, and this is asked with every heartbeat.
  if (all.every((each) => each.verdict === 'ok')) return [];
  return all
    .filter((each) => verdictWeight(each.verdict) > verdictWeight('ok') && each.reason !== 'noPlan')
    .sort((a, b) => verdictWeight(b.verdict) - verdictWeight(a.verdict))
    .map(({ id, verdict, reason }) => ({ id, verdict, reason }));
}
