import {
  dayMsOf,
  wallMsOf,
  type Incident,
  type LiveStage,
  type ReplayMark,
  type ReplayMarks,
  type ReplaySpan,
} from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from '../state/database.ts';
import { MARKS } from './replay-limits.ts';

/** A stretch by the collector's clock. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface MarkSources {
  readonly database: StateDatabase;
  /** Of the region, by the plan that holds; times of the rehearsal's clock. */
  readonly stages: () => readonly Pick<LiveStage, 'stage' | 'track' | 'dueAtMs'>[];
}

type Details = Extract<ReplayMark, { kind: 'incident' }>['details'];

/** What happened in a stretch, for the slider: it only reads what others wrote. */
export function marksIn(
  { database, stages }: MarkSources,
  stretch: Stretch,
  spans: readonly ReplaySpan[],
): ReplayMarks {
  const all = [
    ...incidentMarks(database, stretch),
    ...planMarks(database, stretch),
    ...claimMarks(database, stretch, spans),
    ...dueMarks(stages(), stretch, spans),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const items = all.slice(0, MARKS);
  return { items, incidents: incidentsOf(database, items), isCut: all.length > items.length };
}

function incidentMarks(database: StateDatabase, { fromMs, toMs }: Stretch): ReplayMark[] {
  return database
    .all(
      `SELECT incident_id, at_ms, made_by, kind, note, details FROM incident_log
       WHERE at_ms BETWEEN ? AND ? ORDER BY at_ms, id LIMIT ?`,
      fromMs,
      toMs,
      MARKS + 1,
    )
    .map((row) => ({
      kind: 'incident',
      atMs: Number(row.at_ms),
      incidentId: `i-${Number(row.incident_id)}`,
      step: String(row.kind),
      by: String(row.made_by),
      note: String(row.note),
      details: JSON.parse(String(row.details)) as Details,
    }));
}

function planMarks(database: StateDatabase, { fromMs, toMs }: Stretch): ReplayMark[] {
  return database
    .all(
      `SELECT version, applied_by, at_ms, note FROM plan_versions
       WHERE at_ms BETWEEN ? AND ? ORDER BY version LIMIT ?`,
      fromMs,
      toMs,
      MARKS + 1,
    )
    .map((row) => ({
      kind: 'plan',
      atMs: Number(row.at_ms),
      version: Number(row.version),
      by: String(row.applied_by),
      note: String(row.note),
    }));
}

/** Claims have the time of their day; those of a played day belong to its last showing. */
function claimMarks(
  database: StateDatabase,
  stretch: Stretch,
  spans: readonly ReplaySpan[],
): ReplayMark[] {
  const played = spans.findLast(({ day }) => day !== null);
  const views = [...livedIn(stretch, spans), ...(played ? [within(played, stretch)] : [])];
  return views.flatMap((view) => {
    const dayFromMs = Math.round(dayMsOf(view.day, view.fromMs));
    const dayToMs = Math.round(dayMsOf(view.day, view.toMs));
    return database
      .all(
        'SELECT * FROM claims WHERE at_ms BETWEEN ? AND ? ORDER BY at_ms, id LIMIT ?',
        dayFromMs,
        dayToMs,
        MARKS + 1,
      )
      .flatMap((row) => claimMark(row, wallMsOf(view.day, Number(row.at_ms))));
  });
}

function claimMark(row: SqlRow, atMs: number | undefined): ReplayMark[] {
  if (atMs === undefined) return [];
  return [
    {
      kind: 'claim',
      atMs: Math.round(atMs),
      siteCode: String(row.site_code),
      roomCode: typeof row.room_code === 'string' ? row.room_code : null,
      track: String(row.track),
      stage: String(row.stage),
      isMade: row.is_made === 1,
      by: String(row.made_by),
      note: String(row.note),
    },
  ];
}

/** Deadlines of the plan, once for each showing of the day. */
function dueMarks(
  stages: ReturnType<MarkSources['stages']>,
  stretch: Stretch,
  spans: readonly ReplaySpan[],
): ReplayMark[] {
  const played = spans.filter(({ day }) => day !== null).map((span) => within(span, stretch));
  const views = [...livedIn(stretch, spans), ...played];
  return views.flatMap(({ fromMs, toMs, day }) =>
    stages.flatMap(({ stage, track, dueAtMs }): ReplayMark[] => {
      const atMs = dueAtMs === null ? undefined : wallMsOf(day, dueAtMs);
      if (atMs === undefined || atMs < fromMs || atMs > toMs) return [];
      return [{ kind: 'due', atMs: Math.round(atMs), track, stage }];
    }),
  );
}

/** The stretch by its own clock; none where all of it was played: those times are of another clock. */
function livedIn(stretch: Stretch, spans: readonly ReplaySpan[]): ReplaySpan[] {
  const shown = spans.filter(
    ({ fromMs, toMs }) => fromMs <= stretch.toMs && toMs >= stretch.fromMs,
  );
  const isPlayed = shown.length > 0 && shown.every(({ day }) => day !== null);
  return isPlayed ? [] : [{ ...stretch, day: null }];
}

function within(span: ReplaySpan, { fromMs, toMs }: Stretch): ReplaySpan {
  return {
    ...span,
    fromMs: Math.max(span.fromMs, fromMs),
    toMs: Math.min(span.toMs, toMs),
  };
}

function incidentsOf(database: StateDatabase, marks: readonly ReplayMark[]): Incident[] {
  const ids = new Set(
    marks.flatMap((mark) => (mark.kind === 'incident' ? [Number(mark.incidentId.slice(2))] : [])),
  );
  if (ids.size === 0) return [];
  return database
    .all(
      'SELECT body FROM incidents WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id',
      JSON.stringify([...ids]),
    )
    .map((row) => JSON.parse(String(row.body)) as Incident);
}
