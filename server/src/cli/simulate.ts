import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import { parseFaultScript, type FaultEntry } from '../simulate/fault-script.ts';
import { startSimulation, type SimulationOptions } from '../simulate/simulation.ts';
import { summaryText } from '../simulate/summary-text.ts';
import { exitCodes } from './exit-codes.ts';
import { simulateOptions, type SimulateFlags } from './simulate-flags.ts';
import type { CliWorld } from './world.ts';

/**
 * `ppe-collector simulate`: a fleet of simulated workstations that speaks the real protocol to a
 * collector, until the minutes are over or it is asked to stop. Prints what it did.
 */
export async function simulateCommand(flags: SimulateFlags, world: CliWorld): Promise<number> {
  const chosen = simulateOptions(flags, Date.now());
  const address = chosen.to ?? addressOf(chosen.dataDir);
  const options: SimulationOptions = {
    ...chosen.simulation,
    to: address.replace(/^http/, 'ws'),
    token: tokenOf(chosen.tokenFile, chosen.dataDir),
    faults: chosen.scriptFile === undefined ? [] : readScript(chosen.scriptFile),
  };
  const simulation = await startSimulation(options);
  const { region, sockets, enrolled } = simulation;
  if (flags.json !== true)
    world.out(
      `simulating ${region.sites.length} ППЭ, ${region.workstations.length} workstations (${enrolled} new), ` +
        `${sockets} sockets, seed ${options.seed}, speed ${options.time.speed}`,
    );
  for (const [at, count] of simulation.struck.entries())
    if (count === 0)
      world.err(
        `ppe-collector: fault ${at + 1} of the script (${options.faults?.[at]?.fault}) strikes nobody in this region: look at its "where"`,
      );
  const over = new AbortController();
  const minutes =
    chosen.minutes === undefined
      ? []
      : [sleep(chosen.minutes * 60_000, undefined, { signal: over.signal })];
  await Promise.race([world.stopAsked(), ...minutes]);
  over.abort();
  const summary = { seed: options.seed, ...(await simulation.stop()) };
  world.out(flags.json === true ? JSON.stringify(summary) : summaryText(summary));
  return exitCodes.ok;
}

function addressOf(dataDir: string | undefined): string {
  if (dataDir !== undefined)
    return readText(
      join(dataDir, 'collector.address'),
      'start the collector first, or name it with --to',
    );
  return 'ws://127.0.0.1:8080';
}

function tokenOf(tokenFile: string | undefined, dataDir: string | undefined): string {
  if (tokenFile !== undefined) return readText(tokenFile, 'name the collector’s admin.token');
  if (dataDir !== undefined)
    return readText(join(dataDir, 'admin.token'), 'name the collector’s data folder');
  throw new ConfigError(
    'simulated workstations are enrolled with the collector’s token: pass --data DIR (its data folder) or --token-file FILE',
  );
}

function readScript(path: string): readonly FaultEntry[] {
  const outcome = parseFaultScript(readText(path, 'pass --script FILE'));
  if (outcome.ok) return outcome.entries;
  throw new ConfigError(`${path}: ${outcome.problems.join('; ')}`);
}

function readText(path: string, advice: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)}): ${advice}`);
  }
}
