import type { EmProgress, Inventory, JudgeInput, Mode, SlotResult } from '@ppe-pulse/protocol';
import { ProbeHost } from '../child/probe-host.ts';
import { tlsTo, type AgentConfig } from '../config.ts';
import { createEmRehearsal } from '../em/create-em-rehearsal.ts';
import type { EmRehearsal } from '../em/em-rehearsal.ts';
import { News } from '../news.ts';
import type { Clock } from '../platform/clock.ts';
import { inventory } from '../platform/inventory.ts';
import type { Log } from '../platform/log.ts';
import type { LateTimers } from '../platform/timers.ts';
import { budgetLimits } from '../service/budget-config.ts';
import { BudgetProbe, type Slowdown } from '../service/budget-probe.ts';
import { readOwnUse } from '../service/own-use.ts';
import { createProbes, listProbes, type PlannedLine, type ProbeSet } from './catalogue.ts';
import { DeviceProbes } from './device-probes.ts';
import { SlotUse, type SlotUseParts } from './download/slot-use.ts';
import { ProbeHarness } from './harness.ts';
import type { ExchangeClock } from './link/link-probe.ts';
import type { Readings } from './readings.ts';

/** What measuring works with, and whom it tells. */
export interface WatchParts {
  readonly config: AgentConfig;
  readonly clock: Clock;
  readonly timers: LateTimers;
  readonly log: Log;
  readonly readings: Readings;
  readonly mode: () => Mode;
  readonly planned: PlannedLine;
  readonly exchange: ExchangeClock;
  /** What a device is judged by now. */
  readonly judgedBy: () => Pick<JudgeInput, 'role' | 'thresholds' | 'print'>;
  /** The collector's clock was asked for. */
  readonly clockLearned: (link: ProbeSet['link']) => void;
  /** A device's verdict is another one. */
  readonly news: () => void;
  /** What a throughput test may do now, by mode and plan. */
  readonly slotsAllowed: SlotUseParts['allowed'];
  /** How a download that the collector ordered stands, or a slot was used. */
  readonly send: (message: EmProgress | SlotResult) => void;
}

/** An inventory takes seconds on a slow PC that just started. */
const SELF_TEST_MS = 25_000;

/** Everything that measures: the probes, their harness and the child that they run in. */
export class Watch {
  readonly #parts: WatchParts;
  readonly #news = new News();
  readonly #host: ProbeHost;
  readonly #harness: ProbeHarness;
  readonly #devices: DeviceProbes;
  readonly #budget: BudgetProbe;
  readonly probes: ProbeSet;
  /** Rehearsals of the download that the collector orders. */
  readonly em: EmRehearsal;
  /** Throughput slots that the collector leases. */
  readonly slots: SlotUse;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#host = new ProbeHost(parts);
    const common = { ...parts, host: this.#host, random: Math.random };
    this.probes = createProbes(parts.config, common);
    this.#budget = new BudgetProbe({
      ...parts,
      limits: budgetLimits(parts.config),
      read: readOwnUse(process.platform),
      childPid: () => this.#host.pid,
    });
    this.#harness = new ProbeHarness({
      ...common,
      slowdown: () => this.#budget.slowdown.factor,
      onTaken: ({ name }) => {
        if (name === this.probes.link.name) parts.clockLearned(this.probes.link);
        this.#bringForward(name);
      },
    });
    this.#devices = new DeviceProbes({ ...common, harness: this.#harness });
    this.em = createEmRehearsal({
      ...common,
      probe: this.probes.emDownload,
      isLineClosed: parts.planned.isLineClosed,
      role: () => parts.judgedBy().role,
      send: parts.send,
    });
    const { nic, link } = this.probes;
    this.slots = new SlotUse({
      ...common,
      nic,
      link,
      baseUrl: parts.config.collector.url.replace(/^ws/, 'http'),
      tls: tlsTo(parts.config),
      allowed: parts.slotsAllowed,
    });
  }

  start(): void {
    for (const probe of listProbes(this.probes)) this.#harness.start(probe);
    this.#harness.start(this.#budget);
    this.#devices.start();
  }

  stop(): void {
    this.em.close();
    this.#harness.stop();
    for (const probe of listProbes(this.probes)) probe.stop?.();
    this.#devices.stop();
    this.#host.stop();
  }

  /** What may be begun is another thing: what is forbidden now is broken off at once. */
  modeChanged(): void {
    this.#harness.modeChanged();
    this.em.modeChanged();
    // What a program of the probe child has open is not to be told from here.
    if (this.#parts.mode() !== 'prep') this.#host.stop();
  }

  /** How the agent spares the PC now. */
  get slowdown(): Slowdown {
    return this.#budget.slowdown;
  }

  /** Asks the collector for its clock. */
  async measureLink(): Promise<void> {
    await this.#harness.measure(this.probes.link);
  }

  /** Facts of the PC; never rejects. */
  inventory(): Promise<Inventory> {
    return inventory(this.#host);
  }

  /** True when the probe child starts, works and answers: what an update must not break. */
  async selfTest(): Promise<boolean> {
    try {
      await this.#host.run('inventory', null, SELF_TEST_MS);
      return true;
    } catch {
      return false;
    }
  }

  /** A device's changed verdict does not wait for the next heartbeat. */
  #bringForward(name: string): void {
    const { readings, judgedBy, clock, news } = this.#parts;
    const observation = readings.observation(name);
    if (!observation) return;
    if (this.#news.isNews(name, observation, { ...judgedBy(), nowMs: clock.monotonicMs() })) news();
  }
}
