import type { Plan, Region, Site } from '@ppe-pulse/protocol';
import { ConfigError } from '../../config-error.ts';
import { checkPlanText } from '../../plan/check-plan-text.ts';
import { ask, tryAsk, type CollectorApi } from '../collector-api.ts';
import { utcOffsetMinutesOf, type SimulatedTime } from '../simulated-time.ts';

/** What is asked of a region to play in it. */
export type PlayedRegion = Pick<Region, 'timeZone' | 'sites'>;

/** The day that a collector plays: its plan, its region and its clock. */
export interface PlayedDay {
  readonly plan: Plan;
  readonly region: PlayedRegion;
  readonly time: SimulatedTime;
  /** Monotonic moment of this process at which the clock stood at `time.startMs`. */
  readonly startedMonotonicMs: number;
  readonly rehearsalMs: (wallMs: number) => number;
  readonly wallMs: (rehearsalMs: number) => number;
}

interface TheirClock {
  readonly nowAt: string;
  readonly speed: number;
  readonly isSimulated: boolean;
}

/**
 * Asks a collector for what it plays; undefined when it has no plan or no region. Throws a
 * `ConfigError` for a collector whose plan is lived and not played: nobody may be simulated into that.
 */
export async function askPlayedDay(api: CollectorApi): Promise<PlayedDay | undefined> {
  const region = await regionOf(api);
  const plan = planOf(await bodyOf(api, '/api/v1/plan'));
  if (!region || region.sites.length === 0 || !plan) return undefined;
  const clock = clockOf(await ask(api, { method: 'GET', path: '/api/v1/overview' }));
  if (!clock) return undefined;
  if (!clock.isSimulated)
    throw new ConfigError(
      `the collector at ${api.address} lives its plan now: start one with --rehearsal-start to simulate a day of it, or name --ppe to simulate a region of its own`,
    );
  const [monotonicMs, wallMs] = [performance.now(), Date.now()];
  const startMs = Date.parse(clock.nowAt);
  const { speed } = clock;
  return {
    plan,
    region,
    time: {
      startMs,
      speed,
      utcOffsetMinutes: utcOffsetMinutesOf(region.timeZone, startMs),
    },
    startedMonotonicMs: monotonicMs,
    rehearsalMs: (atMs) => startMs + (atMs - wallMs) * speed,
    wallMs: (atMs) => wallMs + (atMs - startMs) / speed,
  };
}

async function bodyOf(api: CollectorApi, path: string): Promise<unknown> {
  const { status, body } = await tryAsk(api, { method: 'GET', path });
  return status > 0 && status < 300 ? body : undefined;
}

/** Page by page, all of one version; undefined for a collector without a registry. */
async function regionOf(api: CollectorApi): Promise<PlayedRegion | undefined> {
  const timeZone = inside(await bodyOf(api, '/api/v1/registry'), 'timeZone');
  if (typeof timeZone !== 'string') return undefined;
  const sites: Site[] = [];
  let cursor = '';
  for (;;) {
    const page = await bodyOf(api, `/api/v1/registry/sites?limit=500${cursor}`);
    const items = inside(page, 'items');
    if (!Array.isArray(items)) return undefined;
    sites.push(...(items as Site[]));
    const next = inside(page, 'nextCursor');
    if (typeof next !== 'string') return { timeZone, sites };
    cursor = `&cursor=${next}`;
  }
}

/** From the text that people wrote: it is what the collector goes by. */
function planOf(body: unknown): Plan | undefined {
  const text = inside(body, 'text');
  if (typeof text !== 'string') return undefined;
  const outcome = checkPlanText(text, { nowMs: null, region: null });
  return outcome.ok ? outcome.plan : undefined;
}

function clockOf(overview: unknown): TheirClock | undefined {
  const clock = inside(overview, 'rehearsal');
  return hasAll(clock, ['nowAt', 'speed', 'isSimulated']) ? (clock as TheirClock) : undefined;
}

function inside(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[key];
}

function hasAll(value: unknown, keys: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value);
}
