import type { PrinterCondition } from '@ppe-pulse/protocol';
import type { EndedJob, JobSighting, PrinterSighting } from './sighting.ts';

/**
 * What winspool.drv answers, as numbers. Meanings are Microsoft's documented constants
 * (PRINTER_INFO_2 and JOB_INFO_1 of the Print Spooler API); unverified on Windows with a real printer.
 */
export interface WinspoolReading {
  readonly status: number;
  readonly attributes: number;
  readonly jobs: readonly WinspoolJob[];
}

/** A job of the Windows spooler. No document and no user among its fields. */
export interface WinspoolJob {
  readonly id: number;
  readonly status: number;
  readonly pagesPrinted: number;
  readonly totalPages: number;
  /** Since its submission, by the PC's clock. */
  readonly ageMs: number;
}

/** PRINTER_STATUS_…: bits of the printer. */
const printerBits: readonly [number, PrinterCondition][] = [
  [0x0000_0001, 'paused'],
  [0x0000_0002, 'printerError'],
  [0x0000_0008, 'jam'],
  [0x0000_0010, 'noPaper'],
  [0x0000_0040, 'noPaper'],
  [0x0000_0080, 'offline'],
  [0x0000_0800, 'outputFull'],
  [0x0000_1000, 'offline'],
  [0x0002_0000, 'lowToner'],
  [0x0004_0000, 'noToner'],
  [0x0010_0000, 'serviceNeeded'],
  [0x0040_0000, 'coverOpen'],
];
/** PRINTER_ATTRIBUTE_WORK_OFFLINE. */
const WORK_OFFLINE = 0x0400;
const PRINTING = 0x0400;

/** JOB_STATUS_…: often only the job carries the error. */
const jobBits: readonly [number, PrinterCondition][] = [
  [0x0002, 'printerError'],
  [0x0020, 'offline'],
  [0x0040, 'noPaper'],
  [0x0200, 'printerError'],
  [0x0400, 'serviceNeeded'],
];
const JOB_PAUSED = 0x0001;
const JOB_SPOOLING = 0x0008;
const JOB_PRINTING = 0x0010;
/** «Printed»; «complete» says only that it was handed over. */
const JOB_PRINTED = 0x0080;
const JOB_ENDED = JOB_PRINTED | 0x0100 | 0x1000;

/** The spooler's word. Without a job it never asked the printer, whatever it says. */
export function winspoolSighting(reading: WinspoolReading): PrinterSighting {
  const jobs = reading.jobs.filter(({ status }) => (status & JOB_ENDED) === 0);
  const conditions = new Set<PrinterCondition>();
  for (const [bit, condition] of printerBits)
    if ((reading.status & bit) !== 0) conditions.add(condition);
  if ((reading.attributes & WORK_OFFLINE) !== 0) conditions.add('offline');
  for (const job of jobs) {
    for (const [bit, condition] of jobBits) if ((job.status & bit) !== 0) conditions.add(condition);
  }
  const isPrinting =
    (reading.status & PRINTING) !== 0 || jobs.some(({ status }) => (status & JOB_PRINTING) !== 0);
  return {
    source: 'winspool',
    state: conditions.has('paused') ? 'stopped' : isPrinting ? 'printing' : 'idle',
    conditions: [...conditions],
    jobs: jobs.map(jobSighting),
    ended: reading.jobs.filter(({ status }) => (status & JOB_PRINTED) !== 0).map(printedJob),
  };
}

/** When it came out is not told: not before it was submitted, so the proof is never made younger. */
function printedJob({ id, ageMs, pagesPrinted, totalPages }: WinspoolJob): EndedJob {
  const pages = Math.max(pagesPrinted, totalPages);
  return { id, outcome: 'completed', agoMs: Math.max(0, ageMs), tookMs: 0, pages };
}

function jobSighting(job: WinspoolJob): JobSighting {
  const is = (bit: number): boolean => (job.status & bit) !== 0;
  return {
    id: job.id,
    // A job that is still being spooled grows by its pages and is not the printer's yet.
    state: is(JOB_PAUSED) ? 'held' : is(JOB_PRINTING) ? 'processing' : 'pending',
    ageMs: Math.max(0, job.ageMs),
    ...(job.totalPages > 0 ? { pages: job.totalPages } : {}),
    progress: job.pagesPrinted + (is(JOB_SPOOLING) ? job.totalPages : 0),
  };
}
