import type { CollectorProblem } from '@ppe-pulse/protocol';

const diskTokens: ReadonlySet<string> = new Set([
  'diskNearlyFull',
  'diskBudgetNearlyFull',
  'diskBudgetExceeded',
]);
/** The store that stands still for a moment while it starts anew is nobody's work. */
const storeTokens: ReadonlySet<string> = new Set([
  'storeRestarting',
  'influxUnreachable',
  'bufferNearlyFull',
  'poisonedPoints',
]);

/** What is wrong with the collector itself, by what it warns of. Pure. */
export function collectorProblemsOf(facts: {
  readonly isCutOff: boolean;
  /** Tokens of the series store. */
  readonly storeWarnings: readonly string[];
}): CollectorProblem[] {
  const problems: CollectorProblem[] = [];
  if (facts.isCutOff) problems.push({ kind: 'collector.line', reason: 'cutOff', evidence: {} });
  const { storeWarnings } = facts;
  // One line for the store: what it does not take comes before what will not fit.
  if (storeWarnings.some((token) => storeTokens.has(token)))
    problems.push({ kind: 'collector.store', reason: 'storeFailing', evidence: {} });
  else if (storeWarnings.some((token) => diskTokens.has(token)))
    problems.push({ kind: 'collector.store', reason: 'diskNearlyFull', evidence: {} });
  return problems;
}
