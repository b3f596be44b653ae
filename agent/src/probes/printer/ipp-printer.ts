import type { PrinterCondition } from '@ppe-pulse/protocol';
import type { IppAttributes, IppValue } from './ipp-message.ts';
import { readReasons } from './keywords.ts';
import type { EndedJob, JobSighting, PrinterSighting } from './sighting.ts';
import { isAllEmpty, sheetsIn } from './trays.ts';

/** What is asked of a printer. No names of people or documents among them. */
export const printerAttributes = [
  'printer-state',
  'printer-state-reasons',
  'printer-is-accepting-jobs',
  'printer-up-time',
  'printer-state-change-time',
  'queued-job-count',
  'marker-levels',
  'marker-types',
  'printer-supply',
  'printer-input-tray',
  'device-uri',
];

/** What is asked of jobs. */
export const jobAttributes = [
  'job-id',
  'job-state',
  'time-at-creation',
  'time-at-processing',
  'time-at-completed',
  'job-printer-up-time',
  'job-impressions-completed',
  'job-media-sheets-completed',
  'job-impressions',
  'job-media-sheets',
];

const printerStates = { 3: 'idle', 4: 'printing', 5: 'stopped' } as const;
const activeStates = { 3: 'pending', 4: 'held', 5: 'processing', 6: 'stopped' } as const;
const endedStates = { 7: 'canceled', 8: 'aborted', 9: 'completed' } as const;
const IDLE = 3;
/** Times of change are whole seconds: within one, a second change looks like the first. */
const SETTLED_S = 2;
const consumable = /toner|ink|cartridge|ribbon|wax/i;

/** A Get-Printer-Attributes reply as a sighting. Only a queue of a spooler has a device URI. */
export function sightingOf(printer: IppAttributes): PrinterSighting {
  const state = lookUp(printerStates, first(printer, 'printer-state'));
  const deviceUri = text(printer, 'device-uri');
  const reasons = readReasons(texts(printer, 'printer-state-reasons'));
  const trays = trayLevels(printer);
  const lacking = isAllEmpty(trays) ? undefined : reasons.lacking;
  // With nothing in any tray it does not matter which of them was meant.
  const conditions: PrinterCondition[] = [...reasons.conditions];
  if (reasons.lacking && !lacking) conditions.push('noPaper');
  if (first(printer, 'printer-is-accepting-jobs') === false) conditions.push('notAccepting');
  if (state === 'stopped' && !conditions.includes('paused')) conditions.push('paused');
  const tonerRatio = markerRatio(printer);
  const paperSheets = sheetsIn(trays);
  return {
    source: deviceUri === undefined ? 'ipp' : 'queue',
    conditions,
    ...(reasons.remarks.length === 0 ? {} : { remarks: reasons.remarks }),
    ...(lacking ? { lacking } : {}),
    ...(reasons.isConnecting ? { isConnecting: true } : {}),
    ...(state ? { state } : {}),
    ...(deviceUri === undefined ? {} : { deviceUri }),
    ...(tonerRatio === undefined ? {} : { tonerRatio }),
    ...(paperSheets === undefined ? {} : { paperSheets }),
  };
}

/**
 * Since when the printer has been idle with an empty queue, on its own clock: while this stays the
 * same there are no jobs, and none has come and gone. Undefined when it works, or does not tell.
 */
export function restingSince(printer: IppAttributes): number | undefined {
  const since = number(printer, 'printer-state-change-time');
  const now = number(printer, 'printer-up-time');
  const isEmpty = number(printer, 'queued-job-count') === 0;
  if (since === undefined || now === undefined || !isEmpty) return undefined;
  return first(printer, 'printer-state') === IDLE && now - since >= SETTLED_S ? since : undefined;
}

/** Jobs that have not ended. Ages are on the printer's own clock, so no skew comes in. */
export function activeJobs(jobs: readonly IppAttributes[]): JobSighting[] {
  return jobs.flatMap((job) => {
    const id = number(job, 'job-id');
    const state = lookUp(activeStates, first(job, 'job-state'));
    if (id === undefined || state === undefined) return [];
    const pages = Math.max(
      number(job, 'job-impressions') ?? 0,
      number(job, 'job-media-sheets') ?? 0,
    );
    return [
      {
        id,
        state,
        ageMs: sinceMs(job, 'time-at-creation'),
        progress:
          (number(job, 'job-impressions-completed') ?? 0) +
          (number(job, 'job-media-sheets-completed') ?? 0),
        ...(pages > 0 ? { pages } : {}),
      },
    ];
  });
}

/** Jobs that ended. */
export function endedJobs(jobs: readonly IppAttributes[]): EndedJob[] {
  return jobs.flatMap((job) => {
    const id = number(job, 'job-id');
    const outcome = lookUp(endedStates, first(job, 'job-state'));
    const endedAt = number(job, 'time-at-completed');
    if (id === undefined || outcome === undefined || endedAt === undefined) return [];
    const startedAt = number(job, 'time-at-processing') ?? endedAt;
    return [
      {
        id,
        outcome,
        agoMs: sinceMs(job, 'time-at-completed'),
        tookMs: Math.max(0, endedAt - startedAt) * 1_000,
        pages: Math.max(
          number(job, 'job-impressions-completed') ?? 0,
          number(job, 'job-media-sheets-completed') ?? 0,
        ),
      },
    ];
  });
}

/** CUPS: `marker-levels` in percent, −1…−3 unknown; printers: `printer-supply` with key=value. */
function markerRatio(printer: IppAttributes): number | undefined {
  const types = texts(printer, 'marker-types');
  const levels = (printer.get('marker-levels') ?? []).flatMap((level, at) => {
    const isInk = types[at] === undefined || consumable.test(types[at] ?? '');
    return typeof level === 'number' && level >= 0 && isInk ? [level / 100] : [];
  });
  const supplies = texts(printer, 'printer-supply').flatMap((supply) => {
    const fields = fieldsOf(supply);
    const level = Number(fields.get('level'));
    const most = Number(fields.get('maxcapacity'));
    const isInk = consumable.test(fields.get('type') ?? '');
    return isInk && level >= 0 && most > 0 ? [level / most] : [];
  });
  const all = [...levels, ...supplies].filter((each) => each >= 0 && each <= 1);
  return all.length === 0 ? undefined : Math.min(...all);
}

function trayLevels(printer: IppAttributes): number[] {
  return texts(printer, 'printer-input-tray').map((tray) => Number(fieldsOf(tray).get('level')));
}

function fieldsOf(line: string): ReadonlyMap<string, string> {
  const pairs = line.slice(0, 1_024).split(';');
  return new Map(
    pairs.map((pair): [string, string] => {
      const [key = '', value = ''] = pair.split('=', 2);
      return [key.trim().toLowerCase(), value.trim()];
    }),
  );
}

function sinceMs(job: IppAttributes, name: string): number {
  const then = number(job, name);
  const now = number(job, 'job-printer-up-time');
  return then === undefined || now === undefined ? 0 : Math.max(0, now - then) * 1_000;
}

function lookUp<T>(table: Readonly<Record<number, T>>, value: IppValue | undefined): T | undefined {
  return typeof value === 'number' ? table[value] : undefined;
}

function first(attributes: IppAttributes, name: string): IppValue | undefined {
  return attributes.get(name)?.[0];
}

function number(attributes: IppAttributes, name: string): number | undefined {
  const value = first(attributes, name);
  return typeof value === 'number' ? value : undefined;
}

function text(attributes: IppAttributes, name: string): string | undefined {
  const value = first(attributes, name);
  return typeof value === 'string' ? value : undefined;
}

function texts(attributes: IppAttributes, name: string): string[] {
  return (attributes.get(name) ?? []).filter((each) => typeof each === 'string');
}
