import type { Mode } from '@ppe-pulse/protocol';
import type { Plural } from '../text/page-texts.ts';

/** Words of the rehearsal's strip, page and sections. */
export interface RehearsalTexts {
  readonly rehearsal: string;
  readonly noPlan: string;
  readonly noPlanHint: string;
  readonly sites: Plural;
  readonly stages: string;
  /** Stages that every site has reached. */
  readonly stagesOver: (count: string) => string;
  readonly stage: string;
  readonly track: string;
  readonly done: string;
  readonly due: string;
  readonly reached: string;
  readonly state: string;
  readonly mismatch: string;
  readonly readiness: string;
  readonly conditionsMet: (met: number, total: number) => string;
  readonly roomReady: string;
  readonly missing: string;
  readonly moreConditions: (count: string) => string;
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
  readonly unplannedTitle: string;
  readonly unplannedHint: string;
  readonly adopt: string;
  readonly failed: (detail: string) => string;
  readonly forecasts: string;
  readonly forecastCount: string;
  readonly inRange: string;
  readonly medianError: string;
  readonly bias: string;
  /** What is forecast now. */
  readonly forecastNow: string;
  readonly range: (low: string, high: string, mid: string) => string;
  readonly holdsUntil: (limit: string, chance: string) => string;
  readonly holdsWithin: (limit: string, chance: string) => string;
  readonly basedOn: (basis: string, ago: string) => string;
  readonly region: string;
  readonly municipality: string;
  readonly emForecast: string;
  readonly emHere: string;
  readonly emFinish: string;
  readonly speed: string;
  readonly slowest: string;
  readonly late: string;
  readonly noForecast: string;
  /** Workstations that missed the plan. */
  readonly behindTitle: string;
  readonly behindHint: (version: number) => string;
  readonly heldVersion: string;
  readonly noVersion: string;
  readonly lastHeard: string;
  readonly mode: string;
  readonly modes: Readonly<Record<Mode, string>>;
}
