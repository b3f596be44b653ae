import { describe, expect, it } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pcUps, type PowerFacts } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../../agent/src/child/probe-host.ts';
import {
  parseNutReply,
  powerOfUps,
  upsNames,
  upsVariables,
} from '../../agent/src/probes/power/nut.ts';
import { PowerProbe } from '../../agent/src/probes/power/power-probe.ts';
import type { PowerLook } from '../../agent/src/probes/power/power-look.ts';
import {
  lookAtSupplies,
  parseUevent,
  powerOfSupplies,
} from '../../agent/src/probes/power/power-supplies.ts';
import { powerStatus } from '../../agent/src/probes/power/windows-power.ts';
import { fuzzed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';
import { judged } from '../support/judged.ts';

const supply = (type: string, values: Readonly<Record<string, string | number>>) => ({
  type,
  values: new Map(Object.entries(values).map(([name, value]) => [name, String(value)])),
});
const socket = (online: number) => supply('Mains', { ONLINE: online });
const battery = (values: Readonly<Record<string, string | number>>) =>
  supply('Battery', { PRESENT: 1, ...values });
const seen = (facts: PowerFacts): PowerLook => ({ kind: 'seen', facts });

describe('power by Linux', () => {
  it.each<[string, Parameters<typeof powerOfSupplies>[0], PowerLook]>([
    ['a desktop', [socket(1)], { kind: 'nothing' }],
    ['nothing at all', [], { kind: 'nothing' }],
    [
      'a keyboard with a battery',
      [socket(1), battery({ SCOPE: 'Device', CAPACITY: 5, STATUS: 'Discharging' })],
      { kind: 'nothing' },
    ],
    ['an empty bay', [socket(1), battery({ PRESENT: 0 })], { kind: 'nothing' }],
    [
      'a notebook on mains',
      [socket(1), battery({ STATUS: 'Full', ENERGY_NOW: 49, ENERGY_FULL: 50, POWER_NOW: 0 })],
      seen({ isOnMains: true, chargeRatio: 0.98 }),
    ],
    [
      'a notebook that was unplugged',
      [
        socket(0),
        battery({
          STATUS: 'Discharging',
          ENERGY_NOW: 28_500_000,
          ENERGY_FULL: 50_000_000,
          POWER_NOW: 15_000_000,
        }),
      ],
      seen({ isOnMains: false, chargeRatio: 0.57, runtimeMs: 1.9 * 3_600_000 }),
    ],
    [
      'a battery that counts charge, with a current that flows out',
      [socket(0), battery({ CHARGE_NOW: 1_000, CHARGE_FULL: 4_000, CURRENT_NOW: -2_000 })],
      seen({ isOnMains: false, chargeRatio: 0.25, runtimeMs: 1_800_000 }),
    ],
    [
      'two batteries as one',
      [
        socket(0),
        battery({ ENERGY_NOW: 10, ENERGY_FULL: 20, POWER_NOW: 20 }),
        battery({ ENERGY_NOW: 30, ENERGY_FULL: 30, POWER_NOW: 0 }),
      ],
      seen({ isOnMains: false, chargeRatio: 0.8, runtimeMs: 7_200_000 }),
    ],
    [
      'USB-C that feeds it while the socket is empty',
      [socket(0), supply('USB', { ONLINE: 1 }), battery({ CAPACITY: 97, STATUS: 'Charging' })],
      seen({ isOnMains: true, chargeRatio: 0.97 }),
    ],
    [
      'a tablet that lists no socket',
      [battery({ CAPACITY: 40, STATUS: 'Discharging' })],
      seen({ isOnMains: false, chargeRatio: 0.4 }),
    ],
    [
      'a battery that does not know what it does',
      [battery({ CAPACITY: 40, STATUS: 'Unknown' })],
      { kind: 'failed', reason: 'notSupported' },
    ],
    [
      'a driver that gives more than there can be',
      [socket(1), battery({ ENERGY_NOW: 60, ENERGY_FULL: 50 })],
      seen({ isOnMains: true, chargeRatio: 1 }),
    ],
  ])('%s', (_, supplies, look) => {
    const told = powerOfSupplies(supplies);
    if (told.kind === 'seen' && look.kind === 'seen') {
      expect(told.facts.isOnMains).toBe(look.facts.isOnMains);
      expect(told.facts.chargeRatio).toBeCloseTo(look.facts.chargeRatio ?? Number.NaN, 6);
      if (look.facts.runtimeMs === undefined) expect(told.facts).not.toHaveProperty('runtimeMs');
      else expect(told.facts.runtimeMs).toBeCloseTo(look.facts.runtimeMs, 3);
    } else expect(told).toEqual(look);
  });

  it('is read from its folder, and is nothing where there is none', async () => {
    const root = tempDir();
    expect(await lookAtSupplies(join(root, 'none'))).toEqual({ kind: 'nothing' });
    for (const [name, type, uevent] of [
      ['AC', 'Mains', 'POWER_SUPPLY_NAME=AC\nPOWER_SUPPLY_ONLINE=0\n'],
      ['BAT0', 'Battery', recordedUevent],
    ] as const) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'type'), `${type}\n`);
      writeFileSync(join(root, name, 'uevent'), uevent);
    }
    const look = await lookAtSupplies(root);
    expect(look).toMatchObject({ kind: 'seen', facts: { isOnMains: false } });
    expect(look.kind === 'seen' && look.facts.chargeRatio).toBeCloseTo(0.57, 3);
    expect(JSON.stringify(look)).not.toContain('SN-0042');
  });

  it('is a look whatever the kernel writes', () => {
    fuzzed('uevent', [Buffer.from(recordedUevent)], (bytes) => {
      const values = parseUevent(bytes.toString('utf8'));
      isSound(powerOfSupplies([{ type: 'Battery', values }, socket(0)]));
      isSound(powerOfSupplies([{ type: 'Battery', values }]));
    });
  });
});

/** A ThinkPad's, shortened. */
const recordedUevent = `DEVTYPE=power_supply
POWER_SUPPLY_NAME=BAT0
POWER_SUPPLY_TYPE=Battery
POWER_SUPPLY_STATUS=Discharging
POWER_SUPPLY_PRESENT=1
POWER_SUPPLY_TECHNOLOGY=Li-poly
POWER_SUPPLY_VOLTAGE_NOW=11712000
POWER_SUPPLY_POWER_NOW=6372000
POWER_SUPPLY_ENERGY_FULL_DESIGN=57020000
POWER_SUPPLY_ENERGY_FULL=50000000
POWER_SUPPLY_ENERGY_NOW=28500000
POWER_SUPPLY_CAPACITY=57
POWER_SUPPLY_CAPACITY_LEVEL=Normal
POWER_SUPPLY_MANUFACTURER=LGC
POWER_SUPPLY_SERIAL_NUMBER=SN-0042
`;

/** As upsd 2.8.0 answers, shortened. */
const recordedVariables = `BEGIN LIST VAR ups1
VAR ups1 battery.charge "87.5"
VAR ups1 battery.runtime "1460"
VAR ups1 device.serial "SN-0042"
VAR ups1 driver.version.internal "0.15"
VAR ups1 ups.status "OL CHRG"
END LIST VAR ups1
`;
const recordedNames = 'BEGIN LIST UPS\nUPS ups1 "In the cupboard"\nUPS b-2 ""\nEND LIST UPS\n';

describe('a UPS by NUT', () => {
  it.each<[string, PowerLook]>([
    ['OL', seen({ isOnMains: true })],
    ['OL CHRG', seen({ isOnMains: true })],
    ['OL TRIM', seen({ isOnMains: true })],
    ['OB DISCHRG', seen({ isOnMains: false })],
    ['OB LB', seen({ isOnMains: false, isBatteryUnfit: true })],
    ['ALARM OL RB', seen({ isOnMains: true, isBatteryUnfit: true })],
    ['OL BYPASS', seen({ isOnMains: true, isBatteryUnfit: true })],
    ['OL OFF', seen({ isOnMains: true, isBatteryUnfit: true })],
    ['FSD OB LB', seen({ isOnMains: false, isBatteryUnfit: true })],
    ['WAIT', { kind: 'failed', reason: 'noAnswer' }],
    ['OFF', { kind: 'failed', reason: 'badAnswer' }],
    ['', { kind: 'failed', reason: 'badAnswer' }],
  ])('status «%s»', (status, look) => {
    expect(powerOfUps(new Map([['ups.status', status]]))).toEqual(look);
  });

  it('is read from a recorded answer, piece by piece', () => {
    for (let length = 0; length < recordedVariables.length; length += 1)
      expect(parseNutReply(recordedVariables.slice(0, length)).kind).toBe('unfinished');
    const reply = parseNutReply(recordedVariables);
    if (reply.kind !== 'list') throw new Error(reply.kind);
    expect(powerOfUps(upsVariables(reply.lines))).toEqual(
      seen({ isOnMains: true, chargeRatio: 0.875, runtimeMs: 1_460_000 }),
    );
    const names = parseNutReply(recordedNames);
    expect(names.kind === 'list' && upsNames(names.lines)).toEqual(['ups1', 'b-2']);
  });

  it.each([
    ['ERR UNKNOWN-UPS\n', 'notFound'],
    ['ERR DRIVER-NOT-CONNECTED\n', 'noAnswer'],
    ['ERR DATA-STALE\n', 'stale'],
    ['ERR ACCESS-DENIED\n', 'unauthorised'],
    ['ERR SOMETHING-NEW\n', 'badAnswer'],
    ['HTTP/1.1 400 Bad Request\r\n', 'badAnswer'],
    [`BEGIN LIST VAR u\n${'VAR u a "1"\n'.repeat(2_000)}`, 'badAnswer'],
  ])('%.20j fails as %s', (text, reason) => {
    expect(parseNutReply(text)).toEqual({ kind: 'failed', reason });
  });

  it('is a look or a failure whatever upsd says', () => {
    const recorded = [recordedVariables, recordedNames, 'ERR DATA-STALE\n'];
    fuzzed(
      'NUT',
      recorded.map((each) => Buffer.from(each)),
      (bytes) => {
        const reply = parseNutReply(bytes.toString('latin1'));
        if (reply.kind !== 'list') return;
        isSound(powerOfUps(upsVariables(reply.lines)));
        for (const name of upsNames(reply.lines)) expect(name).toMatch(/^[\w.-]{1,60}$/);
      },
    );
  });
});

/** Vectors of Microsoft's documented constants; unverified on Windows. */
describe('power by Windows', () => {
  it.each<[string, string, PowerLook]>([
    ['a desktop', '0180ff00ffffffffffffffff', { kind: 'nothing' }],
    [
      'on mains, charging',
      '01095700ffffffffffffffff',
      seen({ isOnMains: true, chargeRatio: 0.87 }),
    ],
    [
      'on battery, 1,800 s left',
      '0002390008070000ffffffff',
      seen({ isOnMains: false, chargeRatio: 0.57, runtimeMs: 1_800_000 }),
    ],
    ['a battery of unknown charge', '01ffff00ffffffffffffffff', seen({ isOnMains: true })],
    ['mains unknown', 'ff013c00ffffffffffffffff', { kind: 'failed', reason: 'notSupported' }],
  ])('%s', (_, hex, look) => {
    expect(powerStatus(Buffer.from(hex, 'hex'))).toEqual(look);
  });

  it('is a look whatever the bytes are', () => {
    const recorded = Buffer.from('0002390008070000ffffffff', 'hex');
    fuzzed('SYSTEM_POWER_STATUS', [recorded], (bytes) => {
      isSound(powerStatus(Buffer.concat([bytes, Buffer.alloc(12)]).subarray(0, 12)));
    });
  });
});

describe('the power probe', () => {
  const quiet = (nut?: { host: string; port: number }) =>
    new PowerProbe(nut ? { nut } : {}, { host: {} as unknown as ProbeHost }).quietPeriodMs;

  it('asks no other PC while its room is quiet', () => {
    expect(quiet()).toBe(10_000);
    expect(quiet({ host: '127.0.0.1', port: 3_493 })).toBe(10_000);
    expect(quiet({ host: 'localhost', port: 3_493 })).toBe(10_000);
    expect(quiet({ host: '10.0.0.5', port: 3_493 })).toBe('never');
  });
});

describe('the check of power', () => {
  it.each<[PowerFacts, string, string]>([
    [{ isOnMains: true, chargeRatio: 1, runtimeMs: 1_800_000 }, 'ok', 'ok'],
    [{ isOnMains: true, chargeRatio: 0.89 }, 'warn', 'lowBattery'],
    [{ isOnMains: true, chargeRatio: 1, runtimeMs: 1_199_000 }, 'warn', 'lowBattery'],
    [{ isOnMains: true, chargeRatio: 1, isBatteryUnfit: true }, 'warn', 'lowBattery'],
    [{ isOnMains: false, chargeRatio: 1, runtimeMs: 9_000_000 }, 'fail', 'onBattery'],
  ])('%j is %s', (facts, verdict, reason) => {
    expect(judged(pcUps, facts)).toMatchObject({ verdict, reason });
  });
});

function isSound(look: PowerLook): void {
  if (look.kind !== 'seen') return;
  const { chargeRatio = 0, runtimeMs = 0 } = look.facts;
  expect(chargeRatio >= 0 && chargeRatio <= 1).toBe(true);
  expect(runtimeMs >= 0 && Number.isFinite(runtimeMs)).toBe(true);
}
