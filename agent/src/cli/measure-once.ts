import type { Heartbeat, Role } from '@ppe-pulse/protocol';
import { assembleHeartbeat } from '../assemble.ts';
import type { AgentConfig } from '../config.ts';
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
import { Readings } from '../probes/readings.ts';

/** Rates need two readings: this far apart. */
const BETWEEN_MS = 1_000;

/** A heartbeat made for looking at, not for sending, and the role it was judged for. */
export interface Measured {
  readonly heartbeat: Heartbeat;
  readonly role: Role;
}

/**
 * Runs every probe as the service would and assembles a heartbeat, without a link and without
 * touching the journal: what needs the collector is missing and says so.
 */
export async function measureOnce(config: AgentConfig, log: Log): Promise<Measured> {
  const clock = systemClock();
  const readings = new Readings();
  const common = {
    clock,
    log,
    timers: systemTimers(),
    random: Math.random,
    mode: () => config.mode,
  };
  const harness = new ProbeHarness({ ...common, readings });
  const host = new ProbeHost({ clock, log });
  const probes = createProbes(config, { ...common, host, readings, exchange: () => undefined });
  const devices = [
    ...createDeviceProbes(config, { clock, host }),
    ...(await findPrinterProbes(config, { clock, host })),
  ];
  const all = [...listProbes(probes), ...devices];
  for (let round = 0; round < 2; round += 1) {
    // Silence of a device is believed at the second look; a camera's sample takes ten seconds anyway.
    const due = round === 0 ? all : all.filter(({ family }) => family !== 'camera');
    await Promise.all(due.map((probe) => harness.measure(probe)));
    if (round === 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
  harness.stop();
  for (const probe of all) probe.stop?.();
  host.stop();
  const role = readPlacement(config.dataDir)?.role ?? 'hq';
  const heartbeat = assembleHeartbeat(
    {
      bootId: '0'.repeat(16),
      seq: 1,
      wallMs: clock.wallMs(),
      monotonicMs: clock.monotonicMs(),
      mode: config.mode,
      journalLag: 0,
      role,
      thresholds: config.thresholds,
    },
    readings,
    readings.takeFresh(),
  );
  return { heartbeat, role };
}
