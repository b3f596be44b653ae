import {
  verdictWeight,
  worstVerdict,
  type LiveStage,
  type StageTrack,
  type Verdict,
} from '@ppe-pulse/protocol';

/** Stages of one procedure in the order of the plan. */
export interface TrackSteps {
  readonly track: StageTrack;
  readonly steps: readonly LiveStage[];
  /** The worst of its steps. */
  readonly verdict: Verdict;
}

/** The stages that a site has anything to do with, by procedure. Pure. */
export function tracksOf(stages: readonly LiveStage[]): TrackSteps[] {
  const tracks = new Map<StageTrack, LiveStage[]>();
  for (const stage of stages) {
    if (stage.total === 0) continue;
    const known = tracks.get(stage.track);
    if (known) known.push(stage);
    else tracks.set(stage.track, [stage]);
  }
  return [...tracks].map(([track, steps]) => ({
    track,
    steps,
    verdict: worstVerdict(steps.map(({ verdict }) => verdict)),
  }));
}

/** What the site is at now: the first that it has not reached behind the last that it has. */
export function currentOf(steps: readonly LiveStage[]): LiveStage | undefined {
  let last = -1;
  steps.forEach(({ reachedAtMs }, at) => {
    if (reachedAtMs !== null) last = at;
  });
  return steps.find(({ reachedAtMs }, at) => at > last && reachedAtMs === null);
}

/** The procedure to look at first; the first of the plan where none is worse. */
export function worstTrack(tracks: readonly TrackSteps[]): TrackSteps | undefined {
  let [worst] = tracks;
  for (const each of tracks)
    if (worst && verdictWeight(each.verdict) > verdictWeight(worst.verdict)) worst = each;
  return worst;
}
