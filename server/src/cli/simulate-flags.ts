import type { SimulationOptions } from '../simulate/simulation.ts';
import { utcOffsetMinutesOf } from '../simulate/simulated-time.ts';
import { durationMs } from '../simulate/fault-script.ts';
import { UsageError } from './usage-error.ts';

/** Flags of `simulate` as `cac` hands them over. */
export interface SimulateFlags {
  readonly to?: unknown;
  readonly ppe?: unknown;
  readonly rooms?: unknown;
  readonly interval?: unknown;
  readonly seed?: unknown;
  readonly script?: unknown;
  readonly minutes?: unknown;
  readonly speed?: unknown;
  readonly start?: unknown;
  readonly timeZone?: unknown;
  readonly oracle?: unknown;
  readonly relays?: unknown;
  readonly tokenFile?: unknown;
  readonly data?: unknown;
  readonly rehearsal?: unknown;
  readonly once?: unknown;
  readonly json?: unknown;
}

/** What the flags ask for. */
export interface SimulateChoice {
  readonly simulation: Omit<SimulationOptions, 'to' | 'token' | 'faults'>;
  readonly to: string | undefined;
  readonly dataDir: string | undefined;
  readonly tokenFile: string | undefined;
  readonly scriptFile: string | undefined;
  readonly minutes: number | undefined;
  /** Of the collector's own plan and registry: insisted on, only when it has one, or not wanted. */
  readonly rehearsal: 'must' | 'may' | 'no';
  /** Ends with the day of the plan; the exit code says whether it went as scripted. */
  readonly once: boolean;
}

const SITES_MAX = 6_000;
const ROOMS_MAX = 100;
const SPEED_MAX = 3_600;
const YEAR_MINUTES = 366 * 24 * 60;

/** Reads the flags; `nowMs` is the simulated start when none is given. Throws a `UsageError`. */
export function simulateOptions(flags: SimulateFlags, nowMs: number): SimulateChoice {
  const startMs = startOf(textOf('--start', flags.start)) ?? nowMs;
  const timeZone = textOf('--time-zone', flags.timeZone) ?? 'Asia/Novokuznetsk';
  return {
    to: addressOf(textOf('--to', flags.to)),
    dataDir: textOf('--data', flags.data),
    tokenFile: textOf('--token-file', flags.tokenFile),
    scriptFile: textOf('--script', flags.script),
    minutes:
      flags.minutes === undefined
        ? undefined
        : numberOf('--minutes', flags.minutes, [0.01, YEAR_MINUTES]),
    rehearsal: rehearsalOf(flags),
    once: flags.once === true,
    simulation: {
      seed: wholeOf('--seed', flags.seed ?? 1, [0, 2 ** 31]),
      sites: wholeOf('--ppe', flags.ppe ?? 1, [1, SITES_MAX]),
      rooms: numberOf('--rooms', flags.rooms ?? 11, [1, ROOMS_MAX]),
      intervalMs: intervalOf(textOf('--interval', flags.interval)),
      oracleFile: textOf('--oracle', flags.oracle),
      relays: flags.relays === true ? true : undefined,
      time: {
        startMs,
        speed: numberOf('--speed', flags.speed ?? 1, [0.1, SPEED_MAX]),
        utcOffsetMinutes: zoneOffset(timeZone, startMs),
      },
    },
  };
}

/** A fleet of a size of its own, or with a clock of its own, is not the registry's. */
function rehearsalOf({
  rehearsal,
  ppe,
  rooms,
  start,
  speed,
}: SimulateFlags): 'must' | 'may' | 'no' {
  const isOwn = [ppe, rooms, start, speed].some((each) => each !== undefined);
  if (rehearsal !== true) return isOwn ? 'no' : 'may';
  if (!isOwn) return 'must';
  throw new UsageError(
    '--rehearsal takes sites and the clock from the collector: leave --ppe, --rooms, --start and --speed out',
  );
}

function addressOf(to: string | undefined): string | undefined {
  if (to === undefined || /^wss?:\/\/[^/?#@]+\/?$/.test(to)) return to;
  throw new UsageError(
    `--to needs an address such as ws://127.0.0.1:8080, not "${to.slice(0, 80)}"`,
  );
}

function intervalOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^[0-9]+(\.[0-9]+)?(ms|s|m)$/.test(text) ? durationMs(text) : Number.NaN;
  if (ms >= 100 && ms <= 300_000) return ms;
  throw new UsageError('--interval needs a time from 100ms to 5m, such as 5s');
}

function startOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const isFull = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const ms = isFull ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new UsageError('--start needs a time with its offset, such as 2024-05-15T08:30+07:00');
}

function zoneOffset(timeZone: string, atMs: number): number {
  try {
    return utcOffsetMinutesOf(timeZone, atMs);
  } catch {
    throw new UsageError(`--time-zone "${timeZone}" is not an IANA zone such as Asia/Novokuznetsk`);
  }
}

type Range = readonly [number, number];

function numberOf(name: string, value: unknown, [from, to]: Range): number {
  if (typeof value === 'number' && value >= from && value <= to) return value;
  throw new UsageError(`${name} needs a number from ${from} to ${to}`);
}

function wholeOf(name: string, value: unknown, range: Range): number {
  const number = numberOf(name, value, range);
  if (Number.isInteger(number)) return number;
  throw new UsageError(`${name} needs a whole number`);
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(`${name} needs one value`);
}
