import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { UpdateOffer, UpdatePart, UpdateStateMessage } from '@ppe-pulse/protocol';
import { createLog } from '../../server/src/log.ts';
import { createAudit, type Audit } from '../../server/src/state/audit.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { BundleShelf } from '../../server/src/updates/bundle-shelf.ts';
import type { FleetAgent } from '../../server/src/updates/rollout.ts';
import type { UpdateSettings } from '../../server/src/updates/update-limits.ts';
import { createUpdateStore } from '../../server/src/updates/update-store.ts';
import { Updates } from '../../server/src/updates/updates.ts';
import { ROLLOUT_MS, signedUpdate } from './rollout-fleet.ts';
import { tempDir } from './temp-dir.ts';
import { newSigner, rootOf } from './update-kit.ts';

/** Updates over a real database, with a fleet and a clock by hand. */
export class RolloutWorld {
  readonly sent: { readonly to: string; readonly message: UpdateOffer | UpdatePart }[] = [];
  readonly agents = new Map<string, FleetAgent>();
  readonly signers = [newSigner(), newSigner()];
  readonly database: StateDatabase;
  readonly audit: Audit;
  readonly shelf: BundleShelf;
  readonly #settings: UpdateSettings;
  nowMs = ROLLOUT_MS;
  updates: Updates;

  constructor(settings: Partial<UpdateSettings> = {}) {
    this.#settings = {
      concurrent: 8,
      bytesPerSecond: 100_000_000,
      jitterMs: 0,
      troubleShare: 0.1,
      ...settings,
    };
    const folder = tempDir();
    const rootFile = join(folder, 'updates.root');
    writeFileSync(rootFile, JSON.stringify(rootOf(this.signers)));
    this.database = openState(join(folder, 'state.sqlite'));
    this.audit = createAudit(this.database);
    const { audit } = this;
    const store = createUpdateStore(this.database);
    const clock = { wallMs: () => this.nowMs, monotonicMs: () => performance.now() };
    this.shelf = new BundleShelf({ store, audit, clock, log: createLog('silent'), rootFile });
    this.updates = this.#open();
    onTestFinished(() => {
      this.updates.close();
      this.database.close();
    });
  }

  put(...agents: readonly FleetAgent[]): void {
    for (const agent of agents) this.agents.set(agent.id, agent);
  }

  /** Changes what the fleet shows of a workstation. */
  change(id: string, part: Partial<FleetAgent>): void {
    const agent = this.agents.get(id);
    if (!agent) throw new Error(`there is no ${id}`);
    this.agents.set(id, { ...agent, ...part });
  }

  take(version: string, agent?: Buffer): void {
    this.shelf.add(signedUpdate(this.signers, { version }, agent), 'admin');
  }

  say(id: string, state: UpdateStateMessage['state'], reason = 'ok', version = '0.2.0'): void {
    this.updates.told(id, { type: 'updateState', version, state, reason });
  }

  later(spanMs: number): void {
    this.nowMs += spanMs;
    this.updates.tick();
  }

  /** Ids that were offered something since the last time. */
  offered(): string[] {
    const offers = this.sent.splice(0).filter(({ message }) => message.type === 'updateOffer');
    return offers.map(({ to }) => to);
  }

  restart(): void {
    this.updates.close();
    this.updates = this.#open();
  }

  #open(): Updates {
    return new Updates({
      store: createUpdateStore(this.database),
      audit: this.audit,
      clock: { wallMs: () => this.nowMs, monotonicMs: () => performance.now() },
      log: createLog('silent'),
      settings: this.#settings,
      agents: () => this.agents,
      send: (to, message) => {
        this.sent.push({ to, message });
        return this.agents.get(to)?.isHere ?? false;
      },
    });
  }
}
