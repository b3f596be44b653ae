import {
  planTimes,
  stageCatalogue,
  stageTracks,
  trackOfRole,
  type ExamKind,
  type ModeRule,
  type Plan,
  type PlanTime,
  type Role,
  type StageId,
  type StageTrack,
} from '@ppe-pulse/protocol';

/** A time as the plan writes it, and the moment that it is in the region's zone. */
export interface WrittenTime {
  readonly written: PlanTime;
  /** Null where the plan has no exam to count from. */
  readonly atMs: number | null;
}

export interface StageTimesRow {
  readonly stage: StageId;
  readonly due: WrittenTime | null;
  readonly amber: WrittenTime | null;
  readonly red: WrittenTime | null;
}

export interface TrackTimes {
  readonly track: StageTrack;
  readonly rows: readonly StageTimesRow[];
}

/** The stages of each track that the plan rehearses, with their times in the region's zone. Pure. */
export function trackTimesOf(plan: Plan): readonly TrackTimes[] {
  const times = planTimes(plan);
  return tracksOfPlan(plan).map((track) => {
    const moment = (written: PlanTime | null): WrittenTime | null =>
      written === null ? null : { written, atMs: times.at(written, plan.timeZone, track) };
    const rows = plan.stages
      .filter(({ id }) => stageCatalogue[id].tracks.includes(track))
      .map(({ id, due, amber, red }) => ({
        stage: id,
        due: moment(due),
        amber: moment(amber),
        red: moment(red),
      }));
    return { track, rows };
  });
}

/** Tracks that a plan rehearses: those of its exams, and the video's. */
export function tracksOfPlan(plan: Plan): readonly StageTrack[] {
  const kinds = new Set<ExamKind>(plan.exams.map(({ kind }) => kind));
  return stageTracks.filter((track) =>
    track === 'video' ? plan.video !== null : kinds.has(track),
  );
}

/** When workstations of some roles are isolated or off. */
export interface ModeSpan {
  readonly mode: ModeRule['mode'];
  readonly roles: readonly Role[];
  readonly from: WrittenTime;
  readonly to: WrittenTime;
}

/** The plan's rules of modes as spans; roles whose times are the same stand together. Pure. */
export function modeSpansOf(plan: Plan): readonly ModeSpan[] {
  const times = planTimes(plan);
  return plan.modes.flatMap(({ mode, roles, from, to }) => {
    const spans = new Map<string, ModeSpan>();
    for (const role of new Set(roles)) {
      const moment = (written: PlanTime): WrittenTime => ({
        written,
        atMs: times.at(written, plan.timeZone, trackOfRole(role)),
      });
      const span = { mode, roles: [role], from: moment(from), to: moment(to) };
      const key = `${span.from.atMs} ${span.to.atMs}`;
      const known = spans.get(key);
      spans.set(key, known ? { ...known, roles: [...known.roles, role] } : span);
    }
    return [...spans.values()];
  });
}
