import { setTimeout as pause } from 'node:timers/promises';
import type { Heartbeat, Role } from '@ppe-pulse/protocol';
import { assembleHeartbeat } from '../assemble.ts';
import type { AgentConfig } from '../config.ts';
import { conductNow } from './conduct-now.ts';
import { modeNow } from './mode-now.ts';
import { quieterOf } from '../plan/planned-mode.ts';
import { readPlacement } from '../placement-file.ts';
import { systemClock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { systemTimers } from '../platform/timers.ts';
import { ProbeHost } from '../child/probe-host.ts';
import {
  createDeviceProbes,
  createProbes,
  findPrinterProbes,
  listProbes,
} from '../probes/catalogue.ts';
import { ProbeHarness } from '../probes/harness.ts';
import type { Probe, ProbeOutcome } from '../probes/probe.ts';
import { Readings } from '../probes/readings.ts';

/** Rates need two readings: this far apart. */
const BETWEEN_MS = 1_000;
/** A printer's port is not knocked on twice in less: it may be waking up. */
const DOUBT_MS = 5_200;

/** A heartbeat made for looking at, not for sending, and the role it was judged for. */
export interface Measured {
  readonly heartbeat: Heartbeat;
  readonly role: Role;
}

/**
 * Runs every probe that the mode allows, as the service would, and assembles a heartbeat, without a
 * link and without touching the journal: what needs the collector is missing and says so.
 */
export async function measureOnce(config: AgentConfig, log: Log): Promise<Measured> {
  const clock = systemClock();
  const readings = new Readings();
  const placement = readPlacement(config.dataDir);
  const conduct = await conductNow(config, { clock, log, readings, role: () => placement?.role });
  const mode = quieterOf(modeNow(config), conduct.begun);
  const common = {
    clock,
    log,
    timers: systemTimers(),
    random: Math.random,
    mode: () => mode,
    planned: conduct.line(),
  };
  const harness = new ProbeHarness({ ...common, readings });
  const host = new ProbeHost({ clock, log });
  const probes = createProbes(config, { ...common, host, readings, exchange: () => undefined });
  const devices = [
    ...createDeviceProbes(config, { clock, host }),
    // To find them is to ask the print server.
    ...(mode === 'off' ? [] : await findPrinterProbes(config, { ...common, host })),
  ];
  const all = [...listProbes(probes), ...devices];
  await measureTwice(
    all.filter((probe) => harness.mayRun(probe)),
    harness,
  );
  harness.stop();
  for (const probe of all) probe.stop?.();
  host.stop();
  const role = placement?.role ?? 'hq';
  const heartbeat = assembleHeartbeat(
    {
      bootId: '0'.repeat(16),
      seq: 1,
      wallMs: clock.wallMs(),
      monotonicMs: clock.elapsedMs(),
      nowMs: clock.monotonicMs(),
      mode,
      planVersion: conduct.planVersion,
      journalLag: 0,
      journalDropped: 0,
      role,
      thresholds: conduct.thresholds,
      print: conduct.print,
    },
    readings,
    readings.takeFresh(),
  );
  return { heartbeat, role };
}

/** Once each, and a second time only where one look is not enough: each may be a connection. */
async function measureTwice(probes: readonly Probe[], harness: ProbeHarness): Promise<void> {
  const outcomes = await Promise.all(probes.map((probe) => harness.measure(probe)));
  await pause(BETWEEN_MS);
  await Promise.all(probes.filter(isRate).map((probe) => harness.measure(probe)));
  const again = probes.filter((probe, at) => isDoubted(probe, outcomes[at]));
  if (again.length === 0) return;
  await pause(DOUBT_MS - BETWEEN_MS);
  await Promise.all(again.map((probe) => harness.measure(probe)));
}

function isRate({ name }: Probe): boolean {
  return name === 'host' || name === 'nic';
}

/** Silence of a device is believed at the second look. */
function isDoubted({ family }: Probe, outcome: ProbeOutcome | undefined): boolean {
  if (family !== 'printer' && family !== 'scanner') return false;
  return outcome?.kind === 'failed' || (outcome !== undefined && 'isDoubtful' in outcome);
}
