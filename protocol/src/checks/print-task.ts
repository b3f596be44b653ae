import type { PrintNorms } from '../plan/plan.ts';

/** What a room's printer has to print, and how far it is. */
export interface PrintTask {
  readonly norms: PrintNorms;
  /** Pages that came out since the key could be there; 0 before. */
  readonly printedPages: number;
}

/** Pages that are still to come. */
export function pagesLeft({ norms, printedPages }: PrintTask): number {
  return Math.max(0, norms.setsPerRoom * norms.pagesPerSet - printedPages);
}
