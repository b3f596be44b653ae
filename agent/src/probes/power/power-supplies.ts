import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PowerLook } from './power-look.ts';

/** Where Linux lists what gives the PC power. */
const POWER_SUPPLIES = '/sys/class/power_supply';
/** A notebook has five: two batteries, a socket, two USB-C ports. */
const MAX_SUPPLIES = 32;
const MAX_CHARACTERS = 8_192;
const MS_PER_HOUR = 3_600_000;

/** One entry: its `type` and its `uevent`, as the kernel writes them. */
export interface PowerSupply {
  readonly type: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads what Linux knows; a PC without the folder has nothing to tell of. */
export async function lookAtSupplies(root = POWER_SUPPLIES): Promise<PowerLook> {
  let names: string[];
  try {
    names = readdirSync(root).slice(0, MAX_SUPPLIES);
  } catch {
    return { kind: 'nothing' };
  }
  const supplies = await Promise.all(names.map((name) => supplyIn(join(root, name))));
  return powerOfSupplies(supplies);
}

async function supplyIn(folder: string): Promise<PowerSupply> {
  const read = async (file: string): Promise<string> => {
    try {
      return (await readFile(join(folder, file), 'utf8')).slice(0, MAX_CHARACTERS);
    } catch {
      // Pulled out between the two looks.
      return '';
    }
  };
  return { type: (await read('type')).trim(), values: parseUevent(await read('uevent')) };
}

/** `POWER_SUPPLY_CAPACITY=87` is `CAPACITY` → `87`; lines that are not as expected are passed over. */
export function parseUevent(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/^POWER_SUPPLY_([A-Z0-9_]{1,40})=(.{0,80})$/gm);
  return new Map([...found].map(([, name, value]) => [name ?? '', value ?? '']));
}

/** Mains and batteries together. Batteries of mice and keyboards are not the PC's. */
export function powerOfSupplies(all: readonly PowerSupply[]): PowerLook {
  const own = all.filter(
    ({ values }) => values.get('SCOPE') !== 'Device' && values.get('PRESENT') !== '0',
  );
  const batteries = own.filter(({ type }) => type === 'Battery' || type === 'UPS');
  if (batteries.length === 0) return { kind: 'nothing' };
  const isOnMains = onMains(own, batteries);
  if (isOnMains === undefined) return { kind: 'failed', reason: 'notSupported' };
  const chargeRatio = chargeOf(batteries);
  const runtimeMs = isOnMains ? undefined : runtimeOf(batteries);
  return {
    kind: 'seen',
    facts: {
      isOnMains,
      ...(chargeRatio === undefined ? {} : { chargeRatio }),
      ...(runtimeMs === undefined ? {} : { runtimeMs }),
    },
  };
}

/** A socket that is on, a battery that is being charged; undefined where neither tells. */
function onMains(
  own: readonly PowerSupply[],
  batteries: readonly PowerSupply[],
): boolean | undefined {
  const sockets = own
    .filter((each) => !batteries.includes(each))
    .map(({ values }) => numberOf(values, 'ONLINE'))
    .filter((online) => online !== undefined);
  const states = batteries.map(({ values }) => values.get('STATUS') ?? '');
  if (sockets.some((online) => online > 0) || states.includes('Charging')) return true;
  if (sockets.length > 0 || states.includes('Discharging')) return false;
  const isKnown = states.some((state) => state === 'Full' || state === 'Not charging');
  return isKnown ? true : undefined;
}

/** Of all batteries together, 0…1. */
function chargeOf(batteries: readonly PowerSupply[]): number | undefined {
  const energies = batteries.map(({ values }) => ({
    now: numberOf(values, 'ENERGY_NOW'),
    full: numberOf(values, 'ENERGY_FULL'),
  }));
  const full = sum(energies.map((each) => each.full));
  const now = sum(energies.map((each) => each.now));
  if (full !== undefined && full > 0 && now !== undefined) return Math.min(1, now / full);
  const ratios = batteries.map(ratioOf).filter((ratio) => ratio !== undefined);
  const total = ratios.reduce((whole, each) => whole + each, 0);
  return ratios.length === 0 ? undefined : total / ratios.length;
}

function ratioOf({ values }: PowerSupply): number | undefined {
  for (const kind of ['ENERGY', 'CHARGE']) {
    const now = numberOf(values, `${kind}_NOW`);
    const full = numberOf(values, `${kind}_FULL`);
    if (now !== undefined && full !== undefined && full > 0) return Math.min(1, now / full);
  }
  const percent = numberOf(values, 'CAPACITY');
  return percent === undefined ? undefined : Math.min(1, percent / 100);
}

/** µWh over µW, or µAh over µA, of all batteries; undefined while nothing is drawn. */
function runtimeOf(batteries: readonly PowerSupply[]): number | undefined {
  for (const [left, drawn] of [
    ['ENERGY_NOW', 'POWER_NOW'],
    ['CHARGE_NOW', 'CURRENT_NOW'],
  ] as const) {
    const all = sum(batteries.map(({ values }) => numberOf(values, left)));
    const perHour = sum(batteries.map(({ values }) => numberOf(values, drawn)));
    if (all !== undefined && perHour !== undefined && perHour > 0)
      return (all / perHour) * MS_PER_HOUR;
  }
  const seconds = sum(batteries.map(({ values }) => numberOf(values, 'TIME_TO_EMPTY_NOW')));
  return seconds === undefined || seconds === 0 ? undefined : seconds * 1_000;
}

/** Undefined when one of them is: a part is not the whole. */
function sum(numbers: readonly (number | undefined)[]): number | undefined {
  return numbers.reduce<number | undefined>(
    (whole, each) => (whole === undefined || each === undefined ? undefined : whole + each),
    0,
  );
}

/** A whole number; some drivers give a current that flows out with a minus. */
function numberOf(values: ReadonlyMap<string, string>, name: string): number | undefined {
  const found = /^-?(\d{1,15})$/.exec(values.get(name) ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}
