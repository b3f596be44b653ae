import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ReplaySpan } from '@ppe-pulse/protocol';
import { createIncidentStore } from '../../server/src/incidents/incident-store.ts';
import { createClaims } from '../../server/src/rehearsal/claims.ts';
import { marksIn } from '../../server/src/replay/marks.ts';
import { MARKS } from '../../server/src/replay/replay-limits.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { incidentOf } from '../support/board-page.ts';
import { tempDir } from '../support/temp-dir.ts';

const MINUTE_MS = 60_000;
/** Lived: 09:42 in Kuzbass. */
const WALL_MS = Date.parse('2024-05-15T02:42:00Z');
const stretch = { fromMs: WALL_MS, toMs: WALL_MS + 60 * MINUTE_MS };

function state(): StateDatabase {
  const database = openState(join(tempDir(), 'state.sqlite'));
  onTestFinished(() => database.close());
  return database;
}

function written(database: StateDatabase): void {
  const incidents = createIncidentStore(database);
  incidents.put(incidentOf(7, { openedAtMs: WALL_MS + MINUTE_MS }));
  const entry = { incidentId: 'i-7', note: '', details: {}, requestId: null };
  incidents.addLog({ ...entry, atMs: WALL_MS + MINUTE_MS, by: 'collector', kind: 'opened' });
  incidents.addLog({
    ...entry,
    atMs: WALL_MS + 2 * MINUTE_MS,
    by: 'duty',
    kind: 'comment',
    note: 'меняют кабель',
  });
  // Before and after the stretch.
  for (const atMs of [WALL_MS - 1, stretch.toMs + 1])
    incidents.addLog({ ...entry, atMs, by: 'duty', kind: 'ack' });
  database.run(
    `INSERT INTO plan_versions (version, plan_id, applied_by, at_ms, note, text)
     VALUES (3, 'p', 'planner', ?, 'сдвиг', '')`,
    WALL_MS + 3 * MINUTE_MS,
  );
}

const claim = {
  siteCode: '4216',
  roomCode: null,
  track: 'exam',
  stage: 'printing',
  done: null,
  isMade: true,
  by: 'ppe',
  note: '',
} as unknown as Parameters<ReturnType<ReturnType<typeof createClaims>>['add']>[0];

describe('marks of the replay', () => {
  it('are what people did and what the collector saw, with the incidents that they speak of', () => {
    const database = state();
    written(database);
    const found = marksIn({ database, stages: () => [] }, stretch, []);
    expect(found.items).toMatchObject([
      { kind: 'incident', step: 'opened', by: 'collector', incidentId: 'i-7' },
      { kind: 'incident', step: 'comment', by: 'duty', note: 'меняют кабель' },
      { kind: 'plan', version: 3, by: 'planner', note: 'сдвиг' },
    ]);
    expect(found.incidents.map(({ id }) => id)).toEqual(['i-7']);
    expect(found.isCut).toBe(false);
  });

  it('have claims and deadlines of a day that is lived at their own time', () => {
    const database = state();
    createClaims(database)('p').add({ ...claim, atMs: WALL_MS + 5 * MINUTE_MS });
    const dueAtMs = WALL_MS + 4 * MINUTE_MS;
    const stages = () => [{ stage: 'printing', track: 'exam', dueAtMs }] as never;
    const span: ReplaySpan = { ...stretch, day: null };
    expect(marksIn({ database, stages }, stretch, [span]).items).toMatchObject([
      { kind: 'due', atMs: dueAtMs, stage: 'printing' },
      { kind: 'claim', atMs: WALL_MS + 5 * MINUTE_MS, siteCode: '4216', isMade: true },
    ]);
  });

  it('have deadlines of a played day at each of its showings, claims at the last', () => {
    const database = state();
    const dayMs = Date.parse('2024-03-05T03:00:00Z');
    const showing = (fromMs: number): ReplaySpan => ({
      fromMs,
      toMs: fromMs + 20 * MINUTE_MS,
      day: { atMs: fromMs, nowMs: dayMs, speed: 2 },
    });
    const spans = [showing(stretch.fromMs), showing(stretch.fromMs + 30 * MINUTE_MS)];
    createClaims(database)('p').add({ ...claim, atMs: dayMs + 10 * MINUTE_MS });
    const stages = () =>
      [{ stage: 'printing', track: 'exam', dueAtMs: dayMs + 20 * MINUTE_MS }] as never;
    const { items } = marksIn({ database, stages }, stretch, spans);
    expect(items.map(({ kind, atMs }) => [kind, (atMs - WALL_MS) / MINUTE_MS])).toEqual([
      ['due', 10],
      ['claim', 35],
      ['due', 40],
    ]);
  });

  it('are bounded, and say so when there were more', () => {
    const database = state();
    const incidents = createIncidentStore(database);
    incidents.put(incidentOf(1));
    database.transaction(() => {
      for (let at = 0; at <= MARKS; at += 1)
        incidents.addLog({
          incidentId: 'i-1',
          atMs: WALL_MS + at,
          by: 'duty',
          kind: 'comment',
          note: '',
          details: {},
          requestId: null,
        });
    });
    const found = marksIn({ database, stages: () => [] }, stretch, []);
    expect(found.items).toHaveLength(MARKS);
    expect(found.isCut).toBe(true);
  });
});
