import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayClockOf } from '../../board/src/incidents/day-clock.ts';
import { everything, passes } from '../../board/src/incidents/filters.ts';
import { nodesAround } from '../../board/src/incidents/node-name.ts';
import {
  ENDED_SHOWN_MS,
  isUntaken,
  linesOf,
  urgencyOf,
  worstIncidentsFirst,
} from '../../board/src/incidents/order.ts';
import { newRequestId } from '../../board/src/incidents/request-id.ts';
import { BOARD_MS, MINUTE_MS, incidentOf, overviewOf } from '../support/board-page.ts';

const ids = (incidents: readonly { readonly id: string }[]): string[] =>
  incidents.map(({ id }) => id);

describe('the order of incidents', () => {
  const old = incidentOf(3, { openedAtMs: BOARD_MS - 50 * MINUTE_MS });
  const fresh = incidentOf(9);
  const warning = incidentOf(1, {
    severity: 'warning',
    openedAtMs: BOARD_MS - 90 * MINUTE_MS,
  });
  const silenced = incidentOf(2, { silencedUntilMs: BOARD_MS + MINUTE_MS });

  it('is criticals, then warnings, then what is set aside; the oldest first', () => {
    expect(ids(worstIncidentsFirst([silenced, warning, fresh, old]))).toEqual([
      'i-3',
      'i-9',
      'i-1',
      'i-2',
    ]);
  });

  it('has what is wider than a site above older ones of a site', () => {
    const provider = incidentOf(10, { level: 'provider', siteCode: null, sites: 14 });
    const clocks = { ...warning, id: 'i-11', level: 'municipality' as const };
    expect(ids(worstIncidentsFirst([warning, clocks, fresh, old, provider]))).toEqual([
      'i-10',
      'i-3',
      'i-9',
      'i-11',
      'i-1',
    ]);
  });

  it('keeps every line in its place whatever else changes in it', () => {
    const change = fc.record({
      children: fc.nat(500),
      acknowledgedAtMs: fc.option(fc.constant(BOARD_MS), { nil: null }),
      assignee: fc.constantFrom(null, 'provider' as const),
      isUnstable: fc.boolean(),
      isDrill: fc.boolean(),
      notes: fc.nat(9),
    });
    const before = [old, fresh, warning, silenced];
    fc.assert(
      fc.property(fc.tuple(change, change, change, change), (parts) => {
        const after = before.map((incident, at) => ({ ...incident, ...parts[at] }));
        expect(ids(worstIncidentsFirst(after))).toEqual(ids(worstIncidentsFirst(before)));
      }),
      { seed: 6 },
    );
  });

  it('moves a warning that becomes critical up, by its age', () => {
    const raised = { ...warning, severity: 'critical' as const };
    expect(ids(worstIncidentsFirst([silenced, raised, fresh, old]))).toEqual([
      'i-1',
      'i-3',
      'i-9',
      'i-2',
    ]);
  });

  it('keeps the place of one that just ended for a while, but not of one that was folded', () => {
    const open = new Map([[fresh.id, fresh]]);
    const ended = { ...old, resolvedAtMs: BOARD_MS, resolution: 'healed' as const };
    const folded = { ...incidentOf(4), resolvedAtMs: BOARD_MS, resolution: 'folded' as const };
    const at = (afterMs: number): string[] =>
      ids(linesOf(open, [ended, folded], BOARD_MS + afterMs));
    expect(at(ENDED_SHOWN_MS - 1)).toEqual(['i-3', 'i-9']);
    expect(at(ENDED_SHOWN_MS)).toEqual(['i-9']);
  });
});

describe('an incident that nobody took', () => {
  it.each([
    [{}, true],
    [{ severity: 'warning' as const }, false],
    [{ acknowledgedAtMs: BOARD_MS }, false],
    [{ silencedUntilMs: BOARD_MS }, false],
    [{ snoozedUntilMs: BOARD_MS }, false],
    [{ resolvedAtMs: BOARD_MS }, false],
  ])('is one that is open, critical and neither taken nor set aside %#', (part, expected) => {
    expect(isUntaken(incidentOf(1, part))).toBe(expected);
  });

  it('grows louder after two and after five minutes', () => {
    expect([0, 119_999, 120_000, 299_999, 300_000].map(urgencyOf)).toEqual([0, 0, 1, 1, 2]);
  });
});

describe('filters', () => {
  const mine = incidentOf(1, { acknowledgedAtMs: BOARD_MS, acknowledgedBy: 'duty' });
  const wide = incidentOf(2, { municipality: null, severity: 'warning' });

  it.each([
    [everything, ['i-1', 'i-2']],
    [{ ...everything, severity: 'warning' as const }, ['i-2']],
    [{ ...everything, municipality: 'kemerovo' }, ['i-1']],
    [{ ...everything, municipality: 'wide' }, ['i-2']],
    [{ ...everything, whose: 'mine' as const }, ['i-1']],
    [{ ...everything, whose: 'untaken' as const }, ['i-2']],
  ])('let through what they say %#', (filters, expected) => {
    expect(ids([mine, wide].filter((incident) => passes(incident, filters, 'duty')))).toEqual(
      expected,
    );
  });

  it('call nothing mine before the account is known', () => {
    const whose = { ...everything, whose: 'mine' as const };
    expect(passes(incidentOf(1, { acknowledgedBy: '' }), whose, '')).toBe(false);
  });
});

describe('the clock of the day', () => {
  const nowAt = '2024-05-15T02:00:00.000Z';
  const rehearsal = {
    planId: '2024-05-15',
    planVersion: 1,
    title: 'Апробация',
    nowAt,
    speed: 60,
    isSimulated: true,
    agentsBehind: 0,
    phase: 'opening' as const,
    opensAt: '2024-05-14T23:00:00.000Z',
    closesAt: '2024-05-15T12:00:00.000Z',
  };

  it('is the wall’s own without a played rehearsal', () => {
    for (const overview of [
      null,
      overviewOf(),
      overviewOf({ rehearsal: { ...rehearsal, isSimulated: false, speed: 1 } }),
    ]) {
      const clock = dayClockOf(overview);
      expect([clock.dayMs(BOARD_MS), clock.spanMs(5), clock.wallSpanMs(5)]).toEqual([
        BOARD_MS,
        5,
        5,
      ]);
    }
  });

  it('counts a second as a minute where a day is played sixty times as fast', () => {
    const clock = dayClockOf(overviewOf({ rehearsal }));
    expect(clock.dayMs(BOARD_MS)).toBe(Date.parse(nowAt));
    expect(clock.dayMs(BOARD_MS - 10_000)).toBe(Date.parse(nowAt) - 10 * MINUTE_MS);
    expect(clock.spanMs(4_000)).toBe(4 * MINUTE_MS);
    expect(clock.wallSpanMs(30 * MINUTE_MS)).toBe(30_000);
  });

  it('does not divide by a day that stands still', () => {
    const clock = dayClockOf(overviewOf({ rehearsal: { ...rehearsal, speed: 0 } }));
    expect(clock.wallSpanMs(MINUTE_MS)).toBe(MINUTE_MS);
  });
});

describe('what an action needs', () => {
  it('is an id of its own every time', () => {
    const made = Array.from({ length: 100 }, newRequestId);
    expect(new Set(made).size).toBe(100);
    for (const id of made)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is the places around an incident, the narrowest first', () => {
    const device = incidentOf(1, { node: 'device:w-1/printer.1', roomCode: '0012' });
    expect(nodesAround(device)).toEqual([
      'device:w-1/printer.1',
      'room:4216-0012',
      'site:4216',
      'municipality:kemerovo',
    ]);
    expect(nodesAround(incidentOf(1))).toEqual(['site:4216', 'municipality:kemerovo']);
  });
});
