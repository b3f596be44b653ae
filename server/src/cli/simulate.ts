import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownTls } from '../access/own-tls.ts';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import type { CollectorApi } from '../simulate/collector-api.ts';
import { parseFaultScript, type FaultEntry } from '../simulate/fault-script.ts';
import { askPlayedDay, type PlayedDay } from '../simulate/rehearsal/played-day.ts';
import { startSimulation } from '../simulate/simulation.ts';
import { summaryText } from '../simulate/summary-text.ts';
import { exitCodes } from './exit-codes.ts';
import { simulateOptions, type SimulateChoice, type SimulateFlags } from './simulate-flags.ts';
import { fleetText, rehearse, stopOrMinutes, tellIdleFaults } from './simulate-rehearsal.ts';
import type { CliWorld } from './world.ts';

/**
 * `ppe-collector simulate`: a fleet of simulated workstations that speaks the real protocol to a
 * collector, until the minutes are over or it is asked to stop. Prints what it did.
 */
export async function simulateCommand(flags: SimulateFlags, world: CliWorld): Promise<number> {
  const chosen = simulateOptions(flags, Date.now());
  const address = chosen.to ?? addressOf(chosen.dataDir);
  const token = tokenOf(chosen.tokenFile, chosen.dataDir);
  const to = address.replace(/^http/, 'ws');
  const script = chosen.scriptFile === undefined ? undefined : readScript(chosen.scriptFile);
  const isJson = flags.json === true;
  const tls = ownTls(chosen.dataDir ?? folderOf(chosen.tokenFile));
  const day = await playedDayFor(chosen.rehearsal, { address, token, tls });
  if (day) {
    const options = { simulation: { ...chosen.simulation, to, token, tls }, day };
    const faults = script ?? readScript(DEFAULT_SCENARIO);
    const { minutes, once } = chosen;
    return rehearse({ ...options, faults }, { world, minutes, once, isJson });
  }
  const simulation = await startSimulation({
    ...chosen.simulation,
    to,
    token,
    tls,
    faults: script ?? [],
  });
  const { seed, time } = chosen.simulation;
  if (!isJson) world.out(`simulating ${fleetText(simulation)}, seed ${seed}, speed ${time.speed}`);
  tellIdleFaults(simulation, script ?? [], world);
  await stopOrMinutes(world, chosen.minutes);
  const summary = { seed, ...(await simulation.stop()) };
  world.out(isJson ? JSON.stringify(summary) : summaryText(summary));
  return exitCodes.ok;
}

/** Comes with the collector; as far from `src/cli` as from `dist/cli`. */
const DEFAULT_SCENARIO = join(import.meta.dirname, '..', '..', 'scenarios', 'day-15-may.yaml');

async function playedDayFor(
  wish: SimulateChoice['rehearsal'],
  api: CollectorApi,
): Promise<PlayedDay | undefined> {
  if (wish === 'no') return undefined;
  const day = await askPlayedDay({ ...api, address: api.address.replace(/^ws/, 'http') });
  if (day || wish === 'may') return day;
  throw new ConfigError(
    `the collector at ${api.address} has no plan or no region to rehearse: import both first, or leave --rehearsal out`,
  );
}

/** The token lies beside the certificate. */
function folderOf(tokenFile: string | undefined): string | undefined {
  return tokenFile === undefined ? undefined : dirname(tokenFile);
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
