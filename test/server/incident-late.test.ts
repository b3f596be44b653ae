import { describe, expect, it } from 'vitest';
import type { Region, TakenHeartbeat } from '@ppe-pulse/protocol';
import { aPlan, aRegion, aSite } from '../support/plans.ts';
import { workstationId } from '../support/rows.ts';
import { labelsOf } from '../../server/src/alerts/formats/alertmanager/labels.ts';
import { FleetWorld, placedAt, verdictsOf, type Reading, type WorldStart } from './fleet-world.ts';
import { MINUTE_MS, NINE_MS } from './incident-world.ts';

const JAM: Reading = ['fail', 'printerJam'];
const OK: Reading = ['ok', 'ok'];
const HOUR_MS = 60 * MINUTE_MS;
const written = { subject: 'russian', kind: 'written', durationMinutes: 210 } as const;

/** Three organizers of ППЭ 4216 and one of 0042. */
const four = ['0001', '0002', '0003'].map((room) => placedAt('4216', room));
const placements = [...four, placedAt('0042', '0001')];

function world(part: Partial<WorldStart> = {}): FleetWorld {
  const made = new FleetWorld({ region: aRegion(), plan: aPlan(), placements, ...part });
  made.pass(MINUTE_MS);
  expect(made.lines()).toEqual([]);
  return made;
}

/** Everything is wrong, all day long. */
const allBad = verdictsOf(
  new Map<string, Reading>([
    ['printer.state', JAM],
    ['iso.internet', ['fail', 'internetReachable']],
    ['pc.ups', ['fail', 'onBattery']],
  ]),
);

/** An hour of a workstation comes late, one heartbeat for each minute. */
function anHourLate(of: FleetWorld, number: number, part: Partial<TakenHeartbeat>): void {
  const pc = of.pc(number);
  const { wallMs } = of.clock;
  for (let minutes = 60; minutes >= 0; minutes -= 1) {
    of.take(pc, { seq: 1_000 - minutes, atMs: wallMs - minutes * MINUTE_MS, ...part });
    of.step();
  }
}

describe('what comes late', () => {
  it.each(['backlog', 'carried'] as const)(
    'opens nothing and ends nothing: %s heartbeats that say the opposite',
    (delivery) => {
      const of = world();
      for (const number of [1, 2, 3, 4]) anHourLate(of, number, { delivery, verdicts: allBad });
      of.pass(5 * MINUTE_MS);
      expect([of.lines(), of.news()]).toEqual([[], []]);

      of.say('printer.state', JAM, 1);
      of.pass(MINUTE_MS);
      const [opened] = of.open();
      expect(opened).toMatchObject({ id: 'i-1', kind: 'printer.state', roomCode: '0001' });
      const verdicts = verdictsOf(new Map([['printer.state', OK]]));
      anHourLate(of, 1, { delivery, verdicts });
      for (const number of [2, 3]) anHourLate(of, number, { delivery, verdicts: allBad });
      of.pass(5 * MINUTE_MS);
      expect(of.open()).toEqual([opened]);
      expect(of.news()).toEqual(['opened i-1']);
    },
  );

  it('does not make a silent workstation heard', () => {
    const of = world();
    of.silence(true, 4);
    of.pass(2 * MINUTE_MS);
    expect(of.lines()).toEqual([`heartbeat station:${workstationId(4)} critical`]);
    // Its flash drive was carried to the Штаб, and what it wrote down itself came by another way.
    for (const delivery of ['carried', 'backlog'] as const) anHourLate(of, 4, { delivery });
    of.pass(MINUTE_MS);
    expect(of.open()).toHaveLength(1);
    of.silence(false, 4);
    of.pass(2 * MINUTE_MS);
    expect([of.lines(), of.news()]).toEqual([[], ['opened i-1', 'resolved i-1']]);
  });
});

describe('another plan in the middle', () => {
  it('ends the incidents of a site that takes no part any more, and opens none there', () => {
    const of = world();
    of.say('printer.state', JAM, 1, 4);
    of.silence(true, 2);
    of.pass(2 * MINUTE_MS);
    expect(of.open()).toHaveLength(3);
    of.news();
    of.edit(aPlan({ participants: { kinds: ['ppe-main', 'rcoi'], only: [], except: ['4216'] } }));
    of.pass(5_000);
    const left = of.open();
    expect(left).toMatchObject([{ siteCode: '0042', kind: 'printer.state' }]);
    const others = ['i-1', 'i-2', 'i-3'].filter((id) => id !== left[0]?.id);
    expect(others.map((id) => of.book.find(id)?.resolution)).toEqual([
      'notInvolved',
      'notInvolved',
    ]);
    expect(of.news().sort()).toEqual(others.map((id) => `resolved ${id}`));
    of.say('printer.state', JAM, 3);
    of.silence(true, 1, 2, 3);
    of.pass(10 * MINUTE_MS);
    expect([of.open().length, of.news()]).toEqual([1, []]);
  });

  it('opens anew what is still wrong when the site takes part again', () => {
    const of = world();
    of.say('printer.state', JAM, 1);
    of.pass(MINUTE_MS);
    of.edit(aPlan({ participants: { kinds: ['ppe-main'], only: [], except: ['4216'] } }));
    of.pass(MINUTE_MS);
    expect(of.lines()).toEqual([]);
    of.edit(aPlan());
    of.pass(MINUTE_MS);
    expect(of.open()).toMatchObject([{ id: 'i-2', reason: 'printerJam' }]);
    expect(of.news()).toEqual(['opened i-1', 'resolved i-1', 'opened i-2']);
  });

  it('raises what is critical by the new hour of the exam, and tells so once', () => {
    // 11:00: all rooms have printed, a jam is a warning.
    const of = world({ atMs: NINE_MS + 2 * HOUR_MS });
    of.say('printer.state', JAM, 1);
    of.pass(2 * MINUTE_MS);
    expect(of.open()).toMatchObject([{ id: 'i-1', severity: 'warning' }]);
    of.edit(aPlan({ exams: [{ ...written, startAt: '12:00' }] }));
    of.pass(10_000);
    expect(of.open()).toMatchObject([{ id: 'i-1', severity: 'critical' }]);
    of.pass(MINUTE_MS);
    expect(of.news()).toEqual(['opened i-1', 'raised i-1']);
    of.edit(aPlan());
    of.pass(10_000);
    expect(of.open()).toMatchObject([{ id: 'i-1', severity: 'warning' }]);
    expect(of.news()).toEqual([]);
  });
});

describe('silence by rule that begins in the middle', () => {
  /** 09:27 once the world is warm; rooms are quiet from 09:30 on, and the rule is there a bit before. */
  const before = { atMs: NINE_MS + 26 * MINUTE_MS };

  it('ends an open incident of silence, and opens none while it lasts', () => {
    const of = world(before);
    of.silence(true, 1);
    of.pass(2 * MINUTE_MS);
    expect(of.open()).toMatchObject([{ kind: 'heartbeat', workstationId: workstationId(1) }]);
    // 09:29: the others leave, and would be called silent after 09:29:40.
    of.silence(true, 2, 3);
    of.pass(4 * MINUTE_MS);
    expect([of.lines(), of.news()]).toEqual([[], ['opened i-1', 'resolved i-1']]);
    of.pass(20 * MINUTE_MS);
    expect([of.lines(), of.news()]).toEqual([[], []]);
  });

  it('keeps an open incident of a printer, says that it is not heard, and ends it on return', () => {
    const of = world(before);
    of.say('printer.state', JAM, 1);
    of.pass(2 * MINUTE_MS);
    of.silence(true, 1, 2, 3);
    of.pass(20 * MINUTE_MS);
    expect(of.open()).toMatchObject([{ id: 'i-1', kind: 'printer.state', isUnheard: true }]);
    of.say('printer.state', OK, 1);
    of.silence(false, 1, 2, 3);
    of.pass(2 * MINUTE_MS);
    expect([of.lines(), of.news()]).toEqual([[], ['opened i-1', 'resolved i-1']]);
  });

  it('keeps it over a restart of the collector in the quiet time', () => {
    const of = world(before);
    of.say('printer.state', JAM, 1);
    of.pass(2 * MINUTE_MS);
    of.silence(true, 1, 2, 3);
    of.pass(10 * MINUTE_MS);
    of.restart(MINUTE_MS);
    of.pass(10 * MINUTE_MS);
    expect(of.open()).toMatchObject([{ id: 'i-1', isUnheard: true }]);
    expect(of.news()).toEqual(['opened i-1']);
  });
});

/** By what an Alertmanager knows the incidents: two names of one are an alert that never ends. */
function namesOf(of: FleetWorld): readonly string[] {
  const names: string[] = [];
  of.book.onChange((incident) => {
    const name = JSON.stringify(labelsOf({ kind: 'opened', id: '' }, incident));
    if (!names.includes(name)) names.push(name);
  });
  return names;
}

/** Five ППЭ of one provider, two of another, an organizer each. */
function twoProviders(): { region: Region; placements: WorldStart['placements'] } {
  const codes = ['1', '2', '3', '4', '5', '6', '7'].map((digit) => `420${digit}`);
  const providerOf = (at: number): string => (at < 5 ? 'Связь-1' : 'Связь-2');
  const sites = codes.map((code, at) => aSite({ code, provider: providerOf(at) }));
  return {
    region: { ...aRegion(), sites },
    placements: codes.map((code) => placedAt(code, '0001')),
  };
}

describe('another registry in the middle of a provider’s cut', () => {
  it.each([1, 3, 5, 6])(
    'that gives a site another provider (site %i, five are cut): the line keeps its name to its end',
    (moved) => {
      const start = twoProviders();
      const of = world(start);
      const names = namesOf(of);
      of.silence(true, 1, 2, 3, 4, 5);
      of.pass(2 * MINUTE_MS);
      const [opened, ...rest] = of.open();
      expect(rest).toEqual([]);
      expect(opened).toMatchObject({ node: 'provider:Связь-1', provider: 'Связь-1', sites: 5 });
      const code = start.region.sites[moved - 1]?.code;
      const sites = start.region.sites.map((site) =>
        site.code === code ? { ...site, provider: moved > 5 ? 'Связь-1' : 'Связь-2' } : site,
      );
      of.import({ ...start.region, sites });
      of.pass(MINUTE_MS);
      of.silence(false, 1, 2, 3, 4, 5);
      of.pass(3 * MINUTE_MS);
      expect(of.lines()).toEqual([]);
      expect(of.book.find('i-1')).toMatchObject({ provider: 'Связь-1', resolution: 'healed' });
      expect(of.news()).toEqual(['opened i-1', 'resolved i-1']);
      expect(names).toHaveLength(1);
    },
  );

  it('or that moves a site to another municipality: a receiver finds the end of what it was told of', () => {
    const of = world();
    const names = namesOf(of);
    of.say('printer.state', JAM, 1);
    of.pass(MINUTE_MS);
    const sites = of.region.sites.map((site) => ({ ...site, municipality: 'belovo' }));
    of.import({ ...of.region, sites });
    of.pass(MINUTE_MS);
    of.say('printer.state', OK, 1);
    of.pass(2 * MINUTE_MS);
    expect(of.news()).toEqual(['opened i-1', 'resolved i-1']);
    expect(names).toHaveLength(1);
  });
});

describe('a cut that spreads to another municipality', () => {
  it('is the same alert to its end, for whoever tells alerts apart by their labels', () => {
    const { region, placements: places } = twoProviders();
    const sites = region.sites.map((site, at) => ({
      ...site,
      municipality: at === 3 || at === 4 ? 'belovo' : 'kemerovo',
    }));
    const of = world({ region: { ...region, sites }, placements: places });
    const names = namesOf(of);
    of.silence(true, 1, 2, 3);
    of.pass(70_000);
    expect(of.open()).toMatchObject([{ node: 'provider:Связь-1', sites: 3 }]);
    of.silence(true, 4, 5);
    of.pass(2 * MINUTE_MS);
    expect(of.open()).toMatchObject([{ node: 'provider:Связь-1', sites: 5 }]);
    of.silence(false, 1, 2, 3, 4, 5);
    of.pass(3 * MINUTE_MS);
    expect(of.news()).toEqual(['opened i-1', 'resolved i-1']);
    expect(names).toHaveLength(1);
  });
});

describe('a workstation that moves to another ППЭ with something wrong', () => {
  it('takes its own incident along, or begins one there: no line names a place that is fine', () => {
    const of = world();
    of.say('printer.state', JAM, 1);
    of.pass(MINUTE_MS);
    expect(of.open()).toMatchObject([{ id: 'i-1', siteCode: '4216', roomCode: '0001' }]);
    of.move(1, placedAt('0042', '0002'));
    of.pass(2 * MINUTE_MS);
    expect(of.book.find('i-1')).toMatchObject({ siteCode: '4216', roomCode: '0001' });
    const open = of.open();
    expect(open).toMatchObject([{ siteCode: '0042', roomCode: '0002', children: 1 }]);
  });

  it('leaves the incident of its old site to those who are still there', () => {
    const of = world();
    of.say('printer.state', JAM, 1, 2, 3);
    of.pass(2 * MINUTE_MS);
    expect(of.open()).toMatchObject([{ id: 'i-1', node: 'site:4216', children: 3 }]);
    of.move(1, placedAt('0042', '0002'));
    of.pass(2 * MINUTE_MS);
    expect(of.book.find('i-1')).toMatchObject({
      node: 'site:4216',
      siteCode: '4216',
      children: 2,
      sites: 1,
      siteCodes: ['4216'],
    });
    expect(of.open()).toMatchObject([{ id: 'i-1' }, { siteCode: '0042', roomCode: '0002' }]);
    of.say('printer.state', OK, 1, 2, 3);
    of.pass(2 * MINUTE_MS);
    expect(of.lines()).toEqual([]);
    expect(of.book.find('i-1')).toMatchObject({ siteCode: '4216', resolution: 'healed' });
  });

  it('is told of as long as it is silent at the new one, whoever was silent with it', () => {
    const of = world();
    of.silence(true, 1, 2, 3);
    of.pass(2 * MINUTE_MS);
    expect(of.open()).toMatchObject([{ id: 'i-1', node: 'site:4216', kind: 'heartbeat' }]);
    of.move(1, placedAt('0042', '0002'));
    of.silence(false, 2, 3);
    of.pass(4 * MINUTE_MS);
    expect(of.open()).toMatchObject([{ siteCode: '0042', workstationId: workstationId(1) }]);
    of.silence(false, 1);
    of.pass(2 * MINUTE_MS);
    expect(of.lines()).toEqual([]);
  });
});

describe('a copied disk image', () => {
  it('is one incident from its first sighting to eleven minutes after its last', () => {
    const of = world();
    of.fleet.cloned(workstationId(1), '00000000000000c1', of.now());
    of.pass(500);
    expect(of.lines()).toEqual([`clone station:${workstationId(1)} critical`]);
    for (let tries = 0; tries < 4; tries += 1) {
      of.pass(4 * MINUTE_MS);
      of.fleet.cloned(workstationId(1), '00000000000000c1', of.now());
    }
    expect(of.open()).toMatchObject([{ id: 'i-1', kind: 'clone', reason: 'cloned' }]);
    of.pass(10 * MINUTE_MS);
    expect(of.open()).toHaveLength(1);
    of.pass(2 * MINUTE_MS);
    expect([of.lines(), of.news()]).toEqual([[], ['opened i-1', 'resolved i-1']]);
  });
});
