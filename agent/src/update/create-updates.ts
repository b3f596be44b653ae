import { join } from 'node:path';
import type { Conduct } from '../plan/conduct.ts';
import type { Watch } from '../probes/watch.ts';
import { BundleFiles } from './bundle-files.ts';
import { Depot } from './depot.ts';
import type { UpdatePlace } from './update-place.ts';
import { Updates, type UpdatesParts } from './updates.ts';
import { VersionStore } from './version-store.ts';

/** The agent that is kept up to date. */
export interface UpdateHost extends Pick<UpdatesParts, 'timers' | 'log' | 'send' | 'restart'> {
  readonly isRelay: boolean;
  readonly conduct: Pick<Conduct, 'freeze' | 'mayConnect' | 'nowMs'>;
  readonly watch: Pick<Watch, 'selfTest'>;
}

/** The updates of an installed agent; undefined for any other, and where no keys were installed. */
export function createUpdates(
  place: UpdatePlace | undefined,
  host: UpdateHost,
): Updates | undefined {
  if (!place) return undefined;
  const { conduct, watch, timers, log, send, restart } = host;
  const store = new VersionStore(place);
  if (!store.root) return undefined;
  const files = new BundleFiles(join(place.versionsDir, 'bundles'));
  return new Updates({
    place,
    store,
    depot: new Depot({ files, timers, log, send }),
    keepsBundles: host.isRelay,
    timers,
    log,
    nowMs: () => conduct.nowMs(),
    freeze: () => conduct.freeze,
    mayConnect: () => conduct.mayConnect,
    selfTest: () => watch.selfTest(),
    send,
    restart,
  });
}
