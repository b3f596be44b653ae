import { scopeKinds, isOpenStage, placeOf, type Stage, type StageScope } from './rollout.ts';

/** Why a stage may not begin. */
export type StageRefusal =
  | 'otherRuns'
  | 'stagePaused'
  | 'siteFirst'
  | 'municipalityFirst'
  | 'sameStage'
  | 'nobodyThere';

/** What is known when somebody begins a stage. */
export interface StageAsked {
  readonly version: string;
  readonly scope: StageScope;
  /** Newest first, of all versions. */
  readonly stages: readonly Stage[];
  /** Agents that the scope holds, and those of them that confirmed the version already. */
  readonly reaches: number;
  /** Whether a stage has shown that the version is good, see `isProven`. */
  readonly isProvenIn: (stage: Stage) => boolean;
  /** Some agent is of a municipality: else there is no such step between one ППЭ and all. */
  readonly hasMunicipalities: boolean;
}

/**
 * Whether a person may begin this stage: one version at a time, and first a ППЭ, then a municipality,
 * then all, each when the one before has proven the version. Pure.
 */
export function refusedStage(asked: StageAsked): StageRefusal | null {
  const { version, scope, stages, reaches, isProvenIn, hasMunicipalities } = asked;
  const open = stages.find(isOpenStage);
  if (open && open.version !== version) return 'otherRuns';
  if (open?.state === 'paused') return 'stagePaused';
  if (open?.scope.kind === scope.kind && placeOf(open.scope) === placeOf(scope)) return 'sameStage';
  if (reaches === 0) return 'nobodyThere';
  const wasProven = (kind: StageScope['kind']): boolean =>
    stages.some(
      (stage) =>
        stage.version === version &&
        scopeKinds.indexOf(stage.scope.kind) >= scopeKinds.indexOf(kind) &&
        isProvenIn(stage),
    );
  if (scope.kind !== 'site' && !wasProven('site')) return 'siteFirst';
  if (scope.kind === 'all' && hasMunicipalities && !wasProven('municipality'))
    return 'municipalityFirst';
  return null;
}
