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
  /** What the printer mentions and what must not alarm: a cold fuser, «other». */
  readonly remarks?: readonly PrinterCondition[];
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
  /** In all trays; missing where the printer does not tell. */
  readonly paperSheets?: number;
  /** Of its last print run, by its own counter. */
  readonly pagesPerMinute?: number;
}
