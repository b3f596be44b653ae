import type { ScannerFacts } from '../facts/scanner.ts';
import type { Evidence } from '../messages/shared.ts';
import type { Judgement } from './check.ts';
import { factsCheck } from './facts-check.ts';
import type { Reason } from './reasons.ts';
import type { Thresholds } from './thresholds.ts';

/** `domain.md`, check 17. The window of the test scan comes with the plan; a day is the default. */
export const scannerState = factsCheck({
  id: 'scanner.state',
  subject: 'scanner',
  family: 'scanner',
  roles: ['hq', 'organizer', 'scan'],
  expectedBy: ['scan'],
  mainMetric: 'scanner.reply.ms',
  maxAgeMs: 45_000,
  judge: judgeScanner,
});

function judgeScanner(facts: ScannerFacts, limits: Thresholds): Judgement {
  const { test } = facts;
  const evidence: Evidence = {
    source: facts.source,
    state: facts.state,
    ...(facts.driverProblem === undefined ? {} : { driverProblem: facts.driverProblem }),
    ...(facts.feeder === undefined ? {} : { feeder: facts.feeder }),
    ...(test ? { testAgeMs: Math.round(test.ageMs), test: test.reason } : {}),
  };
  const fail = (reason: Reason): Judgement => ({ verdict: 'fail', reason, evidence });
  if (!facts.isPresent) return fail('scannerAbsent');
  if (facts.driverProblem !== undefined) return fail('driverFailed');
  if (facts.isServiceUp === false) return fail('serviceDown');
  if (facts.state === 'stopped' || facts.state === 'down') return fail('scannerStopped');
  if (facts.feeder === 'jam') return fail('scannerJam');
  if (facts.feeder === 'coverOpen') return fail('scannerCoverOpen');
  // A scan that failed is news until a later one succeeds.
  if (test && test.reason !== 'ok') return fail(test.reason);
  if (!test) return { verdict: 'warn', reason: 'testNever', evidence };
  if (test.ageMs > limits.scannerTestMs) return { verdict: 'warn', reason: 'testOld', evidence };
  return { verdict: 'ok', reason: 'ok', evidence };
}
