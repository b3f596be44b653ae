import type { Evidence } from '../messages/shared.ts';
import { factsCheck, noPlanYet, type FactsCheck } from './facts.ts';
import type { Judgement } from './check.ts';
import type { Reason } from './reasons.ts';
import type { Thresholds } from './thresholds.ts';

/** What can be wrong with a printer, in the words of this product; sources are mapped onto it. */
export const printerConditions = [
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
  'lowPaper',
  'lowToner',
] as const;
export type PrinterCondition = (typeof printerConditions)[number];

/**
 * Where a printer's state was read, the most trusted first. `queue` and `winspool` are a spooler's own
 * opinion; `usb` and `port` say only that the device is there.
 */
export const printerSources = ['snmp', 'ipp', 'usb', 'port', 'queue', 'winspool'] as const;
export type PrinterSource = (typeof printerSources)[number];

/** One printer as all of its sources together see it. */
export interface PrinterFacts {
  readonly state: 'idle' | 'printing' | 'stopped';
  readonly conditions: readonly PrinterCondition[];
  /** The source that the state was taken from. */
  readonly source: PrinterSource;
  /**
   * False when no source has spoken with the device itself: a spooler calls a printer that is
   * switched off «idle», so an idle queue proves nothing.
   */
  readonly isDeviceHeard: boolean;
  readonly queueJobs: number;
  /** For how long a waiting job has not moved; 0 when nothing waits. */
  readonly stuckMs: number;
  /** True once `stuckMs` is past the limit of its case. */
  readonly isStuck: boolean;
  /** Jobs that the printer aborted in the last minutes. */
  readonly abortedJobs: number;
  /** Smallest level of the markers, 0…1. */
  readonly tonerRatio?: number;
  /** Age of the last page that is known to have come out. */
  readonly proofAgeMs?: number;
}

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

/** Sets of paper need the plan; the check is listed so that nobody takes its absence for a yes. */
export const printerPaper = factsCheck({
  id: 'printer.paper',
  subject: 'printer',
  family: 'printer',
  roles: ['organizer', 'print'],
  expectedBy: [],
  mainMetric: 'printer.paper.sheets',
  maxAgeMs: 60_000,
  judge: noPlanYet,
});

/** The forecast of the room's print needs the plan's sets. */
export const printerEta = factsCheck({
  id: 'printer.eta',
  subject: 'printer',
  family: 'printer',
  roles: ['organizer', 'print'],
  expectedBy: [],
  mainMetric: 'printer.speed.pagesPerMinute',
  maxAgeMs: 60_000,
  judge: noPlanYet,
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

function judgePrinter(facts: PrinterFacts, limits: Thresholds): Judgement {
  const evidence = evidenceOf(facts);
  const fail = (reason: Reason): Judgement => ({ verdict: 'fail', reason, evidence });
  const warn = (reason: Reason): Judgement => ({ verdict: 'warn', reason, evidence });
  const broken = facts.conditions.find((each) => failing.has(each));
  if (broken !== undefined) return fail(broken);
  if (facts.isStuck) return fail('stuckQueue');
  if (facts.state === 'stopped') return fail('paused');
  if (facts.abortedJobs > 0) return warn('jobsAborted');
  const low = facts.conditions[0];
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
