import { describe, expect, it } from 'vitest';
import { verdictOf, type CheckVerdict } from '@ppe-pulse/protocol';
import { faultIds, type FaultId } from '../../server/src/simulate/fault-catalogue.ts';
import type { FaultWhere } from '../../server/src/simulate/fault-script.ts';
import { scheduleFaults } from '../../server/src/simulate/fault-schedule.ts';
import { Probes, type Measured } from '../../server/src/simulate/measure.ts';
import { presenceAt, type Presence } from '../../server/src/simulate/presence.ts';
import {
  planRegion,
  type SimulatedRegion,
  type SimulatedWorkstation,
} from '../../server/src/simulate/region.ts';
import type { SimulatedTime } from '../../server/src/simulate/simulated-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const region = planRegion({ seed: 1, sites: 40, rooms: 11 });
const first = (role: string, of: SimulatedRegion = region): SimulatedWorkstation => {
  const found = of.workstations.find(
    ({ placement, isInRoom }) => placement.role === role && (role !== 'organizer' || isInRoom),
  );
  if (!found) throw new Error(`no ${role} in the region`);
  return found;
};

/** The day of the second rehearsal, at a local time. */
const timeAt = (local: string, speed = 1): SimulatedTime => ({
  startMs: Date.parse(`2024-05-15T${local}:00+07:00`),
  speed,
  utcOffsetMinutes: 420,
});

/** What a workstation says and how it is there, some time after a fault struck. */
function struck(
  fault: FaultId,
  workstation: SimulatedWorkstation,
  options: { at?: string; afterMs?: number; where?: FaultWhere; forMs?: number } = {},
): Measured & { presence: Presence; before: Measured; check: (id: string) => CheckVerdict } {
  const time = timeAt(options.at ?? '10:05');
  const lasts = options.forMs === undefined ? {} : { for: `${options.forMs}ms` };
  const where = { ppe: workstation.site.code, ...options.where };
  const schedule = scheduleFaults([{ at: '+0s', fault, where, ...lasts }], region, time);
  const occurrences = schedule.of(workstation.index);
  expect(occurrences.map((each) => each.fault)).toEqual([fault]);
  const probes = new Probes(workstation);
  const moment = { bootedAtMs: time.startMs - HOUR, utcOffsetMinutes: 420, occurrences };
  const before = probes.measure({ ...moment, atMs: time.startMs - 1, sinceMs: 0 });
  const atMs = time.startMs + (options.afterMs ?? 6 * MINUTE);
  const after = probes.measure({ ...moment, atMs, sinceMs: atMs - 5 * MINUTE });
  const check = (id: string): CheckVerdict => {
    const found = after.verdicts.find((each) => each.id === id);
    if (!found) throw new Error(`no verdict ${id}`);
    return found;
  };
  return { ...after, before, check, presence: presenceAt(workstation, occurrences, atMs) };
}

describe('a simulated region', () => {
  it('is the same for the same seed, and another for another', () => {
    const again = planRegion({ seed: 1, sites: 40, rooms: 11 });
    expect(again).toEqual(region);
    expect(planRegion({ seed: 2, sites: 40, rooms: 11 })).not.toEqual(region);
  });

  it.each([
    [1, 11],
    [100, 11],
    [7, 3],
    [300, 10.8],
    [3, 25],
  ])('of %d ППЭ with %d rooms on average has exactly so many', (sites, rooms) => {
    const made = planRegion({ seed: 5, sites, rooms });
    const total = made.sites.reduce((sum, site) => sum + site.rooms, 0);
    expect(made.sites.length).toBe(sites);
    expect(total).toBe(Math.round(sites * rooms));
    for (const site of made.sites) {
      expect(site.rooms).toBeGreaterThanOrEqual(3);
      expect(site.rooms).toBeLessThanOrEqual(25);
    }
  });

  it('has a Штаб, a video PC, a reserve and every role, all of them marked as simulated', () => {
    for (const site of region.sites) {
      const roles = region.workstations
        .filter((each) => each.site === site)
        .map(({ placement }) => `${placement.role} ${placement.duty}`);
      expect(roles.filter((role) => role === 'hq main')).toHaveLength(1);
      expect(roles).toContain('video main');
      expect(roles).toContain('organizer reserve');
      expect(roles.length).toBe(site.rooms + (site.scansInHq ? 4 : 3));
    }
    const roles = new Set(region.workstations.map(({ placement }) => placement.role));
    expect([...roles].sort()).toEqual(['hq', 'kege', 'organizer', 'scan', 'speaking', 'video']);
    expect(region.workstations.every(({ placement }) => placement.simulated)).toBe(true);
    expect(new Set(region.sites.map(({ rooms }) => rooms)).size).toBeGreaterThan(5);
  });

  it('grows to the country', () => {
    const made = planRegion({ seed: 1, sites: 6_000, rooms: 11 });
    expect(made.workstations.length).toBe(66_000 + 3 * 6_000 + 1_500);
    expect(made.sites.at(-1)?.code).toBe('6000');
  });
});

describe('a simulated day without faults', () => {
  it('is good for every role at every hour', () => {
    const time = timeAt('00:00');
    const roles = ['hq', 'video', 'organizer', 'kege', 'speaking', 'scan'].map((role) =>
      first(role),
    );
    for (const workstation of roles) {
      const probes = new Probes(workstation);
      for (let minute = 0; minute < 48 * 60; minute += 7) {
        const atMs = time.startMs + minute * MINUTE;
        const { verdicts } = probes.measure({
          atMs,
          sinceMs: atMs - 5_000,
          bootedAtMs: time.startMs - HOUR,
          utcOffsetMinutes: 420,
          occurrences: [],
        });
        const bad = verdicts.filter(
          ({ verdict, reason }) => verdict !== 'ok' && reason !== 'noPlan',
        );
        expect([workstation.placement.role, minute, bad]).toEqual([
          workstation.placement.role,
          minute,
          [],
        ]);
        expect(verdictOf(verdicts)).toBe('ok');
      }
    }
  });

  it('prints from ten o’clock on: the counter rises, the queue empties, the tray goes down', () => {
    const workstation = first('organizer');
    const probes = new Probes(workstation);
    const at = (local: string) => {
      const atMs = timeAt(local).startMs;
      const moment = { bootedAtMs: 0, utcOffsetMinutes: 420, occurrences: [] };
      return probes.measure({ ...moment, atMs, sinceMs: atMs - MINUTE }).metrics;
    };
    const [before, during, after] = [at('09:58'), at('10:08'), at('10:40')];
    const pages = [before, during, after].map((each) => each['printer.pages.count'] ?? 0);
    expect((pages[1] ?? 0) - (pages[0] ?? 0)).toBeGreaterThan(80);
    expect((pages[2] ?? 0) - (pages[0] ?? 0)).toBeGreaterThanOrEqual(15 * 17);
    expect((pages[2] ?? 0) - (pages[0] ?? 0)).toBeLessThanOrEqual(15 * 25);
    expect([before['printer.queue.jobs'], after['printer.queue.jobs']]).toEqual([0, 0]);
    expect(during['printer.queue.jobs']).toBeGreaterThan(0);
    expect(during['printer.speed.pagesPerMinute']).toBeGreaterThan(20);
    expect(after['printer.paper.sheets']).toBeLessThan(before['printer.paper.sheets'] ?? 0);
  });

  it('never turns a page counter back, over a fortnight', () => {
    const probes = new Probes(first('organizer'));
    let last = 0;
    for (let hour = 0; hour < 14 * 24; hour += 1) {
      const atMs = timeAt('00:00').startMs + hour * HOUR;
      const { metrics } = probes.measure({
        atMs,
        sinceMs: atMs - MINUTE,
        bootedAtMs: 0,
        utcOffsetMinutes: 420,
        occurrences: [],
      });
      expect(metrics['printer.pages.count']).toBeGreaterThanOrEqual(last);
      last = metrics['printer.pages.count'] ?? 0;
    }
  });

  it('downloads exam materials in the evening, within a share of the line', () => {
    const workstation = first('hq');
    const probes = new Probes(workstation);
    const em = (local: string) => {
      const atMs = timeAt(local).startMs;
      const moment = { bootedAtMs: 0, utcOffsetMinutes: 420, occurrences: [] };
      return probes.measure({ ...moment, atMs, sinceMs: atMs - MINUTE }).metrics;
    };
    expect(em('12:00')['net.em.ratio']).toBe(1);
    const evening = em('18:10');
    expect(evening['net.em.ratio']).toBeLessThan(1);
    expect(evening['net.em.bytesPerSecond']).toBeLessThan(
      0.4 * workstation.site.downBytesPerSecond,
    );
    expect(evening['net.rx.bytesPerSecond']).toBeGreaterThan(1e6);
    expect(em('23:50')['net.em.ratio']).toBe(1);
  });

  it('answers the same for a moment of the past, whatever was asked between', () => {
    const workstation = first('organizer');
    const moment = (atMs: number) => ({
      atMs,
      sinceMs: atMs - 5_000,
      bootedAtMs: 0,
      utcOffsetMinutes: 420,
      occurrences: [],
    });
    const probes = new Probes(workstation);
    const atMs = timeAt('10:03').startMs;
    const once = probes.measure(moment(atMs));
    probes.measure(moment(atMs + HOUR));
    expect(probes.measure(moment(atMs))).toEqual(once);
    expect(new Probes(workstation).measure(moment(atMs))).toEqual(once);
  });
});

/** What each fault does, in the order of `domain.md`, «Failures to tell apart». */
const shows: readonly (readonly [FaultId, string, string, string, string])[] = [
  ['printerJam', 'organizer', 'printer.state', 'fail', 'jam'],
  ['outOfPaper', 'organizer', 'printer.state', 'fail', 'noPaper'],
  ['noToner', 'organizer', 'printer.state', 'fail', 'noToner'],
  ['stuckQueue', 'organizer', 'printer.state', 'fail', 'stuckQueue'],
  // How slow is too slow is the plan's to say; the speed itself is below.
  ['slowPrint', 'organizer', 'printer.eta', 'unknown', 'noPlan'],
  ['scannerAbsent', 'organizer', 'scanner.state', 'fail', 'scannerAbsent'],
  ['adfJam', 'organizer', 'scanner.state', 'fail', 'scannerJam'],
  ['cameraOff', 'organizer', 'camera.1.stream', 'fail', 'noAnswer'],
  ['cameraFrozen', 'organizer', 'camera.2.stream', 'fail', 'frozen'],
  ['cameraBlack', 'organizer', 'camera.1.stream', 'fail', 'black'],
  ['cameraLowFps', 'organizer', 'camera.1.stream', 'warn', 'lowFps'],
  // Only a person sees it, and the plan keeps what the person said.
  ['wrongOverlay', 'organizer', 'camera.1.overlay', 'unknown', 'noPlan'],
  ['headsetUnplugged', 'speaking', 'audio.headset', 'fail', 'noInput'],
  ['slowLine', 'hq', 'net.down', 'fail', 'tooSlow'],
  ['lossyLine', 'hq', 'net.loss', 'fail', 'lossy'],
  ['dnsBroken', 'hq', 'net.portal', 'fail', 'dnsFailed'],
  ['portalUnreachable', 'hq', 'net.portal', 'fail', 'noAnswer'],
  ['reserveDead', 'hq', 'net.reserve', 'fail', 'reserveDead'],
  ['powerCut', 'hq', 'pc.ups', 'fail', 'onBattery'],
  ['wrongClock', 'kege', 'clock.skew', 'fail', 'skewed'],
  ['wrongZone', 'kege', 'clock.zone', 'fail', 'wrongZone'],
  ['clockStep', 'kege', 'clock.skew', 'fail', 'skewed'],
  ['diskFull', 'kege', 'pc.disk', 'fail', 'tooLow'],
];
/** Faults that nobody measures: what they do is silence, or a second PC of the same name. */
const silent: readonly (readonly [FaultId, string, Partial<Presence>])[] = [
  ['lineCut', 'organizer', { isCut: true, absence: undefined }],
  ['hqOff', 'hq', { absence: 'shutDown' }],
  ['pcAsleep', 'kege', { absence: 'asleep' }],
  ['pcRebooted', 'kege', { absence: 'rebooting' }],
  ['clonedImage', 'kege', { isCloned: true, absence: undefined }],
  ['agentKilled', 'kege', { absence: 'killed' }],
  ['providerCut', 'hq', { isCut: true }],
  ['collectorCutOff', 'organizer', { isCut: true }],
  ['roomsSilentByExam', 'organizer', { isOffline: true, absence: undefined }],
];

/** What they do shows only in the day of a plan. */
const ofAPlan: readonly FaultId[] = ['slowEm', 'earlyClaim'];

describe('faults', () => {
  it('are all of the domain’s, each with what it shows', () => {
    const told = new Set([...shows.map(([id]) => id), ...silent.map(([id]) => id), ...ofAPlan]);
    expect(faultIds.filter((id) => !told.has(id))).toEqual([]);
    expect(faultIds).toHaveLength(34);
  });

  it.each(shows)('%s on %s: %s is %s, %s', (...row) => {
    const [fault, role, id, verdict, reason] = row;
    const { before, check } = struck(fault, first(role));
    // The slots of throughput come every ten minutes.
    const found =
      id === 'net.down'
        ? struck(fault, first(role), { afterMs: 11 * MINUTE }).check(id)
        : check(id);
    expect([found.verdict, found.reason]).toEqual([verdict, reason]);
    const was = before.verdicts.find((each) => each.id === id);
    if (reason !== 'noPlan') expect(was?.verdict).toBe('ok');
  });

  it.each(silent)('%s on %s', (fault, role, presence) => {
    expect(struck(fault, first(role), { afterMs: MINUTE }).presence).toMatchObject(presence);
  });

  it('end: everything is as before, with one more start where a PC or an agent restarted', () => {
    for (const [fault, role] of [...shows, ...silent]) {
      const afterMs = 25 * MINUTE;
      const { verdicts, presence } = struck(fault, first(role), { afterMs, forMs: 5 * MINUTE });
      const cumulative = verdicts.filter(({ id }) => !/^camera\.\d\.outage$/.test(id));
      expect([fault, verdictOf(cumulative)]).toEqual([fault, 'ok']);
      expect(presence).toMatchObject({ absence: undefined, isCut: false, isOffline: false });
      const restarts = ['powerCut', 'pcRebooted', 'agentKilled', 'hqOff'].includes(fault) ? 1 : 0;
      expect([fault, presence.boots]).toEqual([fault, restarts]);
    }
  });

  it('slow a print down without stopping it', () => {
    const { metrics, check } = struck('slowPrint', first('organizer'), { at: '10:06' });
    expect(metrics['printer.speed.pagesPerMinute']).toBe(4);
    expect(metrics['printer.queue.jobs']).toBeGreaterThan(0);
    expect(check('printer.state').verdict).toBe('ok');
  });

  it('take one of two cameras, which is amber, or both, whose outage counts', () => {
    const one = struck('cameraOff', first('organizer'), { where: { device: 2 } });
    expect(one.check('camera.2.stream')).toMatchObject({ verdict: 'warn', reason: 'noAnswer' });
    expect(one.check('camera.1.stream').verdict).toBe('ok');
    expect(one.check('camera.1.outage').verdict).toBe('ok');
    const both = struck('cameraOff', first('organizer'), { afterMs: 16 * MINUTE });
    expect(both.check('camera.1.outage')).toMatchObject({ verdict: 'fail', reason: 'outage' });
    const long = struck('cameraOff', first('organizer'), { afterMs: 21 * MINUTE });
    expect(long.check('camera.1.outage').reason).toBe('outageCritical');
  });

  it('run a UPS down before the silence, and cut a PC without one at once', () => {
    const cut = (role: string, minutes: number) =>
      struck('powerCut', first(role), { afterMs: minutes * MINUTE, forMs: 30 * MINUTE });
    expect(cut('hq', 1).presence.absence).toBeUndefined();
    expect(cut('hq', 9).presence.absence).toBe('powerLost');
    expect(cut('kege', 1).presence.absence).toBe('powerLost');
    const [early, late] = [cut('hq', 2), cut('hq', 6)].map(({ check }) => check('pc.ups').evidence);
    expect(Number(early?.value)).toBeGreaterThan(Number(late?.value));
  });
});
