import { type Condition, type Plan, type ReadinessStation } from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';
import {
  allClaims,
  claim,
  exam,
  healthyStations,
  metricsOf,
  morningMs,
  plan,
} from './readiness-cases.ts';
import { judge, one, changed, withCheck, withProof, without, site } from './readiness-judged.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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
