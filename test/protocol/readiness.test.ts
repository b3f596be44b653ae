import {
  readinessOf,
  readinessConditions,
  stageTracks,
  type Plan,
  type ReadinessStation,
} from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';
import {
  allClaims,
  check,
  commissionSite,
  morningMs,
  plan,
  writtenSite,
} from './readiness-cases.ts';
import {
  judge,
  one,
  changed,
  withCheck,
  scanningInRooms,
  site,
  input,
} from './readiness-judged.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('readiness of a ППЭ', () => {
  it('holds every condition where everything is well', () => {
    const ready = judge({});
    expect(ready.conditions.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(ready).toMatchObject({ siteCode: '4216', met: ready.total, verdict: 'ok' });
    expect(ready.conditions.map(({ id }) => id)).toEqual(
      readinessConditions.map(({ id }) => id).filter((id) => id !== 'audioOut'),
    );
  });

  it('has 19 to 25 conditions in a ППЭ of a written exam', () => {
    const { total, met } = judge({ site: scanningInRooms(writtenSite('4216', 12)) });
    expect(met).toBe(total);
    expect(total).toBeGreaterThanOrEqual(19);
    expect(total).toBeLessThanOrEqual(25);
  });

  it('asks of a commission only what its video needs', () => {
    const commission = commissionSite('9001');
    const ready = judge({ site: commission, claims: allClaims('9001') });
    expect(ready.met).toBe(ready.total);
    expect(ready.conditions.map(({ id }) => id)).toEqual([
      'videoHeard',
      'agentsCurrent',
      'planCurrent',
      'clocksRight',
      'pcsFit',
      'camerasOn',
      'overlayConfirmed',
      'anglesConfirmed',
      'videoPortalConfirmed',
    ]);
  });

  it('has no conditions where a site takes no part, and is not ready either', () => {
    const other: Plan = { ...plan, participants: { ...plan.participants, except: ['4216'] } };
    expect(judge({ plan: other })).toEqual({
      siteCode: '4216',
      met: 0,
      total: 0,
      verdict: 'notInvolved',
      conditions: [],
    });
  });

  it('is unknown, and never met, where nobody is heard yet', () => {
    const { conditions, met, verdict } = judge({ stations: [], claims: [] });
    expect(met).toBe(0);
    expect(verdict).toBe('fail');
    const printers = conditions.find(({ id }) => id === 'printersReady');
    expect(printers).toMatchObject({
      verdict: 'unknown',
      reason: 'notYetHeard',
      evidence: { met: 0, total: 3, unheard: 3 },
      ageMs: null,
      rooms: ['0001', '0002', '0003'],
    });
  });

  it('does not count what is silent by rule as met, nor as a fault', () => {
    const quiet = changed((each) =>
      each.placement.role === 'organizer' && each.placement.roomCode !== '7777'
        ? {
            ...each,
            heartbeat: check('heartbeat', { verdict: 'silentByRule', reason: 'isolated' }),
          }
        : each,
    );
    const found = one('printersReady', { stations: quiet });
    expect(found).toMatchObject({
      verdict: 'silentByRule',
      reason: 'isolated',
      evidence: { met: 0, total: 3, silent: 3 },
    });
    // The PC of the Штаб sees the cameras of those rooms still.
    expect(one('camerasOn', { stations: quiet }).verdict).toBe('ok');
  });

  it('leaves workstations out that take no part', () => {
    const out = changed((each) =>
      each.placement.roomCode === '0002'
        ? {
            ...each,
            heartbeat: check('heartbeat', { verdict: 'notInvolved', reason: 'notInvolved' }),
          }
        : each,
    );
    expect(one('organizersHeard', { stations: out }).evidence).toEqual({ met: 2, total: 2 });
  });
});

describe('what a condition tells', () => {
  it('counts places, names rooms and the commonest reason of the worst', () => {
    const broken = changed((each) => {
      const { roomCode } = each.placement;
      if (roomCode === '0001') return withCheck(each, 'printer.state', 'fail', 'jam');
      if (roomCode === '0002') return withCheck(each, 'printer.state', 'fail', 'jam');
      return roomCode === '0003' ? withCheck(each, 'printer.state', 'fail', 'noToner') : each;
    });
    expect(one('printersReady', { stations: broken })).toMatchObject({
      verdict: 'fail',
      reason: 'jam',
      rooms: ['0001', '0002', '0003'],
      evidence: { met: 0, total: 3, failed: 3 },
    });
  });

  it('takes low toner for a warning that prints, and a stuck queue not', () => {
    const toner = changed((each) => withCheck(each, 'printer.state', 'warn', 'lowToner'));
    expect(one('printersReady', { stations: toner }).verdict).toBe('ok');
    const stuck = changed((each) => withCheck(each, 'printer.state', 'warn', 'stuckQueue'));
    expect(one('printersReady', { stations: stuck }).verdict).toBe('warn');
  });

  it('tells the age of the oldest reading that it rests on', () => {
    const old = changed((each) =>
      each.placement.roomCode === '0002' ? { ...each, heardAtMs: morningMs - 8_000 } : each,
    );
    // The check was 5 s old in a heartbeat of 8 s ago.
    expect(one('printersReady', { stations: old }).ageMs).toBe(13_000);
  });

  it('tells a room without a print station that was planned', () => {
    const rooms = site.rooms.map((room) =>
      room.code === '0003' ? { ...room, workstations: [] } : room,
    );
    const found = one('printersReady', { site: { ...site, rooms } });
    expect(found).toMatchObject({ verdict: 'fail', reason: 'notPlanned', rooms: ['0003'] });
  });

  it('takes a carried journal for a workstation that is not heard, for a day', () => {
    const isolated = (ageMs: number): ReadinessStation[] =>
      changed((each) =>
        each.placement.roomCode === '0001'
          ? {
              ...each,
              heartbeat: check('heartbeat', { verdict: 'unknown', reason: 'notYetHeard' }),
              heardAtMs: null,
              carried: { atMs: morningMs - ageMs, checks: each.checks },
            }
          : each,
      );
    expect(one('printersReady', { stations: isolated(3 * HOUR) })).toMatchObject({
      verdict: 'ok',
      ageMs: 3 * HOUR + 5_000,
    });
    expect(one('printersReady', { stations: isolated(25 * HOUR) })).toMatchObject({
      verdict: 'unknown',
      reason: 'notYetHeard',
      evidence: { unheard: 1 },
    });
  });
});

describe('the catalogue', () => {
  it('has every id once', () => {
    const ids = readinessConditions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('judges any mixture of tracks, and met is never more than total', () => {
    for (let mask = 0; mask < 2 ** stageTracks.length; mask += 1) {
      const tracks = stageTracks.filter((_, at) => (mask & (1 << at)) !== 0);
      const found = readinessOf({ ...input({}), tracks });
      expect(found.met).toBeLessThanOrEqual(found.total);
      expect(found.total === 0).toBe(mask === 0);
    }
  });
});
