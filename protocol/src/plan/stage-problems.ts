import { stageCatalogue } from '../stages/stage-catalogue.ts';
import { stageTracks, type StageId, type StageTrack } from '../stages/stage.ts';
import type { Plan, StagePlan } from './plan.ts';
import { defaultStages } from './plan-defaults.ts';
import type { PlanTimes } from './plan-times.ts';
import { planError, type PlanProblem } from './plan-problem.ts';

/** Contradictions of one stage's times, and stages due before the one they follow. */
export function stageProblems(plan: Plan, times: PlanTimes): PlanProblem[] {
  const tracks = stageTracks.filter(
    (track) =>
      (track === 'video' && plan.video !== null) || plan.exams.some(({ kind }) => kind === track),
  );
  const found = [
    ...plan.stages.flatMap((stage) =>
      tracksOfStage(stage.id, tracks).flatMap((track) => limitProblems(plan, stage, times, track)),
    ),
    ...tracks.flatMap((track) => orderProblems(plan, track, times)),
  ];
  // What is wrong in one set of stages is mostly wrong in all: it is told of once.
  const places = new Map(
    found.map((problem) => [`${problem.reason} ${problem.path.join('/')}`, problem]),
  );
  return [...places.values()];
}

function tracksOfStage(id: StageId, tracks: readonly StageTrack[]): StageTrack[] {
  return tracks.filter((track) => stageCatalogue[id].tracks.includes(track));
}

function limitProblems(
  plan: Plan,
  stage: StagePlan,
  times: PlanTimes,
  track: StageTrack,
): PlanProblem[] {
  const { id, due, amber, red } = stage;
  const at = (time: string | null): number | null =>
    time === null ? null : times.at(time, plan.timeZone, track);
  const [dueMs, amberMs, redMs] = [at(due), at(amber), at(red)];
  const values = { stage: id, due: due ?? '', amber: amber ?? '', red: red ?? '' };
  const problems: PlanProblem[] = [];
  for (const key of ['amber', 'red'] as const) {
    const time = values[key];
    if (due === null && time !== '')
      problems.push(planError(['stages', id, key], 'limitWithoutDue', { stage: id, key, time }));
  }
  const placeIn = (key: Limit, other: Limit) => placeOf([stage, key], [stage, other]);
  if (isBefore(amberMs, dueMs))
    problems.push(planError(placeIn('amber', 'due'), 'amberBeforeDue', values));
  if (isBefore(redMs, amberMs))
    problems.push(planError(placeIn('red', 'amber'), 'redBeforeAmber', values));
  else if (isBefore(redMs, dueMs))
    problems.push(planError(placeIn('red', 'due'), 'redBeforeDue', values));
  return problems;
}

type Limit = 'due' | 'amber' | 'red';
type Place = readonly [stage: StagePlan, key: Limit];

/** Of two times that contradict each other the one that is not by default, or the first. */
function placeOf(first: Place, second: Place): PlanProblem['path'] {
  const [stage, key] = isDefault(first) && !isDefault(second) ? second : first;
  return ['stages', stage.id, key];
}

function isDefault([stage, key]: Place): boolean {
  return defaultStages.some(({ id, [key]: time }) => id === stage.id && time === stage[key]);
}

function isBefore(aMs: number | null, bMs: number | null): boolean {
  return aMs !== null && bMs !== null && aMs < bMs;
}

/** Within a track stages follow one another: each is compared with the latest before it. */
function orderProblems(plan: Plan, track: StageTrack, times: PlanTimes): PlanProblem[] {
  const problems: PlanProblem[] = [];
  let latest: { readonly stage: StagePlan; readonly dueMs: number } | null = null;
  for (const stage of plan.stages) {
    if (stage.due === null || tracksOfStage(stage.id, [track]).length === 0) continue;
    const dueMs = times.at(stage.due, plan.timeZone, track);
    if (dueMs === null) continue;
    if (latest !== null && dueMs < latest.dueMs) {
      problems.push(
        planError(placeOf([stage, 'due'], [latest.stage, 'due']), 'stageBeforePredecessor', {
          stage: stage.id,
          due: stage.due,
          predecessor: latest.stage.id,
          predecessorDue: latest.stage.due ?? '',
        }),
      );
    } else latest = { stage, dueMs };
  }
  return problems;
}
