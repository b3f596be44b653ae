import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultEntry } from '../simulate/fault-script.ts';
import { dayReportText, wentAsScripted } from '../simulate/rehearsal/day-report.ts';
import {
  startRehearsal,
  type Rehearsal,
  type RehearsalOptions,
} from '../simulate/rehearsal/rehearsal.ts';
import type { Simulation } from '../simulate/simulation.ts';
import { summaryText } from '../simulate/summary-text.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliWorld } from './world.ts';

/** How long a rehearsal is played, and for whom. */
export interface RehearseFor {
  readonly world: CliWorld;
  readonly minutes: number | undefined;
  readonly once: boolean;
  readonly isJson: boolean;
}

const FAILED = 1;
const LOOK_EVERY_MS = 500;

/** Plays the collector's plan, and tells at the end of its day, or at its own, how it went. */
export async function rehearse(options: RehearsalOptions, how: RehearseFor): Promise<number> {
  const { world, isJson } = how;
  const rehearsal = await startRehearsal(options);
  const { simulation, region, notInvolved } = rehearsal;
  const { seed, relays } = options.simulation;
  if (!isJson)
    world.out(
      `playing "${region.book.plan.title}": ${fleetText(simulation)}, ${notInvolved} sites take no part, ` +
        `seed ${seed}, speed ${options.day.time.speed}${relays === false ? '' : ', through relays'}`,
    );
  tellIdleFaults(simulation, options.faults, world);
  const stopped = stopOrMinutes(world, how.minutes);
  const isDayOver = await dayOver(rehearsal, stopped);
  const report = await rehearsal.report();
  const isGood = wentAsScripted(report);
  if (!isJson) world.out(dayReportText(report));
  // The board stays alive for those who look at it, unless this was for the answer alone.
  if (isDayOver && !how.once) await stopped;
  const counters = await rehearsal.stop();
  world.out(isJson ? JSON.stringify({ seed, isGood, report, ...counters }) : summaryText(counters));
  return isDayOver && !isGood ? FAILED : exitCodes.ok;
}

/** False when it was stopped before. */
async function dayOver(rehearsal: Rehearsal, stopped: Promise<void>): Promise<boolean> {
  const ended = stopped.then(() => true);
  while (rehearsal.nowMs() < rehearsal.endMs)
    if (await Promise.race([ended, sleep(LOOK_EVERY_MS, false)])) break;
  return rehearsal.nowMs() >= rehearsal.endMs;
}

/** Until the minutes are over or it is asked to stop. */
export async function stopOrMinutes(world: CliWorld, minutes: number | undefined): Promise<void> {
  const over = new AbortController();
  const timer =
    minutes === undefined ? [] : [sleep(minutes * 60_000, undefined, { signal: over.signal })];
  await Promise.race([world.stopAsked(), ...timer]);
  over.abort();
}

export function fleetText({ region, sockets, enrolled }: Simulation): string {
  const { sites, workstations } = region;
  const others = sites.filter(({ kind }) => kind !== 'ppe').length;
  const beside = others > 0 ? ` and ${others} other sites` : '';
  return (
    `${sites.length - others} ППЭ${beside}, ${workstations.length} workstations (${enrolled} new), ` +
    `${sockets} sockets`
  );
}

/** A fault that strikes nobody is most likely a mistake of its script. */
export function tellIdleFaults(
  { struck }: Simulation,
  faults: readonly FaultEntry[],
  world: CliWorld,
): void {
  for (const [at, count] of struck.entries())
    if (count === 0)
      world.err(
        `ppe-collector: fault ${at + 1} of the script (${faults[at]?.fault}) strikes nobody in this region: look at its "where"`,
      );
}
