import { join } from 'node:path';
import type { PlayedDay } from '@ppe-pulse/protocol';
import type { Clock } from '../clock.ts';
import type { CollectorConfig } from '../config.ts';
import type { FrameTape } from '../live/frame-tape.ts';
import type { Log } from '../log.ts';
import { ReplayRecorder, type RecorderParts } from './recorder.ts';
import { Replay } from './replay.ts';
import { REPLAY_FOLDER } from './segment-name.ts';
import { Segments, type Pruned } from './segments.ts';

const DAY_MS = 86_400_000;

export interface ReplayParts extends Pick<RecorderParts, 'open'> {
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the collector's data. */
  readonly dataDir: string;
  readonly policy: CollectorConfig['replay'];
  readonly day: () => PlayedDay | null;
}

/** The film of what boards were shown: who records it, who looks at it, what is kept of it. */
export interface ReplayRoom {
  readonly tape: FrameTape;
  readonly replay: Replay;
  readonly warnings: () => readonly string[];
  readonly prune: () => Promise<Pruned>;
  /** Resolves when what was on the disk at the start is known; before that nothing is recorded. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export function createReplay(parts: ReplayParts): ReplayRoom {
  const { clock, log, dataDir, policy, day, open } = parts;
  const segments = new Segments(join(dataDir, REPLAY_FOLDER), log);
  const prune = async (): Promise<Pruned> =>
    segments.prune({
      keptSinceMs: clock.wallMs() - policy.days * DAY_MS,
      maxBytes: policy.diskBudgetBytes,
    });
  const closed = (): void => void prune();
  const recorder = new ReplayRecorder({ clock, log, segments, day, closed, ...(open && { open }) });
  return {
    tape: recorder,
    replay: new Replay(segments, recorder),
    warnings: () => recorder.warnings(),
    prune,
    ready: segments.load(),
    close: () => recorder.close(),
  };
}
