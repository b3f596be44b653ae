import type { FromAgent, Timers, UpdateOffer, UpdatePart } from '@ppe-pulse/protocol';
import {
  NO_SUCH_UPDATE,
  judgeUpdate,
  readUpdateManifest,
  type Freeze,
  type UpdateOfferText,
  type UpdateRefusal,
  type UpdateRoot,
} from '@ppe-pulse/protocol/update';
import { confirmed, failed, type Standing, type VersionState } from '../launcher/version-state.ts';
import { codeOf } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { isSignedBy } from '../platform/signature.ts';
import type { Depot } from './depot.ts';
import { takeDroppedBundle } from './dropped-bundle.ts';
import { TrialWatch } from './trial-watch.ts';
import type { UpdatePlace } from './update-place.ts';
import type { JudgedUpdate, VersionStore } from './version-store.ts';

/** What keeping this agent up to date works with. */
export interface UpdatesParts {
  readonly place: UpdatePlace;
  readonly store: VersionStore;
  readonly depot: Depot;
  /** A relay keeps what it has staged, for its members. */
  readonly keepsBundles: boolean;
  readonly timers: Timers;
  readonly log: Log;
  /** Collector's clock by its best knowledge, ms since 1970 UTC. */
  readonly nowMs: () => number;
  readonly freeze: () => Freeze;
  readonly mayConnect: () => boolean;
  readonly selfTest: () => Promise<boolean>;
  readonly send: (message: FromAgent) => boolean;
  /** Ends this process in order; the service manager starts the next. */
  readonly restart: () => void;
}

/** A version that waits for the end of a freeze is looked at so often. */
const LOOK_MS = 60_000;

/**
 * Updates of this agent: judges what is offered, has it fetched, stages it, and on trial confirms
 * itself. It never asks for an update by itself, and changes nothing during a rehearsal.
 */
export class Updates {
  readonly #parts: UpdatesParts;
  #trial: TrialWatch | undefined;
  #timer: unknown;
  /** There was a line in this run: then the new version must have one, too. */
  #wasWelcomed = false;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    parts.depot.listen({
      arrived: (update) => this.#arrived(update),
      failed: (version, reason) => this.#tell({ version, state: 'refused', reason }),
    });
  }

  /** Whose updates are believed; undefined where the installation brought no keys. */
  get root(): UpdateRoot | undefined {
    return this.#parts.store.root;
  }

  get depot(): Depot {
    return this.#parts.depot;
  }

  start(): void {
    const { place, store, log } = this.#parts;
    const { trial } = store.state;
    const left = store.tidy();
    if (left !== undefined) log.warn({ error: left }, 'old versions cannot be taken away');
    if (place.isOnTrial && trial?.version === place.version) {
      log.info({ version: place.version, tries: trial.tries }, 'a new version is on trial');
      this.#trial = new TrialWatch({
        ...this.#parts,
        trial,
        confirm: () => this.#confirm(),
        fail: (failure) => {
          this.#change(failed(store.state, failure));
          this.#parts.restart();
        },
      });
      this.#trial.start();
    }
    this.#tick();
  }

  stop(): void {
    this.#trial?.stop();
    this.#parts.timers.clear(this.#timer);
  }

  /** The collector, or the relay, has an update for this agent. */
  offered({ manifest, signatures }: UpdateOffer): void {
    const { place, store, depot, log } = this.#parts;
    const version = readUpdateManifest(manifest)?.version;
    if (version === place.version) {
      this.#tell({ version, state: this.#trial ? 'trial' : 'confirmed', reason: 'ok' });
      return;
    }
    if (version !== undefined && version === store.state.trial?.version) {
      this.#tell({ version, state: 'staged', reason: 'ok' });
      return;
    }
    const update = this.#judged({ manifest, signatures });
    if (typeof update === 'string') {
      log.warn({ version, reason: update }, 'an update is refused');
      // Who sends no version is told of the one that runs: there is no other to name.
      this.#tell({ version: version ?? place.version, state: 'refused', reason: update });
      return;
    }
    log.info({ version, bytes: update.manifest.packedSize }, 'an update is offered');
    if (!depot.holds(update))
      this.#tell({ version: update.manifest.version, state: 'fetching', reason: 'ok' });
    depot.want(update);
  }

  part(part: UpdatePart): void {
    this.#parts.depot.take(part);
  }

  complained(code: string): void {
    if (code === NO_SUCH_UPDATE) this.#parts.depot.refused();
  }

  welcomed(): void {
    this.#wasWelcomed = true;
    const { standing } = this.#parts.store.state;
    if (standing) this.#tell(standing);
    this.#trial?.welcomed();
    this.#parts.depot.resume();
  }

  lost(): void {
    this.#parts.depot.pause();
  }

  /** Somebody may have laid a bundle here, from a flash drive. */
  look(): void {
    const { place, depot, log, keepsBundles } = this.#parts;
    const bundle = takeDroppedBundle(place.dataDir);
    if (bundle === undefined) return;
    const version = bundle === 'broken' ? undefined : readUpdateManifest(bundle.manifest)?.version;
    const update = bundle === 'broken' ? 'badManifest' : this.#judged(bundle);
    if (typeof update === 'string' || bundle === 'broken') {
      const reason = typeof update === 'string' ? update : 'badManifest';
      log.warn({ version, reason }, 'an update from a flash drive is refused');
      this.#settle({ version: version ?? place.version, state: 'refused', reason });
      return;
    }
    log.info({ version }, 'an update came by flash drive');
    if (this.#stage(update, bundle.packed) !== 'staged') return;
    if (keepsBundles) depot.keep(update, bundle.packed);
    this.#parts.restart();
  }

  #arrived(update: JudgedUpdate): void {
    const { depot, keepsBundles, log, store } = this.#parts;
    const { version } = update.manifest;
    // A bundle that only members were offered.
    if (version === store.state.trial?.version) return;
    const packed = depot.packedOf(version);
    const judged = this.#judged(update.offer);
    if (typeof judged === 'string' || !packed) {
      const reason = typeof judged === 'string' ? judged : 'tampered';
      log.warn({ version, reason }, 'an update that was fetched is refused');
      this.#tell({ version, state: 'refused', reason });
      return;
    }
    if (this.#stage(judged, packed) !== 'staged') return;
    if (!keepsBundles) depot.drop(version);
    this.#parts.restart();
  }

  #judged(offer: UpdateOfferText): JudgedUpdate | UpdateRefusal {
    const { store, nowMs, freeze, log } = this.#parts;
    const { root } = store;
    if (!root) return 'unknownKey';
    const facts = {
      version: store.floor,
      runtime: process.versions.node,
      bad: store.state.bad.map(({ version }) => version),
      isFrozen: freeze().isFrozen,
      freeBytes: this.#freeBytes(),
    };
    const judgement = judgeUpdate(offer, { root, isSignedBy }, facts, nowMs());
    if (judgement.kind === 'refused') {
      log.debug({ ...facts, reason: judgement.reason }, 'an update is judged');
      return judgement.reason;
    }
    return { offer, manifest: judgement.manifest };
  }

  #freeBytes(): number {
    try {
      return this.#parts.store.freeBytes;
    } catch {
      // A disk that does not even answer takes no new version.
      return 0;
    }
  }

  #stage(update: JudgedUpdate, packed: Uint8Array): 'staged' | UpdateRefusal {
    const { store, freeze, log } = this.#parts;
    const { version } = update.manifest;
    const trial = { needsWelcome: this.#wasWelcomed, untilMs: freeze().beginsAtMs };
    let outcome: 'staged' | UpdateRefusal;
    try {
      outcome = store.stage(update, packed, trial);
    } catch (error) {
      log.error({ version, error: codeOf(error) }, 'an update cannot be written');
      outcome = 'noSpace';
    }
    if (outcome !== 'staged') {
      this.#settle({ version, state: 'refused', reason: outcome });
      return outcome;
    }
    log.info({ version }, 'an update is staged: the agent restarts into it');
    this.#tell({ version, state: 'staged', reason: 'ok' });
    return outcome;
  }

  /** What waits here for the end of a freeze is tried when it is over. */
  #tick(): void {
    const { timers, store, freeze, restart, log, place } = this.#parts;
    this.#timer = timers.set(() => this.#tick(), LOOK_MS);
    const { trial } = store.state;
    const { isFrozen, beginsAtMs } = freeze();
    if (!trial || place.isOnTrial || isFrozen) return;
    if (!this.#change({ ...store.state, trial: { ...trial, untilMs: beginsAtMs } })) return;
    log.info({ version: trial.version }, 'an update that waited is tried now');
    restart();
  }

  #confirm(): boolean {
    const { store, place, log } = this.#parts;
    if (!this.#change(confirmed(store.state, null))) return false;
    log.info({ version: place.version }, 'the new version is confirmed');
    this.#trial = undefined;
    this.#tell({ version: place.version, state: 'confirmed', reason: 'ok' });
    store.tidy();
    return true;
  }

  /** Keeps how it stands, for the command line and for the next welcome, and tells it. */
  #settle(standing: Standing): void {
    this.#change({ ...this.#parts.store.state, standing });
    this.#tell(standing);
  }

  #tell({ version, state, reason }: Standing): void {
    this.#parts.send({ type: 'updateState', version, state, reason });
  }

  #change(next: VersionState): boolean {
    try {
      this.#parts.store.change(next);
      return true;
    } catch (error) {
      this.#parts.log.error({ error: codeOf(error) }, 'the state of versions cannot be written');
      return false;
    }
  }
}
