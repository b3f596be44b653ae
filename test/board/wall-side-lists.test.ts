import { describe, expect, it } from 'vitest';
import type { Incident, LiveStage } from '@ppe-pulse/protocol';
import {
  FLOOD_WINDOW_MS,
  floodGroups,
  isFlood,
  openedLately,
} from '../../board/src/wall-side/flood.ts';
import { tallyOf, wallOrder } from '../../board/src/wall-side/side-order.ts';
import { stageInPlay } from '../../board/src/wall-side/site-stage.ts';
import { newCriticals, spokenWallOf } from '../../board/src/wall-side/spoken-summary.ts';
import { BOARD_MS, MINUTE_MS, incidentOf } from '../support/board-page.ts';

const ago = (minutes: number): number => BOARD_MS - minutes * MINUTE_MS;
const ids = (incidents: readonly Incident[]): string[] => incidents.map(({ id }) => id);
const taken = { acknowledgedAtMs: BOARD_MS, acknowledgedBy: 'duty' };

describe('the order of the wall', () => {
  it('has what is new and nobody’s on top, then what somebody has, then warnings, then what is set aside', () => {
    const incidents = [
      incidentOf(1, { snoozedUntilMs: BOARD_MS + MINUTE_MS }),
      incidentOf(2, { severity: 'warning', openedAtMs: ago(1) }),
      incidentOf(3, { ...taken, openedAtMs: ago(1) }),
      incidentOf(4, { openedAtMs: ago(9) }),
      incidentOf(5, { openedAtMs: ago(2) }),
      incidentOf(6, { ...taken, openedAtMs: ago(7) }),
      incidentOf(7, { severity: 'warning', ...taken }),
      incidentOf(8, { assignee: 'coordinator', openedAtMs: ago(8) }),
    ];
    expect(ids(wallOrder(incidents))).toEqual([
      'i-5',
      'i-4',
      'i-8',
      'i-6',
      'i-3',
      'i-2',
      'i-7',
      'i-1',
    ]);
  });

  it('has what is wider than a site before what is not', () => {
    const wide = incidentOf(1, { level: 'provider', siteCode: null, openedAtMs: ago(30) });
    expect(ids(wallOrder([incidentOf(2, { openedAtMs: ago(0) }), wide]))).toEqual(['i-1', 'i-2']);
  });

  it('keeps one that ends in its place', () => {
    const ended = incidentOf(1, {
      resolvedAtMs: BOARD_MS,
      resolution: 'healed',
      openedAtMs: ago(1),
    });
    expect(ids(wallOrder([incidentOf(2), ended]))).toEqual(['i-1', 'i-2']);
  });

  it('is the same whatever the order of arrival', () => {
    const incidents = Array.from({ length: 9 }, (_, at) =>
      incidentOf(at + 1, { openedAtMs: ago(at % 3), ...(at % 2 === 0 ? taken : {}) }),
    );
    expect(ids(wallOrder(incidents.toReversed()))).toEqual(ids(wallOrder(incidents)));
  });
});

describe('the head of the list', () => {
  it('counts what is open and what has no owner: neither taken nor assigned nor set aside', () => {
    expect(
      tallyOf([
        incidentOf(1),
        incidentOf(2, taken),
        incidentOf(3, { assignee: 'provider' }),
        incidentOf(4, { silencedUntilMs: BOARD_MS + 1 }),
        incidentOf(5, { severity: 'warning' }),
        incidentOf(6, { resolvedAtMs: BOARD_MS, resolution: 'fixed' }),
      ]),
    ).toEqual({ open: 5, ownerless: 2, critical: 4, setAside: 1 });
  });
});

describe('a flood', () => {
  const opened = (count: number, part: Partial<Incident> = {}): Incident[] =>
    Array.from({ length: count }, (_, at) =>
      incidentOf(at + 1, { openedAtMs: ago(1) + at, ...part }),
    );

  it.each([
    [10, false, false],
    [11, false, true],
    [6, true, true],
    [5, true, false],
  ])('with %d in ten minutes, in flood before: %s, now: %s', (lately, was, now) => {
    expect(isFlood(lately, was)).toBe(now);
  });

  it('counts what ended meanwhile, but not what lives on in a wider one or is older', () => {
    const ended = [
      incidentOf(20, { resolution: 'healed', openedAtMs: ago(5) }),
      incidentOf(21, { resolution: 'folded', openedAtMs: ago(5) }),
    ];
    const open = [...opened(3), incidentOf(9, { openedAtMs: BOARD_MS - FLOOD_WINDOW_MS })];
    expect(openedLately({ open, ended }, BOARD_MS)).toBe(4);
  });

  it('is grouped by what most of it has in common: the kind of check, then the municipality', () => {
    const portals = [1, 2, 3, 4].map((number) =>
      incidentOf(number, {
        kind: 'net.portal',
        municipality: `m-${number}`,
        siteCode: `420${number}`,
        openedAtMs: ago(4),
      }),
    );
    const yurga = ['printer.state', 'scanner.state', 'camera.stream'].map((kind, at) =>
      incidentOf(10 + at, { kind, municipality: 'yurga', openedAtMs: ago(3) }),
    );
    const groups = floodGroups([...yurga, ...portals], BOARD_MS);
    expect(groups.map(({ cause, incidents }) => [cause, incidents.length])).toEqual([
      [{ by: 'kind', kind: 'net.portal', municipality: null }, 4],
      [{ by: 'municipality', municipality: 'yurga' }, 3],
    ]);
    expect(groups[0]?.sites).toBe(4);
  });

  it('names the municipality of a kind that fails in one only', () => {
    expect(floodGroups(opened(3, { kind: 'printer.state' }), BOARD_MS)[0]?.cause).toEqual({
      by: 'kind',
      kind: 'printer.state',
      municipality: 'kemerovo',
    });
  });

  it('leaves a wide incident as it is: a cause by itself', () => {
    const wide = incidentOf(9, { level: 'provider', siteCode: null, sites: 14 });
    const groups = floodGroups([wide, ...opened(3)], BOARD_MS);
    expect(groups.find(({ cause }) => cause.by === 'incident')?.incidents).toEqual([wide]);
  });

  it('has what came first on top, though it is only a warning; what is older is not of the flood', () => {
    const first = incidentOf(30, {
      kind: 'pc.ups',
      severity: 'warning',
      municipality: 'yurga',
      openedAtMs: ago(9),
    });
    const older = incidentOf(31, {
      kind: 'clone',
      municipality: 'tayga',
      openedAtMs: ago(50),
      ...taken,
    });
    const groups = floodGroups([...opened(4), older, first], BOARD_MS);
    expect(groups.map((group) => [group.first.id, group.isFirstOut])).toEqual([
      ['i-30', true],
      ['i-1', false],
      ['i-31', false],
    ]);
  });

  it('loses none and tells none twice', () => {
    const all = Array.from({ length: 60 }, (_, at) =>
      incidentOf(at + 1, {
        kind: ['net.portal', 'printer.state', 'pc.ups', 'clone'][at % 4] ?? '',
        municipality: at % 7 === 0 ? null : `m-${at % 5}`,
        openedAtMs: ago(at % 10),
      }),
    );
    const told = floodGroups(all, BOARD_MS).flatMap(({ incidents }) => ids(incidents));
    expect(told.sort()).toEqual(ids(all).sort());
  });
});

describe('the stage of a site', () => {
  const stage = (part: Partial<LiveStage>): LiveStage => ({
    stage: 'printing',
    track: 'written',
    done: 0,
    total: 20,
    unknown: 0,
    late: 0,
    verdict: 'ok',
    reason: 'notDue',
    reachedAtMs: null,
    dueAtMs: BOARD_MS,
    isMismatch: false,
    ...part,
  });

  it('is the worst that is late, else the next that is due', () => {
    const reached = stage({ stage: 'keyDownload', reachedAtMs: BOARD_MS });
    const next = stage({ stage: 'printing', dueAtMs: BOARD_MS + 1 });
    const later = stage({ stage: 'scanning', dueAtMs: BOARD_MS + 9 });
    const late = stage({ stage: 'videoOn', verdict: 'fail' });
    expect(stageInPlay([reached, later, next])?.stage).toBe('printing');
    expect(stageInPlay([reached, later, next, late])?.stage).toBe('videoOn');
  });

  it('is none when all are behind it, or have nothing to reach', () => {
    expect(stageInPlay([])).toBeUndefined();
    expect(stageInPlay([stage({ reachedAtMs: 1 }), stage({ total: 0 })])).toBeUndefined();
  });
});

describe('what a screen reader hears', () => {
  const mapOf = (...incidents: readonly Incident[]) =>
    new Map(incidents.map((each) => [each.id, each]));

  it('is counts and the worst that nobody set aside', () => {
    const { tally, worst } = spokenWallOf(
      mapOf(
        incidentOf(1, { silencedUntilMs: BOARD_MS + 1 }),
        incidentOf(2, { severity: 'warning' }),
      ),
    );
    expect(tally.open).toBe(2);
    expect(worst?.id).toBe('i-2');
    expect(spokenWallOf(mapOf()).worst).toBeUndefined();
  });

  it('interrupts for a critical one that is new, not for what was there, a drill, or a warning', () => {
    const start = newCriticals(undefined, mapOf(incidentOf(1)));
    expect(start.fresh).toEqual([]);
    const next = newCriticals(
      start.known,
      mapOf(
        incidentOf(1),
        incidentOf(2),
        incidentOf(3, { isDrill: true }),
        incidentOf(4, { severity: 'warning' }),
        incidentOf(5, { snoozedUntilMs: BOARD_MS + 1 }),
      ),
    );
    expect(ids(next.fresh)).toEqual(['i-2']);
    expect(newCriticals(next.known, mapOf(incidentOf(1), incidentOf(2))).fresh).toEqual([]);
  });

  it('interrupts for a warning that became critical', () => {
    const { known } = newCriticals(undefined, mapOf(incidentOf(1, { severity: 'warning' })));
    expect(ids(newCriticals(known, mapOf(incidentOf(1))).fresh)).toEqual(['i-1']);
  });
});
