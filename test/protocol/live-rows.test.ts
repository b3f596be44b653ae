import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSameSite,
  nothingKnown,
  readSite,
  readTrend,
  readWorkstation,
  reduceLive,
  siteRow,
  snapshotOfState,
  stageIds,
  stageTracks,
  trendRows,
  verdicts,
  workstationRow,
  type LiveSite,
  type LiveWorkstation,
  type StageRow,
} from '@ppe-pulse/protocol';
import { BOARD_MS, silentWorkstation, siteOf, snapshotOf } from '../support/board-page.ts';

const verdict = fc.constantFrom(...verdicts);
const moment = fc.integer({ min: -60_000, max: 86_400_000 }).map((ago) => BOARD_MS - ago);
const momentOrNull = fc.option(moment, { nil: null });
const count = fc.nat(40);
const workstation: fc.Arbitrary<LiveWorkstation> = fc
  .record({
    index: fc.nat(9_999),
    verdict,
    reason: fc.constantFrom('ok', 'silent', 'tooHigh'),
    lastSeenMs: momentOrNull,
    problems: fc.array(
      fc.record({ id: fc.constant('net.rtt'), verdict, reason: fc.constant('slowReply') }),
    ),
    values: fc.array(fc.option(fc.integer(), { nil: null })),
    carried: fc.option(fc.tuple(moment, moment), { nil: null }),
    simulated: fc.boolean(),
  })
  .map(({ carried, simulated, ...each }) => ({
    ...silentWorkstation(),
    ...each,
    placement: { ...silentWorkstation().placement, simulated },
    ...(carried && { carriedAtMs: carried[0], carriedNewestMs: carried[1] }),
  }));
const site: fc.Arbitrary<LiveSite> = fc
  .record({
    stages: fc.array(
      fc.record({
        stage: fc.constantFrom(...stageIds),
        track: fc.constantFrom(...stageTracks),
        done: count,
        total: count,
        unknown: count,
        late: count,
        verdict,
        reason: fc.constant('overdue'),
        reachedAtMs: momentOrNull,
        dueAtMs: momentOrNull,
        isMismatch: fc.boolean(),
      }),
    ),
    rooms: fc.array(fc.record({ code: fc.constant('0012'), isDone: fc.boolean() })),
  })
  .map((part) => ({ ...siteOf('4216'), ...part }));
const runs = { seed: 1_130, numRuns: 300 };

describe('rows', () => {
  it('bring a workstation back as it was', () => {
    fc.assert(
      fc.property(workstation, (each) => {
        const row = JSON.parse(JSON.stringify(workstationRow(each, BOARD_MS))) as never;
        expect(readWorkstation(row, BOARD_MS)).toEqual(each);
      }),
      runs,
    );
  });

  it('bring a site back as it was, and are made once of one object', () => {
    fc.assert(
      fc.property(site, (each) => {
        const row = siteRow(each);
        expect(readSite(JSON.parse(JSON.stringify(row)) as never)).toEqual(each);
        expect(siteRow(each)).toBe(row);
        expect(isSameSite(each, structuredClone(each))).toBe(true);
        expect(isSameSite(each, { ...each, met: each.met + 1 })).toBe(false);
      }),
      runs,
    );
  });

  it('bring a trend back as it was, also where the clock was set back', () => {
    const point = fc.record({ atMs: moment, rxBytesPerSecond: fc.nat() });
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const trend = { everyMs: 15_000, points };
        expect(readTrend(trendRows(trend))).toEqual(trend);
      }),
      runs,
    );
  });

  it('bring a whole picture back: a snapshot of it is the snapshot that led to it', () => {
    fc.assert(
      fc.property(fc.array(workstation), fc.array(site), (all, sites) => {
        const workstations = all.map((each, index) => ({ ...each, index }));
        const named = sites.map((each, at) => ({ ...each, code: String(4_000 + at) }));
        const told = snapshotOf({ workstations, sites: named });
        const { state } = reduceLive(nothingKnown, told);
        expect(snapshotOfState(state)).toEqual(told);
      }),
      { ...runs, numRuns: 50 },
    );
  });

  it('of a newer collector: an unknown verdict is no good one, an unknown stage is left out', () => {
    const row = workstationRow({ ...silentWorkstation(), verdict: 'ok' }, BOARD_MS);
    row[7] = 99;
    expect(readWorkstation(row, BOARD_MS).verdict).toBe('unknown');
    const known: StageRow = [0, 0, 1, 1, 0, 0, 0, 'reached', null, null, 0];
    const newer: StageRow = [99, 0, 1, 1, 0, 0, 0, 'reached', null, null, 0];
    const stages = readSite({ ...siteRow(siteOf('4216')), stages: [newer, known] }).stages;
    expect(stages.map(({ stage }) => stage)).toEqual([stageIds[0]]);
  });

  it('are documented in the order of the lists that they count in', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'PROTOCOL.md'), 'utf8');
    const flat = text.replaceAll(/\s+/g, ' ');
    for (const list of [verdicts, stageIds, stageTracks])
      expect(flat).toContain(`\`${list.join(' ')}\``);
  });
});
