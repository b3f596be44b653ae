/** Whom a stage reaches: one ППЭ, the ППЭ of a municipality, or all. */
export type StageScope =
  | { readonly kind: 'site'; readonly siteCode: string }
  | { readonly kind: 'municipality'; readonly slug: string }
  | { readonly kind: 'all' };

export const scopeKinds = [
  'site',
  'municipality',
  'all',
] as const satisfies readonly StageScope['kind'][];

/** `paused`: by itself, after too much trouble; a person lets it go on, or stops it. */
export const stageStates = ['running', 'paused', 'stopped', 'done'] as const;
export type StageState = (typeof stageStates)[number];

/** A part of the fleet that is brought to a version. Begun by a person, never by itself. */
export interface Stage {
  readonly id: number;
  readonly version: string;
  readonly scope: StageScope;
  readonly state: StageState;
  readonly startedAtMs: number;
  /** Account that began it. */
  readonly startedBy: string;
  readonly endedAtMs: number | null;
  /** Trouble that a person has seen when he let it go on: it pauses the stage no second time. */
  readonly forgiven: number;
}

/** How far one workstation is. `waiting`: nothing was offered, or it is offered again later. */
export const targetStates = [
  'waiting',
  'offered',
  'fetching',
  'staged',
  'trial',
  'confirmed',
  'rolledBack',
  'refused',
  'silent',
] as const;
export type TargetState = (typeof targetStates)[number];

/** What is known of one workstation and one version. Times are the collector's wall clock. */
export interface Target {
  readonly workstationId: string;
  readonly state: TargetState;
  /** Token: the agent's own word, or why the collector thinks so; empty for nothing to say. */
  readonly reason: string;
  /** Of the last sign of progress. */
  readonly atMs: number;
  /** Offers that came to nothing, in a row. */
  readonly tries: number;
  /** It is not offered before. */
  readonly againAtMs: number;
  /** Since when it is away while it should not be; null while it is here. */
  readonly goneAtMs: number | null;
}

/** What the fleet shows of one workstation now. */
export interface FleetAgent {
  readonly id: string;
  readonly siteCode: string;
  /** Slug; empty where no registry says it. */
  readonly municipality: string;
  /** That it was last heard with; null for never. */
  readonly version: string | null;
  /** It has a connection now, its own or its relay's. */
  readonly isHere: boolean;
  /** It said that it takes updates; false while it is away. */
  readonly canUpdate: boolean;
  /** The relay that it is here through, null for its own connection. */
  readonly relayId: string | null;
  /** It speaks for the other workstations of its ППЭ. */
  readonly isRelay: boolean;
  /** The live plan says that nothing may change on it now. */
  readonly isFrozen: boolean;
}

/** The target of a workstation of which nothing is known yet. */
export function untouched(workstationId: string): Target {
  return {
    workstationId,
    state: 'waiting',
    reason: '',
    atMs: 0,
    tries: 0,
    againAtMs: 0,
    goneAtMs: null,
  };
}

/** True where a stage reaches the workstation. */
export function isInScope(
  scope: StageScope,
  { siteCode, municipality }: Pick<FleetAgent, 'siteCode' | 'municipality'>,
): boolean {
  switch (scope.kind) {
    case 'site':
      return scope.siteCode === siteCode;
    case 'municipality':
      return scope.slug === municipality;
    case 'all':
      return true;
  }
}

/** True while somebody may be offered something, now or after a person let it go on. */
export function isOpenStage({ state }: Pick<Stage, 'state'>): boolean {
  return state === 'running' || state === 'paused';
}

/** The code or the slug of a scope, empty for all. */
export function placeOf(scope: StageScope): string {
  switch (scope.kind) {
    case 'site':
      return scope.siteCode;
    case 'municipality':
      return scope.slug;
    case 'all':
      return '';
  }
}
