import { families, judgeAll, type JudgeInput, type Observation } from '@ppe-pulse/protocol';

/** Between heartbeats brought forward, in the long run: a device that flaps floods no line. */
const EVERY_MS = 2_000;
/** So many may follow one another: a camera has too few frames before it has none. */
const BURST = 3;

/** Numbers of the PC and its line wait for the next heartbeat; watched things are judged here. */
const noNumbers: Pick<JudgeInput, 'readings' | 'families'> = {
  readings: new Map(),
  families: new Map(families.map((family) => [family, { kind: 'nothing' }])),
};

/**
 * Tells when a verdict about a device or another watched thing has changed: a jam, a camera that
 * stalled. Such news goes out at once instead of waiting for the next heartbeat. Time is given.
 */
export class News {
  readonly #known = new Map<string, string>();
  /** Each piece of news takes up a while; the present may lie behind by a burst. */
  #takenUntilMs = Number.NEGATIVE_INFINITY;

  /** True when a heartbeat should be brought forward for what was just observed under this name. */
  isNews(
    name: string,
    observation: Observation,
    at: Pick<JudgeInput, 'role' | 'thresholds' | 'print' | 'nowMs'>,
  ): boolean {
    const verdicts = judgeAll({ ...noNumbers, ...at, observations: [observation] });
    const now = verdicts.map(({ verdict, reason }) => `${verdict} ${reason}`).join();
    const before = this.#known.get(name);
    this.#known.set(name, now);
    // What is seen for the first time is the beginning, and no change.
    if (before === undefined || before === now) return false;
    const fromMs = Math.max(this.#takenUntilMs, at.nowMs);
    if (fromMs - at.nowMs > (BURST - 1) * EVERY_MS) return false;
    this.#takenUntilMs = fromMs + EVERY_MS;
    return true;
  }
}
