/** Where workstations of a stage stand; the collector's own tokens, in the order that they are shown. */
export const standings = [
  'confirmed',
  'trial',
  'staged',
  'fetching',
  'offered',
  'waiting',
  'relayFirst',
  'frozen',
  'notHere',
  'unable',
  'newer',
  'refused',
  'rolledBack',
  'silent',
] as const;
export type Standing = (typeof standings)[number];

export const scopes = ['site', 'municipality', 'all'] as const;
export type ScopeKind = (typeof scopes)[number];

/** `GET /api/v1/updates`. Times are RFC 3339. */
export interface UpdatesAnswer {
  readonly root: {
    readonly version: number;
    readonly threshold: number;
    readonly keys: number;
  } | null;
  readonly troublePercent: number;
  /** Newest added first. */
  readonly bundles: readonly BundleAnswer[];
  /** Newest first. */
  readonly stages: readonly StageAnswer[];
  readonly troubles: readonly TroubleAnswer[];
}

export interface BundleAnswer {
  readonly version: string;
  readonly bytes: number;
  readonly expiresAt: string;
  readonly addedAt: string;
  readonly addedBy: string;
}

export interface StageAnswer {
  readonly id: number;
  readonly version: string;
  readonly scope: ScopeKind;
  /** Code of the ППЭ or slug of the municipality; empty for all. */
  readonly place: string;
  readonly state: 'running' | 'paused' | 'stopped' | 'done';
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt: string | null;
  readonly progress: Readonly<Partial<Record<Standing, number>>>;
}

export interface TroubleAnswer {
  readonly id: string;
  readonly siteCode: string;
  readonly state: string;
  readonly reason: string;
  readonly at: string;
}

/** True while there is something to wait for, or to decide. */
export function isOpenStage({ state }: StageAnswer): boolean {
  return state === 'running' || state === 'paused';
}

/** How many workstations a stage reaches. */
export function totalOf({ progress }: StageAnswer): number {
  return standings.reduce((sum, each) => sum + (progress[each] ?? 0), 0);
}
