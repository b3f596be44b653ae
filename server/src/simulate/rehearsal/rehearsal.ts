import type { Agent } from 'node:http';
import type { ForecastScore, StageId } from '@ppe-pulse/protocol';
import { keepingAgent, tryAsk, type CollectorApi } from '../collector-api.ts';
import { scheduleFaults, type FaultSchedule } from '../fault-schedule.ts';
import type { FaultEntry } from '../fault-script.ts';
import { startSimulation, type Simulation, type SimulationOptions } from '../simulation.ts';
import type { SimulationCounters } from '../tally.ts';
import { ClaimPoster } from './claim-poster.ts';
import { claimsOf, type PlannedClaim } from './claims.ts';
import type { DayReport } from './day-report.ts';
import { dayTruths, type DayTruth } from './day-truth.ts';
import { FaultWatch } from './fault-watch.ts';
import { standingsOf } from './stage-standings.ts';
import { planRegistered, type PlannedRegion } from './planned-region.ts';
import type { PlayedDay } from './played-day.ts';
import { routineOf } from './routine.ts';

/** What a rehearsal is played with. */
export interface RehearsalOptions {
  readonly simulation: Omit<SimulationOptions, 'time' | 'region' | 'routineOf' | 'faults'>;
  readonly day: PlayedDay;
  readonly faults: readonly FaultEntry[];
}

/** A day of a plan that is being played. */
export interface Rehearsal {
  readonly simulation: Simulation;
  readonly region: PlannedRegion;
  /** Sites that take no part, and are not played. */
  readonly notInvolved: number;
  /** Moment at which everything is over, on the rehearsal's clock, and now. */
  readonly endMs: number;
  nowMs(): number;
  /** What the collector made of it so far. */
  report(): Promise<DayReport>;
  stop(): Promise<SimulationCounters>;
}

const MINUTE = 60_000;
/** Questions at once to the collector's API. */
const CONNECTIONS = 8;
/** The last claim, the last fault, and the last forecast have come to their end. */
const AFTERWARDS_MS = 15 * MINUTE;
/** A fault shows within so many periods of the heartbeat: silence takes six. */
const GRACE_PERIODS = 9;

/** Starts the fleet that the plan asks for, its people and the watch over the script. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { day, faults } = options;
  const { seed, to, token, tls } = options.simulation;
  const region = planRegistered(day.region, day.plan, seed);
  const time = { ...day.time };
  const routine = routineOf(region, time);
  const schedule = scheduleFaults(faults, region, time, routine);
  const simulation = await startSimulation({
    ...options.simulation,
    // As on the day: a ППЭ is on the Internet through its Штаб.
    relays: options.simulation.relays ?? true,
    time,
    region,
    faults,
    routineOf: routine,
    startedMonotonicMs: day.startedMonotonicMs,
  });
  const plain = { address: to.replace(/^ws/, 'http'), token, tls };
  const api = { ...plain, agent: keepingAgent(plain, CONNECTIONS) };
  return playDay({ options, region, schedule, simulation, api });
}

interface DayParts {
  readonly options: RehearsalOptions;
  readonly region: PlannedRegion;
  readonly schedule: FaultSchedule;
  readonly simulation: Simulation;
  readonly api: CollectorApi & { readonly agent: Agent };
}

function playDay({ options, region, schedule, simulation, api }: DayParts): Rehearsal {
  const { day } = options;
  const nowMs = (): number => day.rehearsalMs(Date.now());
  const claims = plannedClaims(region, schedule, day);
  const poster = new ClaimPoster({ api, claims, nowMs });
  const watch = new FaultWatch({
    api,
    faults: schedule.entries,
    agentIdOf: ({ index }) => simulation.agents[index]?.key.agentId ?? '',
    nowMs,
    rehearsalMs: day.rehearsalMs,
    wallMs: day.wallMs,
    graceMs: () => GRACE_PERIODS * simulation.intervalMs(),
  });
  poster.start();
  watch.start();
  return {
    simulation,
    region,
    notInvolved: day.region.sites.length - region.registered.length,
    endMs: endOf(claims, schedule),
    nowMs,
    report: async () => ({
      plan: region.book.plan.title,
      nowMs: nowMs(),
      utcOffsetMinutes: day.time.utcOffsetMinutes,
      stages: standingsOf({
        overview: (await tryAsk(api, { method: 'GET', path: '/api/v1/overview' })).body,
        claims,
        nowMs: nowMs(),
      }),
      faults: await watch.result(),
      forecasts: scoresIn(
        (await tryAsk(api, { method: 'GET', path: '/api/v1/forecasts?limit=1' })).body,
      ),
      claims: poster.counters(),
    }),
    stop: async () => {
      poster.stop();
      watch.stop();
      const counters = await simulation.stop();
      api.agent.destroy();
      return counters;
    },
  };
}

function scoresIn(body: unknown): readonly ForecastScore[] {
  if (typeof body !== 'object' || body === null || !('summary' in body)) return [];
  return Array.isArray(body.summary) ? (body.summary as readonly ForecastScore[]) : [];
}

function plannedClaims(
  region: PlannedRegion,
  schedule: FaultSchedule,
  { time }: PlayedDay,
): PlannedClaim[] {
  const { plan, times } = region.book;
  const { utcOffsetMinutes } = time;
  const due = new Map(plan.stages.map((stage) => [stage.id, stage.due]));
  const dueMs = ({ site, track }: DayTruth, stage: StageId): number | null => {
    const at = due.get(stage);
    return at == null ? null : times.at(at, site.timeZone, track);
  };
  return claimsOf({
    truths: dayTruths({ region, occurrencesOf: (index) => schedule.of(index), utcOffsetMinutes }),
    stages: new Set(plan.stages.map(({ id }) => id)),
    dueMs,
    startMs: time.startMs,
  });
}

function endOf(claims: readonly PlannedClaim[], { entries }: FaultSchedule): number {
  const ends = entries.flatMap(({ occurrence: { fromMs, toMs } }) => [
    fromMs,
    Number.isFinite(toMs) ? toMs : fromMs,
  ]);
  return Math.max(claims.at(-1)?.atMs ?? 0, ...ends) + AFTERWARDS_MS;
}
