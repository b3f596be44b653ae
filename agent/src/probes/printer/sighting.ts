import type { PrinterCondition, PrinterSource, Reason } from '@ppe-pulse/protocol';
import type { Lacking } from './keywords.ts';

/** A job that has not ended. Titles and owners are never asked for. */
export interface JobSighting {
  readonly id: number;
  readonly state: 'pending' | 'held' | 'processing' | 'stopped';
  readonly ageMs: number;
  /** Any number that grows while the job moves. */
  readonly progress: number;
  /** Pages of the whole job, where its spooler or its printer knows them. */
  readonly pages?: number;
}

/** A job that ended. */
export interface EndedJob {
  readonly id: number;
  readonly outcome: 'completed' | 'canceled' | 'aborted';
  /** Since its end. */
  readonly agoMs: number;
  /** From the start of its processing to its end. */
  readonly tookMs: number;
  readonly pages: number;
}

/** What one source says of a printer at one moment. */
export interface PrinterSighting {
  readonly source: PrinterSource;
  readonly state?: 'idle' | 'printing' | 'stopped';
  readonly conditions: readonly PrinterCondition[];
  /** Conditions that may be seen and must not alarm. */
  readonly remarks?: readonly PrinterCondition[];
  /** What one tray lacks: a fault once a job waits for it. `lowPaper` is among the conditions then. */
  readonly lacking?: Lacking;
  /** A queue looks for its device. */
  readonly isConnecting?: boolean;
  readonly jobs?: readonly JobSighting[];
  readonly ended?: readonly EndedJob[];
  /** Pages of the device's whole life. */
  readonly lifePages?: number;
  /** Smallest level of the markers, 0…1. */
  readonly tonerRatio?: number;
  /** Sheets in all trays that tell. */
  readonly paperSheets?: number;
  /** Where a queue sends its jobs; used here to look whether the device is there, sent nowhere. */
  readonly deviceUri?: string;
}

/** One look at a printer through one source. */
export type SourceLook =
  | { readonly kind: 'seen'; readonly sighting: PrinterSighting }
  | { readonly kind: 'failed'; readonly source: PrinterSource; readonly reason: Reason };
