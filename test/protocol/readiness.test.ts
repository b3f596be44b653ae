import {
  readinessConditions,
  readinessOf,
  stageTracks,
  tracksOf,
  type Claim,
  type Condition,
  type Plan,
  type Readiness,
  type ReadinessStation,
  type Site,
} from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';
import {
  allClaims,
  check,
  claim,
  commissionSite,
  exam,
  fullSite,
  healthyStations,
  metricsOf,
  morningMs,
  placed,
  plan,
  writtenSite,
} from './readiness-cases.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const site = fullSite();

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

describe('conditions of the line', () => {
  it('holds the speed against the contract of this very site', () => {
    const city = { ...site, contractBytesPerSecond: 100_000_000 / 8 };
    expect(one('lineSpeed', {}).verdict).toBe('ok');
    expect(one('lineSpeed', { site: city })).toMatchObject({
      verdict: 'warn',
      reason: 'belowContract',
      evidence: { measuredBytesPerSecond: 7_500_000, neededBytesPerSecond: 12_500_000 },
    });
  });

  it('has not measured a line whose Штаб sent no figure', () => {
    const mute = changed((each) => without(each, 'net.down'));
    expect(one('lineSpeed', { stations: mute })).toMatchObject({
      verdict: 'unknown',
      reason: 'notMeasured',
    });
  });

  it('believes the best of two Штаб stations: the line is one', () => {
    const rooms = site.rooms.map((room) =>
      room.code === '7777'
        ? {
            ...room,
            workstations: room.workstations.map((each) =>
              each.role === 'hq' ? { ...each, duty: 'main' as const } : each,
            ),
          }
        : room,
    );
    const two = { ...site, rooms };
    const stations = healthyStations(two, morningMs);
    const first = stations.findIndex(({ placement }) => placement.role === 'hq');
    const cut = stations.map((each, at) =>
      at === first ? withCheck(each, 'net.portal', 'fail', 'dnsFailed') : each,
    );
    expect(one('portalsAnswer', { site: two, stations: cut }).verdict).toBe('ok');
  });

  it('follows the download of exam materials from not begun to here', () => {
    const deadlineMs = Date.parse('2024-05-14T10:00:00Z');
    const early = deadlineMs - 3 * DAY;
    const em = (metrics: Record<string, number>, nowMs: number): Condition =>
      one('emReady', {
        nowMs,
        stations: healthyStations(site, nowMs).map((each) => ({
          ...each,
          metrics: metricsOf(metrics),
        })),
      });
    expect(em({}, early)).toMatchObject({ verdict: 'warn', reason: 'emNotStarted' });
    const half = { 'net.em.ratio': 0.5 };
    const left = (ms: number) => ({ ...half, 'net.em.high.seconds': ms / 1_000 });
    expect(em(half, early)).toMatchObject({ verdict: 'unknown', reason: 'notMeasured' });
    expect(em(left(HOUR), early)).toMatchObject({ verdict: 'ok', evidence: { leftMs: HOUR } });
    expect(em(left(2.5 * DAY), early)).toMatchObject({ verdict: 'warn', reason: 'emTight' });
    expect(em(left(4 * DAY), early)).toMatchObject({ verdict: 'fail', reason: 'emLate' });
    expect(em(left(HOUR), deadlineMs + 1)).toMatchObject({ verdict: 'fail', reason: 'emOverdue' });
    expect(em({ 'net.em.ratio': 1 }, deadlineMs + 1).verdict).toBe('ok');
  });

  it('takes a person’s word that the materials came another way', () => {
    const mute = changed((each) => ({ ...each, metrics: metricsOf({}) }));
    const claims = [...allClaims(), claim('emDownload', { id: 9 })];
    expect(one('emReady', { stations: mute, claims })).toMatchObject({
      verdict: 'ok',
      evidence: { claimed: true },
    });
  });
});

describe('conditions of rooms and devices', () => {
  it('asks for a test page of the day of the technical control, by the site’s clock', () => {
    // Midnight of 14 May in Kuzbass is 24 hours before 7 in the morning less 7.
    const startOfControl = Date.parse('2024-05-13T17:00:00Z');
    const page = (atMs: number): ReadinessStation[] =>
      changed((each) => withProof(each, morningMs - atMs - 5_000));
    expect(one('testPages', { stations: page(startOfControl + MINUTE) }).verdict).toBe('ok');
    expect(one('testPages', { stations: page(startOfControl - MINUTE) })).toMatchObject({
      verdict: 'warn',
      reason: 'testOld',
    });
    const moscow = { ...site, timeZone: 'Europe/Moscow' };
    expect(one('testPages', { site: moscow, stations: page(startOfControl + MINUTE) }).reason).toBe(
      'testOld',
    );
    const never = changed((each) => withCheck(each, 'printer.state', 'ok', 'ok'));
    expect(one('testPages', { stations: never }).reason).toBe('testNever');
  });

  it('counts sheets against the sets of a room, with a tenth to spare', () => {
    const sheets = (count: number): ReadinessStation[] =>
      changed((each) => ({ ...each, metrics: metricsOf({ 'printer.paper.sheets': count }) }));
    expect(one('paperEnough', { stations: sheets(330) }).verdict).toBe('ok');
    expect(one('paperEnough', { stations: sheets(329) })).toMatchObject({
      verdict: 'warn',
      reason: 'lowPaper',
      evidence: { attention: 3, neededSheets: 300 },
    });
    expect(one('paperEnough', { stations: sheets(299) }).verdict).toBe('fail');
    const unseen = changed((each) => ({ ...each, metrics: metricsOf({}) }));
    expect(one('paperEnough', { stations: unseen })).toMatchObject({
      verdict: 'unknown',
      evidence: { unmeasured: 3 },
    });
  });

  it('wants one tested reserve of each role and names the role that has none', () => {
    const untested = changed((each) =>
      each.placement.duty === 'reserve' && each.placement.role === 'speaking'
        ? withCheck(each, 'audio.headset', 'fail', 'noInput')
        : each,
    );
    expect(one('reservesTested', { stations: untested })).toMatchObject({
      verdict: 'fail',
      reason: 'noInput',
      evidence: { met: 3, total: 4, failed: 1, role: 'speaking' },
    });
    const rooms = site.rooms.map((room) => ({
      ...room,
      workstations: room.workstations.filter(
        ({ role, duty }) => !(role === 'organizer' && duty === 'reserve'),
      ),
    }));
    expect(one('reservePrinterTested', { site: { ...site, rooms } })).toMatchObject({
      verdict: 'fail',
      reason: 'noReserve',
      evidence: { role: 'organizer' },
    });
  });

  it('wants the required software on reserves too', () => {
    const missing = changed((each) =>
      each.placement.duty === 'reserve' && each.placement.role === 'kege'
        ? withCheck(each, 'pc.software', 'fail', 'requiredMissing')
        : each,
    );
    expect(one('softwareInstalled', { stations: missing })).toMatchObject({
      verdict: 'fail',
      evidence: { met: 3, total: 4, failed: 1 },
    });
  });

  it('asks for loudspeakers only where a listening task is played', () => {
    const english: Plan = { ...plan, exams: [...plan.exams, exam('english', 'written')] };
    const muted = changed((each) => withCheck(each, 'audio.out', 'fail', 'muted'));
    expect(one('audioOut', { plan: english, stations: muted }).reason).toBe('muted');
    expect(judge({ stations: muted }).conditions.some(({ id }) => id === 'audioOut')).toBe(false);
  });

  it('wants a supply of the Штаб, and of others only where they have one', () => {
    const none = changed((each) => without(each, 'pc.ups'));
    expect(one('powerReady', { stations: none })).toMatchObject({
      verdict: 'unknown',
      reason: 'notMeasured',
      evidence: { met: 0, total: 1, unmeasured: 1 },
    });
  });

  it('reads cameras by their room and believes whoever sees one', () => {
    const dark = changed((each) =>
      each.placement.roomCode === '0002'
        ? withCheck(each, 'camera.2.stream', 'fail', 'black')
        : each,
    );
    // The Штаб’s PC sees the second camera of 0002 well: it is the organizer’s way that is broken.
    expect(one('camerasOn', { stations: dark }).verdict).toBe('ok');
    const alone = dark.map((each) =>
      each.placement.role === 'video' ? { ...each, checks: [] } : each,
    );
    expect(one('camerasOn', { stations: alone })).toMatchObject({
      verdict: 'fail',
      reason: 'black',
      evidence: { met: 7, total: 12, failed: 1, unmeasured: 4 },
      rooms: ['0002', '0101', '0102'],
    });
  });
});

describe('versions', () => {
  it('lists workstations that hold another version of agent or plan', () => {
    const old = changed((each) =>
      each.placement.roomCode === '0101'
        ? { ...each, planVersion: 2, agentVersion: '0.4.0' }
        : each,
    );
    expect(one('planCurrent', { stations: old })).toMatchObject({
      verdict: 'warn',
      reason: 'oldPlan',
      rooms: ['0101'],
      evidence: { attention: 4 },
    });
    expect(one('agentsCurrent', { stations: old }).reason).toBe('oldAgent');
  });
});

describe('what people say', () => {
  it('warns before the time of the technical control and fails after it', () => {
    const dueMs = Date.parse('2024-05-14T10:00:00Z');
    expect(one('techControlClaimed', { claims: [], nowMs: dueMs })).toMatchObject({
      verdict: 'warn',
      reason: 'notClaimed',
    });
    expect(one('techControlClaimed', { claims: [], nowMs: dueMs + 1 })).toMatchObject({
      verdict: 'fail',
      reason: 'claimOverdue',
    });
  });

  it('takes a claim of any exam of the site, and its age is the claim’s', () => {
    const claims = [claim('techControl', { track: 'kege' })];
    expect(one('techControlClaimed', { claims })).toMatchObject({ verdict: 'ok', ageMs: HOUR });
  });

  it('takes a claim back', () => {
    const claims = [claim('portalOk', { id: 1 }), claim('portalOk', { id: 2, isMade: false })];
    expect(one('videoPortalConfirmed', { claims })).toMatchObject({
      verdict: 'warn',
      reason: 'claimWithdrawn',
    });
  });

  it('lets one room be taken back after the whole site was confirmed, and confirmed anew', () => {
    const claims = [
      claim('overlayOk', { id: 1 }),
      claim('overlayOk', { id: 2, roomCode: '0002', isMade: false }),
    ];
    expect(one('overlayConfirmed', { claims })).toMatchObject({
      verdict: 'warn',
      rooms: ['0002'],
      evidence: { met: 5, total: 6, attention: 1 },
    });
    expect(
      one('overlayConfirmed', { claims: [...claims, claim('overlayOk', { id: 3 })] }).verdict,
    ).toBe('ok');
  });

  it('counts rooms where a person only said how many', () => {
    const claims = [claim('anglesOk', { done: 4 })];
    expect(one('anglesConfirmed', { claims })).toMatchObject({
      verdict: 'warn',
      rooms: [],
      evidence: { met: 4, total: 6, attention: 2 },
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

interface Change {
  readonly site?: Site;
  readonly plan?: Plan;
  readonly stations?: readonly ReadinessStation[];
  readonly claims?: readonly Claim[];
  readonly nowMs?: number;
}

function input(change: Change) {
  const { nowMs = morningMs, plan: byPlan = plan, site: here = site } = change;
  const stations = change.stations ?? healthyStations(here, nowMs);
  return {
    site: here,
    plan: byPlan,
    tracks: tracksOf(byPlan, here),
    stations: placed(here, stations),
    claims: change.claims ?? allClaims(),
    nowMs,
    versions: { agent: '0.5.0', plan: 3 },
  };
}

function judge(change: Change): Readiness {
  return readinessOf(input(change));
}

function one(id: string, change: Change): Condition {
  const found = judge(change).conditions.find((each) => each.id === id);
  if (!found) throw new Error(`condition ${id} does not apply`);
  return found;
}

function changed(change: (station: ReadinessStation) => ReadinessStation): ReadinessStation[] {
  return healthyStations(site, morningMs).map(change);
}

/** Replaces one check, its evidence and all. */
function withCheck(
  station: ReadinessStation,
  id: string,
  verdict: Condition['verdict'],
  reason: string,
): ReadinessStation {
  const checks = station.checks.map((each) =>
    each.id === id ? check(id, { verdict, reason }) : each,
  );
  return { ...station, checks };
}

function withProof(station: ReadinessStation, proofAgeMs: number): ReadinessStation {
  const checks = station.checks.map((each) =>
    each.id === 'printer.state' ? { ...each, evidence: { proofAgeMs } } : each,
  );
  return { ...station, checks };
}

function without(station: ReadinessStation, id: string): ReadinessStation {
  return { ...station, checks: station.checks.filter((each) => each.id !== id) };
}

/** The site without its stations of scanning: the rooms scan. */
function scanningInRooms(here: Site): Site {
  const rooms = here.rooms.map((room) => ({
    ...room,
    workstations: room.workstations.filter(({ role }) => role !== 'scan'),
  }));
  return { ...here, rooms };
}
