import type { Clock } from '../clock.ts';
import type { CollectorConfig } from '../config.ts';
import type { Core } from '../core.ts';
import type { Log } from '../log.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { Stores } from '../stores.ts';
import { createReplay, type ReplayRoom } from './create-replay.ts';

/** Rooms of the collector that the film is made in. */
export interface FilmRooms {
  readonly config: CollectorConfig;
  readonly log: Log;
  readonly clock: Clock;
  readonly stores: Stores;
  readonly core: Core;
}

/** Records what boards are shown; a disk that does not take it is a warning on them. */
export function filmBoards(
  { config, log, clock, stores, core }: FilmRooms,
  { clock: day }: Pick<Rehearsal, 'clock'>,
): ReplayRoom {
  const film = createReplay({
    clock,
    log,
    dataDir: stores.dataDir.path,
    policy: config.replay,
    day: () => {
      const atMs = Math.round(clock.wallMs());
      return day.isSimulated ? { atMs, nowMs: Math.round(day.at(atMs)), speed: day.speed } : null;
    },
  });
  core.warnAlso(() => film.warnings());
  return film;
}
