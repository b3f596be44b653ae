import type { AgentPlan, Mode, PrintTask, Role, Thresholds, Timers } from '@ppe-pulse/protocol';
import { freezeAt, type Freeze } from '@ppe-pulse/protocol/update';
import type { AgentConfig } from '../config.ts';
import type { Boot } from '../journal/produced-at.ts';
import type { CollectorTime } from '../link/collector-time.ts';
import type { LocalModeRequest } from '../local/requests.ts';
import type { ElapsedClock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { PlannedLine } from '../probes/catalogue.ts';
import type { SlotContext } from '../probes/download/run-slot.ts';
import type { Readings } from '../probes/readings.ts';
import { HeldPlan } from './held-plan.ts';
import { keepLocalMode, readLocalMode } from './local-mode.ts';
import { ModeKeeper } from './mode-keeper.ts';
import { PlanClock, lastKnownTime } from './plan-clock.ts';
import { isLineClosedBy, planInForce, portalsBy, thresholdsBy } from './planned-settings.ts';
import { canBeQuiet, type LocalMode } from './planned-mode.ts';
import { PrintProgress } from './print-progress.ts';
import type { SignedText } from './signed-plan.ts';

/** What following the plan works with. */
export interface ConductParts {
  readonly config: AgentConfig;
  readonly agentId: string;
  /** Key of the listener: whose plans are obeyed. */
  readonly publicKey: string;
  readonly clock: ElapsedClock;
  readonly collectorTime: CollectorTime;
  /** Earlier starts, as the journal knows them. */
  readonly boots: readonly Boot[];
  readonly timers: Timers;
  readonly log: Log;
  readonly readings: Readings;
  readonly role: () => Role | undefined;
  /** What may be done is another thing now. */
  readonly changed: () => void;
}

/** What of the plan and the mode a throughput test obeys. */
type SlotLimits = Pick<SlotContext, 'mode' | 'isLineClosed' | 'maxBytes'>;

/** How the agent conducts itself: what it may do now, by the plan, the settings and a person's word. */
export class Conduct {
  readonly #parts: ConductParts;
  readonly #clock: PlanClock;
  readonly #held: HeldPlan;
  readonly #print: PrintProgress;
  readonly #keeper: ModeKeeper;
  #local: LocalMode | undefined;

  constructor(parts: ConductParts) {
    const { config, log, timers, readings } = parts;
    this.#parts = parts;
    this.#clock = new PlanClock(parts.clock, parts.collectorTime, lastKnownTime(parts.boots));
    this.#held = new HeldPlan({ ...parts, dataDir: config.dataDir });
    this.#local = readLocalMode(config.dataDir);
    this.#print = new PrintProgress(readings.values);
    this.#keeper = new ModeKeeper({
      timers,
      nowMs: () => this.#clock.nowMs(),
      sources: () => ({
        config: config.mode,
        plan: this.#held.plan,
        local: this.#local,
        role: parts.role(),
      }),
      changed: (now, before) => {
        if (now.mode !== before.mode) {
          log.info({ mode: now.mode, before: before.mode }, 'the mode changes');
          this.#print.changed(now.mode);
        }
        parts.changed();
      },
    });
    this.#print.changed(this.#keeper.mode);
  }

  /** In force: heartbeats say it. */
  get mode(): Mode {
    return this.#keeper.mode;
  }

  /** What may be begun now: quieter already when a quiet time is near. */
  get begun(): Mode {
    return this.#keeper.begun;
  }

  /** False while no socket to the listener may be open. */
  get mayConnect(): boolean {
    return this.begun === 'prep' || !canBeQuiet(this.#parts.role());
  }

  /** Until everything may be done again; undefined when that is not foreseen. */
  get backInMs(): number | undefined {
    return this.#keeper.backInMs;
  }

  /** Version of the plan that is held, whether or not it is valid now. */
  get planVersion(): number | undefined {
    return this.#held.plan?.version;
  }

  get thresholds(): Partial<Thresholds> {
    return thresholdsBy(this.#parts.config, this.#plan);
  }

  get print(): PrintTask | null {
    return this.#print.task(this.#plan);
  }

  /** The plan's part in how the line is watched. */
  line(): PlannedLine {
    const { config, role } = this.#parts;
    return {
      portals: () => portalsBy(config.line.portals, this.#plan, role()),
      isLineClosed: () => isLineClosedBy(this.#plan, this.#clock.nowMs()),
    };
  }

  /** What a throughput test may do now. */
  get slots(): SlotLimits {
    return {
      mode: this.begun,
      isLineClosed: this.line().isLineClosed(),
      maxBytes: this.#plan?.throughput.maxBytes,
    };
  }

  /** The plan that is held, whether or not it is valid now. */
  get plan(): AgentPlan | undefined {
    return this.#held.plan;
  }

  /** Whether a rehearsal, or the mode, keeps this workstation as it is. */
  get freeze(): Freeze {
    return freezeAt(this.#held.plan, this.mode, this.#clock.nowMs());
  }

  /** Collector's clock by its best knowledge, ms since 1970 UTC. */
  nowMs(): number {
    return this.#clock.nowMs();
  }

  start(): void {
    this.#keeper.start();
  }

  stop(): void {
    this.#keeper.stop();
  }

  /** Something that the mode rests on may have changed: the place, the collector's clock. */
  look(): void {
    this.#keeper.look();
  }

  /** A plan came over the line. */
  take(came: SignedText): void {
    if (this.#held.take(came)) this.#keeper.look();
  }

  /** A person's word can only make it quieter. */
  ask({ mode, forMs }: LocalModeRequest): void {
    const { config, log } = this.#parts;
    const untilMs = forMs === undefined ? null : this.#clock.nowMs() + forMs;
    this.#local = mode === 'plan' ? undefined : { mode, untilMs };
    log.info({ mode, forMs }, 'somebody at this PC asks for a mode');
    keepLocalMode(config.dataDir, this.#local, log);
    this.#keeper.look();
  }

  get #plan(): AgentPlan | undefined {
    return planInForce(this.#held.plan, this.#clock.nowMs());
  }
}
