import type { PrinterCondition, PrinterFacts } from '../facts/printer.ts';
import type { Evidence } from '../messages/shared.ts';
import { judgeLower, type Judgement } from './check.ts';
import { factsCheck, noPlanYet, type FactsCheck } from './facts-check.ts';
import { pagesLeft, type PrintTask } from './print-task.ts';
import type { Reason } from './reasons.ts';
import type { Thresholds } from './thresholds.ts';

/** These wait for nobody: paper does not come out whatever one sends. In order of telling. */
const failing: ReadonlySet<PrinterCondition> = new Set([
  'jam',
  'coverOpen',
  'noPaper',
  'noToner',
  'offline',
  'spoolerDown',
  'paused',
  'trayMissing',
  'outputFull',
  'serviceNeeded',
  'printerError',
  'notAccepting',
]);

/** A job that may still be within the limit of its case is shown from here on: a minute is seen. */
const STILL_SHOWN_MS = 60_000;

/** `domain.md`, check 13. */
export const printerState: FactsCheck<'printer'> = factsCheck({
  id: 'printer.state',
  subject: 'printer',
  family: 'printer',
  roles: ['hq', 'organizer', 'print'],
  expectedBy: ['organizer', 'print'],
  mainMetric: 'printer.queue.jobs',
  maxAgeMs: 30_000,
  judge: judgePrinter,
});

/**
 * `domain.md`, check 14. How many sheets are needed the plan says; without one the check is listed so
 * that nobody takes its absence for a yes.
 */
export const printerPaper = factsCheck({
  id: 'printer.paper',
  subject: 'printer',
  family: 'printer',
  roles: ['organizer', 'print'],
  expectedBy: [],
  mainMetric: 'printer.paper.sheets',
  maxAgeMs: 60_000,
  judge: judgePaper,
});

/** `domain.md`, check 15: what is left to print, by the printer's speed or else by the plan's. */
export const printerEta = factsCheck({
  id: 'printer.eta',
  subject: 'printer',
  family: 'printer',
  roles: ['organizer', 'print'],
  expectedBy: [],
  mainMetric: 'printer.speed.pagesPerMinute',
  maxAgeMs: 60_000,
  judge: judgeEta,
});

/** The window of the technical control comes with the plan; the age of the last page is known. */
export const printerTestPage = factsCheck({
  id: 'printer.testPage',
  subject: 'printer',
  family: 'printer',
  roles: ['organizer', 'print'],
  expectedBy: [],
  mainMetric: 'printer.proof.seconds',
  maxAgeMs: 60_000,
  judge: noPlanYet,
});

function judgePaper(
  { paperSheets }: PrinterFacts,
  limits: Thresholds,
  print: PrintTask | null,
): Judgement | undefined {
  if (!print) return noPlanYet();
  // Most printers on a cable do not tell: somebody has to look, and no check can.
  if (paperSheets === undefined) return undefined;
  const pages = pagesLeft(print);
  return judgeLower(paperSheets, {
    warn: Math.ceil(pages * limits.paperOkRatio),
    fail: Math.ceil(pages * limits.paperWarnRatio),
    warnReason: 'lowPaper',
    failReason: 'tooLow',
  });
}

/** The time that may be taken says how fast the printer must be. */
function judgeEta(facts: PrinterFacts, limits: Thresholds, print: PrintTask | null): Judgement {
  if (!print) return noPlanYet();
  const pages = pagesLeft(print);
  const speedFor = (ms: number): number => Math.ceil((pages * 60_000) / ms);
  return judgeLower(facts.pagesPerMinute ?? print.norms.pagesPerMinute, {
    warn: speedFor(limits.printOkMs),
    fail: speedFor(limits.printWarnMs),
    warnReason: 'tooSlow',
    failReason: 'tooSlow',
  });
}

function judgePrinter(facts: PrinterFacts, limits: Thresholds): Judgement {
  const evidence = evidenceOf(facts);
  const fail = (reason: Reason): Judgement => ({ verdict: 'fail', reason, evidence });
  const warn = (reason: Reason): Judgement => ({ verdict: 'warn', reason, evidence });
  const broken = facts.conditions.find((each) => failing.has(each));
  if (broken !== undefined) return fail(broken);
  if (facts.isStuck) return fail('stuckQueue');
  if (facts.state === 'stopped') return fail('paused');
  if (facts.abortedJobs > 0) return warn('jobsAborted');
  if (facts.stuckMs > STILL_SHOWN_MS) return warn('stuckQueue');
  const low = facts.conditions[0] ?? facts.remarks?.[0];
  if (low !== undefined) return warn(low);
  const isProven =
    facts.isDeviceHeard ||
    (facts.proofAgeMs !== undefined && facts.proofAgeMs <= limits.printerProofMs);
  // «Printing» of a spooler is its hope too; the stuck rule ends it within a minute.
  if (!isProven && facts.state === 'idle') {
    return { verdict: 'unknown', reason: 'idleUnproven', evidence };
  }
  return { verdict: 'ok', reason: 'ok', evidence };
}

function evidenceOf(facts: PrinterFacts): Evidence {
  return {
    value: facts.queueJobs,
    source: facts.source,
    state: facts.state,
    ...(facts.stuckMs > 0 ? { stuckMs: Math.round(facts.stuckMs) } : {}),
    ...(facts.abortedJobs > 0 ? { abortedJobs: facts.abortedJobs } : {}),
    ...(facts.tonerRatio === undefined ? {} : { tonerRatio: facts.tonerRatio }),
    ...(facts.proofAgeMs === undefined ? {} : { proofAgeMs: Math.round(facts.proofAgeMs) }),
  };
}
