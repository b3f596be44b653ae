import type { Plural } from '../text/page-texts.ts';

/** Words of the rehearsal of the download on the rehearsal's page. */
export interface EmPageTexts {
  readonly title: string;
  readonly hint: string;
  readonly sizeMb: string;
  readonly who: string;
  readonly involved: string;
  readonly codes: string;
  readonly codesHint: string;
  readonly when: string;
  readonly together: string;
  readonly spread: string;
  readonly minutes: string;
  readonly capMbit: string;
  readonly noCap: string;
  readonly start: string;
  readonly stop: string;
  readonly failed: (detail: string) => string;
  readonly standing: (state: string, done: number, total: number) => string;
  readonly sites: Plural;
  readonly earlier: string;
  readonly progress: string;
  readonly site: string;
  readonly state: string;
  readonly received: string;
  readonly took: string;
  readonly retries: string;
  readonly results: string;
  readonly done: string;
  readonly notDone: string;
  readonly tookSpread: string;
  readonly slowest: string;
  readonly failures: string;
  readonly noMunicipality: string;
  readonly whatIf: string;
  readonly serverMbit: string;
  readonly count: string;
  readonly whatIfNone: string;
  readonly whatIfAnswer: (of: {
    readonly sites: string;
    readonly half: string;
    readonly most: string;
    readonly last: string;
    readonly lastSite: string;
  }) => string;
  readonly saturated: (time: string) => string;
  readonly unknown: (sites: string) => string;
}
