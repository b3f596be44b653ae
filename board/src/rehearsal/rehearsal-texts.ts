import type { Plural } from '../text/page-texts.ts';

/** Words of the rehearsal's strip, page and sections. */
export interface RehearsalTexts {
  readonly rehearsal: string;
  readonly noPlan: string;
  readonly noPlanHint: string;
  readonly simulatedClock: (speed: string) => string;
  readonly next: (stage: string, time: string) => string;
  readonly nothingNext: string;
  readonly notYetHeard: (missing: string, planned: string) => string;
  readonly allHeard: string;
  readonly unplanned: (count: string) => string;
  readonly agentsBehind: (count: string) => string;
  readonly notInvolved: (count: string) => string;
  readonly sites: Plural;
  readonly stages: string;
  readonly stage: string;
  readonly track: string;
  readonly done: string;
  readonly due: string;
  readonly reached: string;
  readonly state: string;
  readonly mismatch: string;
  readonly readiness: string;
  readonly conditionsMet: (met: number, total: number) => string;
  readonly missing: string;
  readonly allConditions: string;
  readonly since: (time: string) => string;
  readonly printSheet: string;
  readonly claims: string;
  readonly noClaims: string;
  readonly claim: string;
  readonly takeBack: string;
  readonly tookBack: string;
  readonly rooms: string;
  readonly emDownload: string;
  readonly emProgress: (done: number, total: number, speed: string) => string;
  readonly unplannedTitle: string;
  readonly unplannedHint: string;
  readonly adopt: string;
  readonly failed: (detail: string) => string;
  readonly forecasts: string;
  readonly forecastCount: string;
  readonly inRange: string;
  readonly medianError: string;
  readonly bias: string;
}
