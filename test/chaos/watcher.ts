import type { ShownUnknown } from './evidence.ts';
import type { Stage } from './stage.ts';

/** Looks this often at what the API shows and what the agents say. */
const EVERY_MS = 500;
/** A stopped collector does not answer. */
const ANSWER_WITHIN_MS = 1_000;

interface Episode {
  readonly workstation: string;
  readonly reason: string;
  readonly fromMs: number;
  untilMs: number;
}

/** Looks, all through a run, at what people would see. */
export class Watcher {
  readonly #stage: Stage;
  readonly #episodes: Episode[] = [];
  readonly #open = new Map<string, Episode>();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  looks = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    }, EVERY_MS);
  }

  get shown(): readonly ShownUnknown[] {
    return this.#episodes;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    for (const agent of this.#stage.agents) agent.status();
    const { url, adminToken } = this.#stage.collector;
    if (url === undefined) return;
    const askedMs = Date.now();
    let items: readonly Shown[];
    try {
      const response = await fetch(`${url}/api/v1/workstations`, {
        headers: { authorization: `Bearer ${adminToken}` },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      ({ items } = (await response.json()) as { items: readonly Shown[] });
    } catch {
      // It is killed or stopped just now; the next look tells more.
      return;
    }
    this.looks += 1;
    for (const { id, checks } of items) this.#note(id, checks, askedMs);
  }

  #note(workstation: string, checks: Shown['checks'], askedMs: number): void {
    const heartbeat = checks.find(({ id }) => id === 'heartbeat');
    const known = this.#open.get(workstation);
    if (heartbeat?.verdict !== 'unknown') {
      this.#open.delete(workstation);
      return;
    }
    if (known && known.reason === heartbeat.reason) {
      known.untilMs = askedMs;
      return;
    }
    const episode = { workstation, reason: heartbeat.reason, fromMs: askedMs, untilMs: askedMs };
    this.#open.set(workstation, episode);
    this.#episodes.push(episode);
  }
}

interface Shown {
  readonly id: string;
  readonly checks: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly reason: string;
  }[];
}
