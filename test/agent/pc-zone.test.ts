import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clockZone } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../../agent/src/child/probe-host.ts';
import { ConfigError } from '../../agent/src/config-error.ts';
import { localZone } from '../../agent/src/probes/zone/local-zone.ts';
import { isZone, offsetOfZone } from '../../agent/src/probes/zone/named-zone.ts';
import { offsetOfRule, offsetOfZoneFile } from '../../agent/src/probes/zone/tzif.ts';
import { zoneOffset } from '../../agent/src/probes/zone/windows-zone.ts';
import { ZoneProbe } from '../../agent/src/probes/zone/zone-probe.ts';
import { fuzzed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';
import { judged as judgedBy } from '../support/judged.ts';

const ZONES = '/usr/share/zoneinfo';
const rehearsalMs = Date.parse('2024-05-15T03:00:00Z');
const clock = { wallMs: () => rehearsalMs, monotonicMs: () => 0 };

/** A zone of version 2 that moved from seven hours to six at second 1,000, and stayed. */
function zoneFile(rule = '<+06>-6'): Buffer {
  const header = (times: number): Buffer => {
    const bytes = Buffer.alloc(44);
    bytes.write('TZif2');
    for (const [at, count] of [0, 0, 0, times, 2, 8].entries())
      bytes.writeUInt32BE(count, 20 + at * 4);
    return bytes;
  };
  const types = Buffer.alloc(12);
  types.writeInt32BE(7 * 3_600, 0);
  types.writeInt32BE(6 * 3_600, 6);
  const names = Buffer.from('+07\0+06\0');
  const [short, long] = [Buffer.alloc(4), Buffer.alloc(8)];
  short.writeInt32BE(1_000);
  long.writeBigInt64BE(1_000n);
  const index = Buffer.of(1);
  const rest = [index, types, names];
  return Buffer.concat([
    header(1),
    short,
    ...rest,
    header(1),
    long,
    ...rest,
    Buffer.from(`\n${rule}\n`),
  ]);
}

describe('a compiled zone', () => {
  it('tells the offset of a moment', () => {
    expect(offsetOfZoneFile(zoneFile(), 999)).toBe(420);
    expect(offsetOfZoneFile(zoneFile(), 1_000)).toBe(360);
    expect(offsetOfZoneFile(zoneFile(''), 2_000)).toBe(360);
    // Summer time that goes on for ever is not read here.
    expect(offsetOfZoneFile(zoneFile('CET-1CEST,M3.5.0,M10.5.0/3'), 2_000)).toBeUndefined();
    expect(offsetOfZoneFile(Buffer.from('UTC'), 0)).toBeUndefined();
    expect(offsetOfZoneFile(Buffer.alloc(0), 0)).toBeUndefined();
  });

  it.each([
    ['<+07>-7', 420],
    ['MSK-3', 180],
    ['UTC0', 0],
    ['<-0330>3:30', -210],
    ['IST-5:30', 330],
    ['CET-1CEST,M3.5.0,M10.5.0/3', undefined],
    ['', undefined],
  ])('rule %s', (rule, offset) => {
    expect(offsetOfRule(rule)).toBe(offset);
  });

  it('is an offset or none whatever the bytes are', () => {
    fuzzed('TZif', [zoneFile(), zoneFile('CET-1CEST,M3.5.0,M10.5.0/3')], (bytes) => {
      for (const second of [-1, 999, 1_715_742_000]) {
        const offset = offsetOfZoneFile(bytes, second);
        if (offset !== undefined) expect(Number.isFinite(offset)).toBe(true);
      }
    });
  });

  it
    .skipIf(!existsSync(`${ZONES}/Asia/Novokuznetsk`))
    .each(['Asia/Novokuznetsk', 'Europe/Moscow', 'Asia/Kolkata', 'America/New_York', 'Etc/UTC'])(
    '%s of this machine is as the runtime knows it',
    (zone) => {
      const file = readFileSync(join(ZONES, zone));
      for (const at of ['2008-07-01', '2011-12-01', '2015-02-01', '2024-05-15', '2026-01-15']) {
        const atMs = Date.parse(`${at}T03:00:00Z`);
        expect([at, offsetOfZoneFile(file, atMs / 1_000)]).toEqual([at, offsetOfZone(zone, atMs)]);
      }
    },
  );
});

describe('the PC’s own zone', () => {
  it('is the one of its file, be it a link or a copy, and changes with it', async () => {
    const home = tempDir();
    const copy = join(home, 'copy');
    writeFileSync(copy, zoneFile());
    expect(await localZone(rehearsalMs, copy)).toEqual({ zone: '', offsetMinutes: 360 });
    writeFileSync(copy, zoneFile('<+07>-7'));
    expect(await localZone(rehearsalMs, copy)).toEqual({ zone: '', offsetMinutes: 420 });
    const link = join(home, 'link');
    symlinkSync('/usr/share/zoneinfo/Asia/Nowhere', link);
    expect(await localZone(rehearsalMs, link)).toBeUndefined();
  });

  it('with summer time for ever is read by its name', async () => {
    const home = tempDir();
    const summer = 'CET-1CEST,M3.5.0,M10.5.0/3';
    mkdirSync(join(home, 'zoneinfo', 'Europe'), { recursive: true });
    writeFileSync(join(home, 'zoneinfo', 'Europe', 'Berlin'), zoneFile(summer));
    symlinkSync(join(home, 'zoneinfo', 'Europe', 'Berlin'), join(home, 'link'));
    const berlin = { zone: 'Europe/Berlin', offsetMinutes: 120 };
    expect(await localZone(rehearsalMs, join(home, 'link'))).toEqual(berlin);
    // A copy has no name.
    writeFileSync(join(home, 'copy'), zoneFile(summer));
    expect(await localZone(rehearsalMs, join(home, 'copy'))).toBeUndefined();
  });

  it('is the process’s own where there is no file, and not known where the file is none', async () => {
    const home = tempDir();
    expect(await localZone(rehearsalMs, join(home, 'none'))).toMatchObject({ offsetMinutes: 0 });
    writeFileSync(join(home, 'bad'), 'Asia/Novokuznetsk\n');
    expect(await localZone(rehearsalMs, join(home, 'bad'))).toBeUndefined();
  });
});

describe('the zone of a ППЭ', () => {
  const probe = (expected: string | undefined, localZonePath: string) =>
    new ZoneProbe(expected, {
      clock,
      host: {} as unknown as ProbeHost,
      localZone: localZonePath,
    });

  it('is not judged while nobody has said which it is', async () => {
    expect(await probe(undefined, '/none').measure()).toEqual({ kind: 'nothing' });
  });

  it('is another one, or the same under another name', async () => {
    const path = join(tempDir(), 'localtime');
    const judged = async () => {
      const outcome = await probe('Asia/Novokuznetsk', path).measure();
      if (outcome.kind !== 'measured' || outcome.facts?.subject !== 'zone') throw new Error('no');
      return judgedBy(clockZone, outcome.facts.facts);
    };
    writeFileSync(path, zoneFile());
    expect(await judged()).toMatchObject({
      verdict: 'fail',
      reason: 'wrongZone',
      evidence: { offsetMinutes: 360, expectedOffsetMinutes: 420 },
    });
    writeFileSync(path, zoneFile('<+07>-7'));
    expect(await judged()).toMatchObject({ verdict: 'ok' });
    writeFileSync(path, 'nonsense');
    expect(await probe('Asia/Novokuznetsk', path).measure()).toMatchObject({ kind: 'failed' });
  });

  it('that does not exist is a mistake of the configuration', () => {
    expect(() => probe('Asia/Nowokusnezk', '/none')).toThrow(ConfigError);
    expect([isZone('Asia/Novokuznetsk'), isZone('UTC'), isZone('')]).toEqual([true, true, false]);
  });

  it.each([
    ['Asia/Novokuznetsk', '2024-05-15', 420],
    ['Asia/Kolkata', '2024-05-15', 330],
    ['America/New_York', '2024-01-15', -300],
    ['America/New_York', '2024-07-15', -240],
    ['UTC', '2024-05-15', 0],
  ])('%s on %s is %i minutes east', (zone, day, minutes) => {
    expect(offsetOfZone(zone, Date.parse(day))).toBe(minutes);
  });
});

/** Vectors of Microsoft's documented constants; unverified on Windows. */
describe('the zone by Windows', () => {
  const information = (bias: number, standard: number, daylight: number): Buffer => {
    const bytes = Buffer.alloc(172);
    bytes.writeInt32LE(bias, 0);
    bytes.writeInt32LE(standard, 84);
    bytes.writeInt32LE(daylight, 168);
    return bytes;
  };

  it.each([
    [0, information(-420, 0, -60), 420],
    [1, information(-60, 0, -60), 60],
    [2, information(-60, 0, -60), 120],
    [0, information(0, 0, 0), 0],
    [2, information(300, 0, -60), -240],
    [0xffff_ffff, information(-420, 0, 0), undefined],
  ])('season %i', (season, bytes, minutes) => {
    expect(zoneOffset(season, bytes)).toBe(minutes);
  });
});
