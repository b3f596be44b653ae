import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultIds } from '../../server/src/simulate/fault-catalogue.ts';
import {
  durationMs,
  minuteOfDay,
  parseFaultScript,
} from '../../server/src/simulate/fault-script.ts';
import { scheduleFaults, type FaultSchedule } from '../../server/src/simulate/fault-schedule.ts';
import { planRegion } from '../../server/src/simulate/region.ts';
import {
  elapsedMsAt,
  localTimeOf,
  momentOf,
  simulatedMs,
  utcOffsetMinutesOf,
  type SimulatedTime,
} from '../../server/src/simulate/simulated-time.ts';

const MINUTE = 60_000;
const region = planRegion({ seed: 1, sites: 60, rooms: 11 });
const time: SimulatedTime = {
  startMs: Date.parse('2024-05-15T10:00:00+07:00'),
  speed: 60,
  utcOffsetMinutes: 420,
};

function schedule(yaml: string, at = time): FaultSchedule {
  const outcome = parseFaultScript(yaml);
  if (!outcome.ok) throw new Error(outcome.problems.join('; '));
  return scheduleFaults(outcome.entries, region, at);
}

/** Placements of those that are struck. */
const placesOf = (made: FaultSchedule) =>
  region.workstations
    .filter(({ index }) => made.of(index).length > 0)
    .map(({ placement }) => placement);

describe('a fault script', () => {
  it('is a list of faults with their time and place', () => {
    const outcome = parseFaultScript(`
# A jam during the printing wave.
- at: '10:05'
  for: 5m
  fault: printerJam
  where: { ppe: ['0042', '0043'], room: '0003' }
- { at: +90s, fault: providerCut, where: { provider: provider1 } }
`);
    expect(outcome).toEqual({
      ok: true,
      entries: [
        {
          at: '10:05',
          for: '5m',
          fault: 'printerJam',
          where: { ppe: ['0042', '0043'], room: '0003' },
        },
        { at: '+90s', fault: 'providerCut', where: { provider: 'provider1' } },
      ],
    });
    expect(parseFaultScript('')).toEqual({ ok: true, entries: [] });
  });

  it.each([
    ['- { at: "10:05", fualt: printerJam }', 'line 1: unknown key "fualt", did you mean "fault"?'],
    [
      '- { at: "10:05", fault: printerJamm }',
      'line 1: unknown fault "printerJamm", did you mean "printerJam"?',
    ],
    [
      '- at: "10:05"\n  fault: lineCut\n  where:\n    pppe: "0042"',
      'line 4: unknown key "pppe", did you mean "ppe"?',
    ],
    [
      '- at: "10:05"\n  fault: lineCut\n  where:\n    ppe: 42',
      'line 4: "ppe" must be a code of four digits',
    ],
    [
      '- at: "10:05"\n  fault: lineCut\n  for: five minutes',
      'line 3: "for" must be a duration such as "5m"',
    ],
    ['- at: "25:00"\n  fault: lineCut', 'line 1: "at" must be a local time such as "10:05"'],
    ['- { fault: lineCut }', 'line 1: a fault needs "at" and "fault"'],
    ['- lineCut', 'line 1: a fault needs "at" and "fault"'],
    ['- { at: "+1s", fault: lineCut, where: { share: 1.5 } }', '"share" must be a number above 0'],
    [
      '- { at: "+1s", fault: lineCut, where: { role: organiser } }',
      '"role" must be one of hq, organizer',
    ],
    ['- { at: "+1s", fault: lineCut, where: everywhere }', '"where" must be ppe, room, role'],
    ['faults: []', 'line 1: the script must be a list of faults'],
    ['- { at: "+1s"', 'not YAML'],
  ])('%j is refused with its line: %s', (text, message) => {
    const outcome = parseFaultScript(text);
    expect(outcome.ok ? [] : outcome.problems.join('; ')).toContain(message);
  });

  it('tells all its problems at once, each once', () => {
    const outcome = parseFaultScript(
      '- { at: 5, fault: no, wher: {} }\n- { at: "+1s", fault: hqOff, for: 1 }',
    );
    if (outcome.ok) throw new Error('it was taken');
    expect(outcome.problems.map((each) => each.slice(0, 40))).toEqual([
      'line 1: unknown key "wher", did you mean',
      expect.stringContaining('line 1: unknown fault "no"'),
      expect.stringContaining('line 1: "at" must be'),
      expect.stringContaining('line 2: "for" must be'),
    ]);
  });

  it('reads times', () => {
    expect(['5m', '+90s', '1.5h', '250ms'].map(durationMs)).toEqual([
      300_000, 90_000, 5_400_000, 250,
    ]);
    expect(minuteOfDay('10:05:30')).toBe(605.5);
    expect(minuteOfDay('+5m')).toBeUndefined();
  });
});

describe('simulated time', () => {
  it('runs so much faster, and back', () => {
    expect(simulatedMs(time, 1_000)).toBe(time.startMs + MINUTE);
    expect(elapsedMsAt(time, time.startMs + MINUTE)).toBe(1_000);
  });

  it('is local to the ППЭ', () => {
    const local = localTimeOf(time.startMs, 420);
    expect(local.minute).toBe(600);
    expect(momentOf(local, 420)).toBe(time.startMs);
    expect(localTimeOf(Date.parse('2024-05-15T23:59:00-03:00'), -180).minute).toBe(1_439);
    expect(utcOffsetMinutesOf('Asia/Novokuznetsk', time.startMs)).toBe(420);
    expect(utcOffsetMinutesOf('UTC', time.startMs)).toBe(0);
    expect(utcOffsetMinutesOf('America/St_Johns', Date.parse('2024-01-15T00:00:00Z'))).toBe(-210);
  });
});

describe('a fault schedule', () => {
  it('strikes at a local time, and on the next day when that is over', () => {
    const at = (text: string) =>
      schedule(`- { at: '${text}', for: 5m, fault: diskFull, where: { ppe: '0001' } }`)
        .of(0)
        .map(({ fromMs, toMs }) =>
          [fromMs - time.startMs, toMs - time.startMs].map((ms) => ms / MINUTE),
        );
    expect(at('10:05')).toEqual([[5, 10]]);
    expect(at('09:58')).toEqual([[-2, 3]]);
    expect(at('09:00')).toEqual([[24 * 60 - 60, 24 * 60 - 55]]);
    expect(at('+90s')).toEqual([[1.5, 6.5]]);
  });

  it('strikes only what can have the fault', () => {
    expect(
      new Set(placesOf(schedule(`- { at: +0s, fault: headsetUnplugged }`)).map(({ role }) => role)),
    ).toEqual(new Set(['speaking']));
    expect(schedule(`- { at: +0s, fault: headsetUnplugged, where: { role: hq } }`).struck).toEqual([
      0,
    ]);
  });

  it('counts a share of what is struck: workstations, or whole ППЭ', () => {
    const jams = schedule(`- { at: +0s, fault: printerJam, where: { share: 0.1 } }`);
    const printing = schedule(`- { at: +0s, fault: printerJam }`);
    expect(jams.struck[0]).toBe(Math.round((printing.struck[0] ?? 0) * 0.1));
    const cut = placesOf(schedule(`- { at: +0s, fault: powerCut, where: { share: 0.05 } }`));
    const sites = new Set(cut.map(({ siteCode }) => siteCode));
    expect(sites.size).toBe(3);
    for (const site of region.sites.filter(({ code }) => sites.has(code)))
      expect(cut.filter(({ siteCode }) => siteCode === site.code)).toHaveLength(
        site.rooms + (site.scansInHq ? 4 : 3),
      );
  });

  it('strikes the same ones for the same seed, and others with another fault', () => {
    const text = `- { at: +0s, fault: printerJam, where: { share: 0.2 } }`;
    const once = placesOf(schedule(text));
    expect(placesOf(schedule(text))).toEqual(once);
    // The same line a second time draws anew.
    expect(placesOf(schedule(`${text}\n${text}`)).length).toBeGreaterThan(once.length);
  });

  it('cuts 14 ППЭ of the largest provider at once', () => {
    const sites = new Set(
      placesOf(schedule(`- { at: +0s, fault: providerCut }`)).map(({ siteCode }) => siteCode),
    );
    const cut = region.sites.filter(({ code }) => sites.has(code));
    expect(cut).toHaveLength(14);
    expect(new Set(cut.map(({ provider }) => provider))).toEqual(new Set(['provider1']));
  });

  it('cuts everybody off when the collector is', () => {
    expect(schedule(`- { at: +0s, fault: collectorCutOff }`).struck).toEqual([
      region.workstations.length,
    ]);
  });

  it('names the moments at which something changes, the end of a UPS too', () => {
    const made = schedule(`
- { at: '10:10', for: 10m, fault: powerCut, where: { ppe: '0001' } }
- { at: '10:12', fault: lineCut, where: { ppe: '0002' } }
`);
    expect(made.edges.map(({ atMs }) => (atMs - time.startMs) / MINUTE)).toEqual([10, 12, 15, 20]);
  });
});

describe('the sample scripts', () => {
  const folder = join(import.meta.dirname, '..', '..', 'deploy', 'simulate');
  const samples = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

  it.each(samples)('%s is sound, and each of its faults strikes somebody among 100 ППЭ', (name) => {
    const outcome = parseFaultScript(readFileSync(join(folder, name), 'utf8'));
    if (!outcome.ok) throw new Error(outcome.problems.join('; '));
    const hundred = planRegion({ seed: 1, sites: 100, rooms: 11 });
    const { struck } = scheduleFaults(outcome.entries, hundred, time);
    expect(outcome.entries.filter((_, at) => struck[at] === 0)).toEqual([]);
  });

  it('show every fault', () => {
    const seen = new Set(
      samples.flatMap((name) => {
        const outcome = parseFaultScript(readFileSync(join(folder, name), 'utf8'));
        return outcome.ok ? outcome.entries.map(({ fault }) => fault) : [];
      }),
    );
    // It is a person's: it takes a plan to claim ahead of.
    expect(faultIds.filter((id) => !seen.has(id))).toEqual(['earlyClaim']);
  });
});
