import type { PrinterCondition, PrinterFacts, PrintTask } from '@ppe-pulse/protocol';
import { SETS, printingOf, type Printing } from '../day.ts';
import { between, walkBetween } from '../random.ts';
import { localTimeOf, momentOf } from '../simulated-time.ts';
import { struckBy, struckForMs, type SimulatedProbe, type View } from './probe.ts';

const MINUTE = 60_000;
/** A cartridge and a tray that somebody fills again. */
const TONER_PAGES = 9_000;
const TONER_CHANGED_AT = 0.3;
const TRAY_SHEETS = 500;
/** A queue that has not moved for a minute is stuck, as the real probe says it. */
const STUCK_MS = 60_000;
/** Looking for the end of a printing. */
const LOOK_MS = 10_000;
const LONGEST_PRINT_MS = 8 * 3_600_000;
/** `slowPrint`: one page in a quarter of a minute. */
const SLOW_PAGES_PER_MINUTE = 4;

export const printerProbe: SimulatedProbe = {
  name: 'printer',
  periodMs: 10_000,
  device: 1,
  isOn: ({ hasPrinter }) => hasPrinter,
  look: (view) => {
    const run = runOf(view);
    const facts = factsOf(view, run);
    return {
      facts: { subject: 'printer', facts },
      metrics: {
        'printer.queue.jobs': facts.queueJobs,
        'printer.job.seconds': run.isPrinting ? run.secondsOfSet : 0,
        'printer.stuck.seconds': facts.stuckMs / 1_000,
        'printer.toner.ratio': facts.tonerRatio ?? 0,
        'printer.paper.sheets': run.sheets,
        'printer.pages.count': run.pages,
        ...(run.isPrinting ? { 'printer.speed.pagesPerMinute': run.pagesPerMinute } : {}),
        'printer.proof.seconds': (facts.proofAgeMs ?? 0) / 1_000,
      },
    };
  },
};

/** Where the day's printing stands. */
interface Run {
  /** Page counter of the device. */
  readonly pages: number;
  readonly sheets: number;
  readonly isPrinting: boolean;
  readonly setsLeft: number;
  readonly pagesPerMinute: number;
  readonly secondsOfSet: number;
  /** Since the last page. */
  readonly proofAgeMs: number;
}

function runOf(view: View): Run {
  const { workstation, local, atMs } = view;
  const { day, minute } = local;
  const printing = printingOf(workstation, day);
  const fromMs = momentOf({ day, minute: printing.fromMinute }, view.utcOffsetMinutes);
  const printed = printedPages(view, printing, fromMs);
  const isPrinting = minute >= printing.fromMinute && printed < printing.pages;
  const isSlow = struckBy(view, 'slowPrint') !== undefined;
  const pagesPerMinute = isSlow
    ? SLOW_PAGES_PER_MINUTE
    : printing.pagesPerMinute *
      walkBetween({ seed: workstation.salt, name: 'ppm', periodMs: MINUTE }, atMs, [0.9, 1]);
  const pagesOfSet = printing.pages / Math.max(1, printing.sets);
  // A page of the morning's test came out before anybody asked.
  const before = Math.round(between(workstation.salt, 'pages before', [800, 60_000]));
  const testedMs = momentOf({ day, minute: 8 * 60 + 20 }, view.utcOffsetMinutes);
  const lastPageMs =
    minute < 8 * 60 + 20
      ? testedMs - 24 * 60 * MINUTE + 2 * 60 * MINUTE
      : printed > 0
        ? Math.min(atMs, fromMs + (printed / printing.pagesPerMinute) * MINUTE)
        : testedMs;
  return {
    pages: before + pagesUntil(view, day) + Math.floor(printed),
    sheets: Math.max(0, TRAY_SHEETS - Math.floor(printed)),
    isPrinting,
    setsLeft: isPrinting ? Math.ceil((printing.pages - printed) / pagesOfSet) : 0,
    pagesPerMinute,
    secondsOfSet: (pagesOfSet / pagesPerMinute) * 60,
    proofAgeMs: Math.max(0, atMs - lastPageMs),
  };
}

/** Pages of the day so far: a printer that stands prints nothing, a slow one a little. */
function printedPages(view: View, printing: Printing, fromMs: number): number {
  if (view.atMs <= fromMs) return 0;
  const standsMs = struckForMs(
    view,
    ['printerJam', 'outOfPaper', 'noToner', 'stuckQueue', 'powerCut', 'pcAsleep', 'pcRebooted'],
    fromMs,
  );
  const slowMs = struckForMs(view, ['slowPrint'], fromMs);
  const goesMs = Math.max(0, view.atMs - fromMs - standsMs - slowMs);
  const fullMs = goesMs - pausedMs(view, printing, goesMs);
  const pages = (fullMs * printing.pagesPerMinute + slowMs * SLOW_PAGES_PER_MINUTE) / MINUTE;
  return Math.min(printing.pages, pages);
}

/** Of a planned printing: somebody looks at the first sets, or puts paper in. */
function pausedMs({ workstation }: View, printing: Printing, goesMs: number): number {
  if (workstation.timetable.paper === null) return 0;
  const takesMs = (printing.pages / printing.pagesPerMinute) * MINUTE;
  const afterMs = takesMs * between(workstation.salt, 'pause at', [0.1, 0.9]);
  const pauseMs = between(workstation.salt, 'pause', [0, 2]) * MINUTE;
  return Math.min(pauseMs, Math.max(0, goesMs - afterMs));
}

/** What the plan lets this workstation print and how far it is; null where it prints no sets. */
export function printTaskOf(view: View): PrintTask | null {
  const { workstation, local, utcOffsetMinutes } = view;
  const { printNorms: norms, timetable } = workstation;
  if (!norms) return null;
  if (timetable.day !== local.day) return { norms, printedPages: 0 };
  const printing = printingOf(workstation, local.day);
  const fromMs = momentOf({ day: local.day, minute: printing.fromMinute }, utcOffsetMinutes);
  return { norms, printedPages: Math.floor(printedPages(view, printing, fromMs)) };
}

/** When a room's sets are all out, stops and pauses included; looked for in steps of ten seconds. */
export function printedAtMs(view: Omit<View, 'atMs' | 'local' | 'bootedAtMs'>): number | undefined {
  const { workstation, utcOffsetMinutes } = view;
  const { day } = workstation.timetable;
  if (day === null) return undefined;
  const printing = printingOf(workstation, day);
  if (printing.pages === 0) return undefined;
  const fromMs = momentOf({ day, minute: printing.fromMinute }, utcOffsetMinutes);
  for (let atMs = fromMs; atMs < fromMs + LONGEST_PRINT_MS; atMs += LOOK_MS) {
    const local = localTimeOf(atMs, utcOffsetMinutes);
    if (printedPages({ ...view, atMs, local, bootedAtMs: 0 }, printing, fromMs) >= printing.pages)
      return atMs;
  }
  return undefined;
}

/** No week prints more: rooms × sets × pages at their largest. */
const PAGES_A_WEEK = 7 * SETS * 25;

/** The counter of all days before, so that it only ever rises: of the last week exactly. */
function pagesUntil({ workstation }: View, day: number): number {
  const only = workstation.timetable.day;
  if (only !== null) return day > only ? printingOf(workstation, only).pages : 0;
  const week = Math.floor(day / 7) * 7;
  let pages = (week / 7 - 2_500) * PAGES_A_WEEK;
  for (let each = week; each < day; each += 1) pages += printingOf(workstation, each).pages;
  return pages;
}

function factsOf(view: View, run: Run): PrinterFacts {
  const conditions = conditionsOf(view);
  const stuck = struckBy(view, 'stuckQueue');
  const stuckMs = stuck ? view.atMs - stuck.fromMs : 0;
  const used = (run.pages % TONER_PAGES) / TONER_PAGES;
  const isPrinting = run.isPrinting || stuck !== undefined;
  return {
    state: conditions.length > 0 ? 'stopped' : isPrinting ? 'printing' : 'idle',
    conditions,
    source: 'ipp',
    isDeviceHeard: true,
    queueJobs: stuck ? Math.max(1, run.setsLeft) : run.setsLeft,
    stuckMs,
    isStuck: stuckMs > STUCK_MS,
    abortedJobs: 0,
    tonerRatio: struckBy(view, 'noToner')
      ? 0
      : Math.round((1 - (1 - TONER_CHANGED_AT) * used) * 100) / 100,
    proofAgeMs: run.proofAgeMs,
  };
}

function conditionsOf(view: View): PrinterCondition[] {
  const conditions: PrinterCondition[] = [];
  if (struckBy(view, 'printerJam')) conditions.push('jam');
  if (struckBy(view, 'outOfPaper')) conditions.push('noPaper');
  if (struckBy(view, 'noToner')) conditions.push('noToner');
  return conditions;
}
