import type { Moment } from '@ppe-pulse/protocol';
import type { BookEngine } from './book.ts';

/** Faster, a fault would be told before its neighbours are missed: heartbeats keep their own pace. */
const MAX_PACE = 6;

/** In a day that is played faster than it is lived durations are shorter, too. */
export function paced(engine: BookEngine, speed: number): BookEngine {
  const pace = Math.min(MAX_PACE, speed);
  if (pace <= 1) return engine;
  const at = ({ wallMs, monotonicMs }: Moment): Moment => ({
    wallMs,
    monotonicMs: monotonicMs * pace,
  });
  return {
    see: (station, now) => engine.see(station, at(now)),
    forget: (id) => engine.forget(id),
    seeCollector: (problems, now) => engine.seeCollector(problems, at(now)),
    tick: (now) => engine.tick(at(now)),
    resolve: (id, resolution, now) => engine.resolve(id, resolution, at(now)),
    open: () => engine.open(),
    takeUnsaved: () => engine.takeUnsaved(),
    restore: (kept, now) => engine.restore(kept, at(now)),
  };
}
