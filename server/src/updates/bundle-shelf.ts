import type { UpdateRoot } from '@ppe-pulse/protocol/update';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Audit } from '../state/audit.ts';
import { nextUpdateRoot } from './adopt-root.ts';
import { checkBundle } from './check-bundle.ts';
import { updateLimits } from './update-limits.ts';
import { RefusedUpdate } from './update-refusal.ts';
import { readUpdateRoot, writeUpdateRoot } from './update-root-file.ts';
import type { KeptBundle, UpdateStore } from './update-store.ts';

/** What the shelf stands on. */
export interface ShelfParts {
  readonly store: Pick<UpdateStore, 'bundles' | 'find' | 'add' | 'prune' | 'transaction'>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  /** File with the keys whose bundles are taken. */
  readonly rootFile: string;
}

/** The bundles that stages can be of. */
export class BundleShelf {
  readonly #parts: ShelfParts;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
  }

  /** Newest added first. */
  list(): readonly KeptBundle[] {
    return this.#parts.store.bundles();
  }

  /** The keys that bundles are checked by; null where nobody put them there. */
  root(): UpdateRoot | null {
    return readUpdateRoot(this.#parts.rootFile);
  }

  /** Takes a bundle that enough of the known keys signed. Throws a `RefusedUpdate` for any other. */
  add(file: Uint8Array, by: string): KeptBundle {
    return this.#telling(file, by, () => this.#take(file, by));
  }

  /**
   * Believes another set of keys from now on: the first one, or the one that an update signed by both
   * brings. Throws a `RefusedUpdate` for any other, a `ConfigError` where the file cannot be written.
   */
  adoptRoot(file: Uint8Array, by: string): UpdateRoot {
    return this.#telling(file, by, () => {
      const { audit, clock, log, rootFile } = this.#parts;
      const root = nextUpdateRoot(file, this.root());
      writeUpdateRoot(rootFile, root);
      const { version, threshold } = root;
      const details = { threshold, keys: root.keys.map(({ id }) => id).join(' ') };
      const entry = { account: by, action: 'update.root', subject: String(version), details };
      audit.add({ atMs: clock.wallMs(), ...entry });
      log.info({ version, by }, 'another set of keys is believed for updates');
      return root;
    });
  }

  /** What is refused stands in the audit as well. */
  #telling<T>(file: Uint8Array, by: string, work: () => T): T {
    const { audit, clock } = this.#parts;
    try {
      return work();
    } catch (error) {
      if (error instanceof RefusedUpdate) {
        const entry = { account: by, action: 'update.reject', subject: error.reason };
        audit.add({ atMs: clock.wallMs(), ...entry, details: { bytes: file.length } });
      }
      throw error;
    }
  }

  #take(file: Uint8Array, by: string): KeptBundle {
    const { store, audit, clock, log, rootFile } = this.#parts;
    const nowMs = clock.wallMs();
    const root = this.root();
    if (!root) {
      const detail = `this collector knows no keys to check it by: put the update-root.json of the agents at ${rootFile}`;
      throw new RefusedUpdate('noUpdateRoot', detail);
    }
    const { parsed, manifest, signatures, packed } = checkBundle(file, root, nowMs);
    const { version } = parsed;
    if (store.find(version)) {
      const detail = `version ${version} is here already, and what a version is never changes`;
      throw new RefusedUpdate('sameVersion', detail);
    }
    const bundle: KeptBundle = { version, manifest, signatures, addedAtMs: nowMs, addedBy: by };
    const bytes = packed.length;
    store.transaction(() => {
      store.add(bundle, packed);
      const removed = store.prune(updateLimits.bundles).length;
      const details = { bytes, removed };
      audit.add({ atMs: nowMs, account: by, action: 'update.add', subject: version, details });
    });
    log.info({ version, bytes, by }, 'an update can be rolled out');
    return bundle;
  }
}
