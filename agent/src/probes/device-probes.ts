import type { Mode, Timers } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../child/probe-host.ts';
import type { AgentConfig } from '../config.ts';
import type { Clock } from '../platform/clock.ts';
import { createDeviceProbes, findPrinterProbes } from './catalogue.ts';
import type { ProbeHarness } from './harness.ts';
import type { Probe } from './probe.ts';

/** What watching devices works with. */
export interface DeviceProbesParts {
  readonly config: AgentConfig;
  readonly clock: Clock;
  readonly host: ProbeHost;
  readonly timers: Timers;
  readonly harness: ProbeHarness;
  /** What the agent may do now. */
  readonly mode: () => Mode;
}

/** Between two searches for printers. */
const SEARCH_EVERY_MS = 60_000;

/** The devices of the configuration, and printers that are installed later: found within a minute. */
export class DeviceProbes {
  readonly #parts: DeviceProbesParts;
  #probes: readonly Probe[] = [];
  #timer: unknown;
  #isStopped = false;

  constructor(parts: DeviceProbesParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#watch(createDeviceProbes(this.#parts.config, this.#parts));
    void this.#findPrinters();
  }

  stop(): void {
    this.#isStopped = true;
    this.#parts.timers.clear(this.#timer);
    for (const probe of this.#probes) probe.stop?.();
  }

  async #findPrinters(): Promise<void> {
    const { config, timers, mode } = this.#parts;
    // To find queues is to ask the print server.
    const isOff = config.printers === undefined && mode() === 'off';
    const found = isOff ? [] : await findPrinterProbes(config, this.#parts, this.#probes);
    if (this.#isStopped) return;
    this.#watch(found);
    if (config.printers !== undefined) return;
    this.#timer = timers.set(() => void this.#findPrinters(), SEARCH_EVERY_MS);
  }

  #watch(found: readonly Probe[]): void {
    this.#probes = [...this.#probes, ...found];
    for (const probe of found) this.#parts.harness.start(probe);
  }
}
