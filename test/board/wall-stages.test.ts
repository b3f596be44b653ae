import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stageIds, stageTracks, type LiveStage, type StageId } from '@ppe-pulse/protocol';
import { MAX_COLUMNS, funnelOf, partsOf } from '../../board/src/wall/funnel-steps.ts';
import { countdown } from '../../board/src/wall/countdown.ts';
import { milestonesOf, owedOf } from '../../board/src/wall/milestone.ts';

const at = (time: string): number => Date.parse(`2024-05-15T${time}:00+07:00`);
const nowMs = at('09:42');

const stageOf = (stage: StageId, part: Partial<LiveStage> = {}): LiveStage => ({
  stage,
  track: 'written',
  done: 0,
  total: 98,
  unknown: 0,
  late: 0,
  verdict: 'ok',
  reason: 'notDue',
  reachedAtMs: null,
  dueAtMs: null,
  isMismatch: false,
  ...part,
});

const reached = { done: 98, reason: 'reached', reachedAtMs: at('08:00') };
/** 09:42: three of 98 have no key yet, of two of these nobody knows. */
const day: readonly LiveStage[] = [
  stageOf('techPrep', reached),
  stageOf('emDownload', reached),
  stageOf('techControl', reached),
  stageOf('actsSent', reached),
  stageOf('videoOn', { done: 96, unknown: 2, dueAtMs: at('08:00') }),
  stageOf('stationsUp', { done: 96, unknown: 2, dueAtMs: at('09:00') }),
  stageOf('keyDownload', { done: 95, late: 1, unknown: 2, dueAtMs: at('09:30') }),
  stageOf('keyLoaded', { dueAtMs: at('10:00') }),
  stageOf('printing', { dueAtMs: at('10:00') }),
  stageOf('examStarted', { dueAtMs: at('10:20') }),
  stageOf('examFinished', { dueAtMs: at('13:30') }),
  stageOf('scanning', { dueAtMs: at('14:30') }),
  stageOf('packageSent', { dueAtMs: at('18:00') }),
];
const shown = (stages: readonly LiveStage[], maxColumns = MAX_COLUMNS): StageId[] =>
  funnelOf(stages, { nowMs, maxColumns }).columns.map(({ stage }) => stage.stage);
const changed = (id: StageId, part: Partial<LiveStage>): LiveStage[] =>
  day.map((each) => (each.stage === id ? { ...each, ...part } : each));

describe('the funnel of stages', () => {
  it('shows the stages around the one that is in play, in the order of the day', () => {
    expect(shown(day)).toEqual([
      'actsSent',
      'videoOn',
      'stationsUp',
      'keyDownload',
      'keyLoaded',
      'printing',
      'examStarted',
    ]);
    expect(shown(day, 4)).toEqual(['videoOn', 'stationsUp', 'keyDownload', 'keyLoaded']);
  });

  it.each([
    ['the last one that is due and not reached by all', day, 'keyDownload'],
    ['the one after, when all have reached it', changed('keyDownload', { done: 98 }), 'keyLoaded'],
    ['one that has begun before it is due', changed('printing', { done: 3 }), 'printing'],
    [
      'the first, before the day',
      day.map((each) => ({ ...each, done: 0, dueAtMs: null })),
      'techPrep',
    ],
    ['the last, after it', day.map((each) => ({ ...each, done: 98 })), 'packageSent'],
  ])('is about %s', (_, stages, expected) => {
    const { columns } = funnelOf(stages, { nowMs, maxColumns: MAX_COLUMNS });
    const current = columns.filter(({ isCurrent }) => isCurrent).map(({ stage }) => stage.stage);
    expect(current).toEqual([expected]);
  });

  it('keeps in sight what somebody is late with, and not what is only unheard', () => {
    expect(shown(changed('techPrep', { done: 97, late: 1 }))).toEqual([
      'techPrep',
      'actsSent',
      'videoOn',
      'stationsUp',
      'keyDownload',
      'keyLoaded',
      'printing',
    ]);
    expect(shown(changed('techPrep', { done: 96, unknown: 2 }))).not.toContain('techPrep');
  });

  it('is of an exam though every site has cameras, and of the video where there is no exam', () => {
    const written = stageOf('printing', { total: 28 });
    const video = stageOf('camsOn', { track: 'video', total: 32 });
    const trackOf = (stages: readonly LiveStage[]) =>
      funnelOf(stages, { nowMs, maxColumns: 7 }).columns.map(({ stage }) => stage.track);
    expect(trackOf([written, video])).toEqual(['written']);
    expect(trackOf([video])).toEqual(['video']);
  });

  it('is of the track that most sites go through; of others it tells only what is off', () => {
    const kege = (id: StageId, part: Partial<LiveStage> = {}): LiveStage =>
      stageOf(id, { track: 'kege', total: 20, ...part });
    const { columns, others } = funnelOf(
      [kege('keyDownload', { late: 2 }), kege('stationsUp', { done: 20 }), ...day],
      { nowMs, maxColumns: MAX_COLUMNS },
    );
    expect(new Set(columns.map(({ stage }) => stage.track))).toEqual(new Set(['written']));
    expect(others.map(({ stage, late }) => [stage, late])).toEqual([['keyDownload', 2]]);
  });

  it('leaves out stages that nobody goes through, and of none is empty', () => {
    expect(shown([stageOf('techPrep', { total: 0 })])).toEqual([]);
    expect(funnelOf([], { nowMs, maxColumns: MAX_COLUMNS })).toEqual({ columns: [], others: [] });
  });

  it('never draws an unknown one as done, nor more than there are', () => {
    expect(partsOf({ done: 95, total: 98, unknown: 2 }).done).toBeCloseTo(95 / 98);
    expect(partsOf({ done: 0, total: 0, unknown: 4 })).toEqual({ done: 0, unknown: 0 });
    const count = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(count, count, count, (done, total, unknown) => {
        const parts = partsOf({ done, total, unknown });
        expect(parts.done + parts.unknown).toBeLessThanOrEqual(1 + 1e-9);
        if (total > 0) expect(parts.done).toBe(Math.min(1, done / total));
      }),
    );
  });

  it('holds the current stage and never more columns than asked, whatever the day', () => {
    const anyStage = fc.record({
      stage: fc.constantFrom(...stageIds),
      track: fc.constantFrom(...stageTracks),
      done: fc.integer({ min: 0, max: 5 }),
      total: fc.integer({ min: 0, max: 5 }),
      late: fc.integer({ min: 0, max: 2 }),
      unknown: fc.integer({ min: 0, max: 2 }),
      dueAtMs: fc.option(fc.integer({ min: nowMs - 1e7, max: nowMs + 1e7 })),
    });
    const anyDay = fc.uniqueArray(anyStage, {
      selector: ({ stage, track }) => `${stage} ${track}`,
    });
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 3, max: 8 }), (parts, maxColumns) => {
        const stages = parts.map((part) => stageOf(part.stage, part));
        const { columns } = funnelOf(stages, { nowMs, maxColumns });
        expect(columns.length).toBeLessThanOrEqual(maxColumns);
        if (columns.length > 0)
          expect(columns.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
      }),
    );
  });
});

describe('the next milestone', () => {
  it('is the next deadline that not all have kept; of one moment what the day goes towards', () => {
    const { next, overdue } = milestonesOf(day, nowMs);
    expect(next).toEqual({
      stage: 'printing',
      dueAtMs: at('10:00'),
      done: 0,
      total: 98,
      isLate: false,
    });
    expect(overdue).toBeUndefined();
  });

  it('is counted from for ten minutes after it has passed, and not when all have kept it', () => {
    const after = milestonesOf(day, at('09:32'));
    expect([after.overdue?.stage, after.overdue?.done, after.next?.stage]).toEqual([
      'keyDownload',
      95,
      'printing',
    ]);
    expect(milestonesOf(changed('keyDownload', { done: 98 }), at('09:32')).overdue).toBeUndefined();
    expect(milestonesOf(day, at('09:40')).overdue).toBeUndefined();
  });

  it('is none after the last, nor without a plan', () => {
    expect(milestonesOf(day, at('23:00'))).toEqual({ next: undefined, overdue: undefined });
    expect(milestonesOf([], nowMs)).toEqual({ next: undefined, overdue: undefined });
  });

  it('speaks of the track that lacks most where several have one deadline: sums count a site twice', () => {
    const kege = stageOf('keyDownload', { track: 'kege', total: 20, dueAtMs: at('09:50') });
    const written = stageOf('keyDownload', { done: 90, dueAtMs: at('09:50') });
    expect(milestonesOf([written, kege], nowMs).next).toMatchObject({ done: 0, total: 20 });
  });

  it('is late by the plan’s amber time and not by the deadline, on any of its tracks', () => {
    const isLate = (...stages: readonly LiveStage[]) =>
      milestonesOf(stages, at('09:33')).overdue?.isLate;
    const due = { dueAtMs: at('09:30'), done: 95 };
    expect(isLate(stageOf('keyDownload', due))).toBe(false);
    expect(isLate(stageOf('keyDownload', { ...due, late: 1 }))).toBe(true);
    const kege = stageOf('keyDownload', { ...due, track: 'kege', done: 97, late: 1 });
    expect(isLate(stageOf('keyDownload', due), kege)).toBe(true);
    expect(isLate(kege, stageOf('keyDownload', due))).toBe(true);
  });

  it('is owed for as long as not all have kept it, the last one', () => {
    expect(owedOf(day, at('09:41'))).toMatchObject({ stage: 'keyDownload', done: 95, total: 98 });
    expect(owedOf(changed('keyDownload', { done: 98 }), at('09:41'))?.stage).toBe('stationsUp');
    expect(owedOf(day, at('07:00'))).toBeUndefined();
  });

  it('counts in minutes and seconds, with hours where there are any', () => {
    const spans = [0, 999, 61_000, 1_060_000, 3_600_000, 37_205_000, -5];
    expect(spans.map(countdown)).toEqual([
      '0:00',
      '0:00',
      '1:01',
      '17:40',
      '1:00:00',
      '10:20:05',
      '0:00',
    ]);
  });
});
