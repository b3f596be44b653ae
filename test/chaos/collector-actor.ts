import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commands, until } from '../support/processes.ts';
import { Actor } from './actor.ts';
import type { CollectorFault } from './evidence.ts';
import type { Keeper } from './keeper.ts';

/** How the collector of a run is started. */
export interface CollectorSpec {
  readonly dataDir: string;
  readonly logPath: string;
  readonly env: Readonly<Record<string, string>>;
  readonly keeper: Keeper;
  readonly onOwnEnd: (code: number | null) => void;
}

/** A start that takes longer has failed. */
const START_WITHIN_MS = 30_000;
const START_ATTEMPTS = 5;
const RESTART_AFTER_MS = 1_000;

/** The one collector of a run. What is done to it is noted with its times. */
export class CollectorActor {
  readonly #actor: Actor;
  readonly #dataDir: string;
  readonly faults: CollectorFault[] = [];
  #url: string | undefined;
  #suffering: Promise<void> = Promise.resolve();

  constructor({ dataDir, logPath, env, keeper, onOwnEnd }: CollectorSpec) {
    this.#dataDir = dataDir;
    this.#actor = new Actor({
      name: 'collector',
      command: process.execPath,
      args: [commands.collector, 'serve', '--port', '0', '--data', dataDir],
      env,
      keeper,
      logPath,
      onOwnEnd: (code) => {
        const wasUp = this.#url !== undefined;
        this.#url = undefined;
        onOwnEnd(code);
        // One that ends at its start is started again by whoever waits for that.
        if (wasUp) void this.suffer('collectorKill', pause(RESTART_AFTER_MS));
      },
    });
  }

  /** `http://127.0.0.1:port`, undefined while none listens. */
  get url(): string | undefined {
    return this.#url;
  }

  get port(): number | undefined {
    return this.#url === undefined ? undefined : Number(new URL(this.#url).port);
  }

  get adminToken(): string {
    return this.#read('admin.token');
  }

  get hungStops(): number {
    return this.#actor.hungStops;
  }

  /** Starts it; one that does not come up is started again, as a service manager does. */
  async start(): Promise<void> {
    for (let attempt = 1; !(await this.#comesUp()); attempt += 1) {
      if (attempt === START_ATTEMPTS) throw new Error('the collector does not start');
      await pause(RESTART_AFTER_MS);
    }
  }

  /** The last stop of a run: not a fault. */
  async stop(): Promise<void> {
    await this.#actor.stop();
    this.#url = undefined;
  }

  /**
   * Kills or restarts it, or stops its process; it runs again when `healed` resolves. One after the
   * other: the next kill waits until it is up.
   */
  suffer(what: CollectorFault['what'], healed: Promise<void>): Promise<void> {
    this.#suffering = this.#suffering.then(() => this.#suffer(what, healed));
    return this.#suffering;
  }

  async #suffer(what: CollectorFault['what'], healed: Promise<void>): Promise<void> {
    const fromMs = Date.now();
    if (what === 'collectorStop') {
      this.#actor.pause();
      await healed;
      const untilMs = Date.now();
      this.#actor.resume();
      this.faults.push({ what, fromMs, untilMs });
      return;
    }
    await (what === 'collectorKill' ? this.#actor.kill() : this.#actor.stop());
    this.#url = undefined;
    await healed;
    await this.start();
    this.faults.push({ what, fromMs, untilMs: Date.now() });
  }

  async #comesUp(): Promise<boolean> {
    // A killed one leaves its address behind.
    rmSync(join(this.#dataDir, 'collector.address'), { force: true });
    this.#actor.start();
    await until(
      () => this.#read('collector.address') !== '' || !this.#actor.isRunning,
      'the collector listens',
      START_WITHIN_MS,
    );
    if (!this.#actor.isRunning) return false;
    this.#url = this.#read('collector.address');
    return true;
  }

  #read(name: string): string {
    const path = join(this.#dataDir, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  }
}
