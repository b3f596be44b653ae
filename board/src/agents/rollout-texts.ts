import type { ScopeKind, StageAnswer, Standing } from './rollout-shapes.ts';

/** Words of rolling a version of the agent out. */
export interface RolloutTexts {
  readonly title: string;
  readonly hint: string;
  readonly noRoot: string;
  readonly none: string;
  readonly failed: string;
  readonly upload: string;
  readonly uploading: (percent: string) => string;
  readonly bundle: (version: string, expires: string) => string;
  readonly expired: string;
  readonly version: string;
  readonly who: string;
  readonly scopes: Readonly<Record<ScopeKind, string>>;
  readonly siteCode: string;
  readonly municipality: string;
  readonly begin: string;
  readonly beginReally: string;
  readonly stop: string;
  readonly stopReally: string;
  readonly goOn: string;
  readonly goOnReally: string;
  readonly stage: (version: string, place: string, state: string) => string;
  readonly place: (scope: ScopeKind, name: string) => string;
  readonly states: Readonly<Record<StageAnswer['state'], string>>;
  readonly pausedHint: (percent: string) => string;
  readonly begun: (by: string, at: string) => string;
  readonly done: (confirmed: string, total: string) => string;
  readonly standings: Readonly<Record<Standing, string>>;
  readonly troubles: string;
  readonly workstation: string;
  readonly what: string;
  readonly when: string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly earlier: string;
}
