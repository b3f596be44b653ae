import { tryAsk, type CollectorApi } from '../collector-api.ts';
import type { PlannedClaim } from './claims.ts';

/** What became of the claims. */
export interface ClaimCounters {
  readonly made: number;
  /** Kinds of refusals with their number. */
  readonly refused: Readonly<Record<string, number>>;
  readonly waiting: number;
}

/** What claims are made with. */
export interface ClaimPosterParts {
  readonly api: CollectorApi;
  /** In the order of their moments. */
  readonly claims: readonly PlannedClaim[];
  /** The rehearsal's clock. */
  readonly nowMs: () => number;
}

const LOOK_EVERY_MS = 50;
const IN_FLIGHT_MAX = 6;
/** The collector lets one address ask 1,200 times a minute; a board asks, too. */
const MINUTE_MAX = 1_000;
const MINUTE_MS = 60_000;
/** It was asked too much, or is not there: another try after this. */
const PAUSE_MS = 2_000;

/** Says on the API what people at the sites would say, each claim at its moment. */
export class ClaimPoster {
  readonly #parts: ClaimPosterParts;
  readonly #askedAtMs: number[] = [];
  readonly #refused = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #next = 0;
  #inFlight = 0;
  #made = 0;
  #pausedUntilMs = 0;

  constructor(parts: ClaimPosterParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  counters(): ClaimCounters {
    return {
      made: this.#made,
      refused: Object.fromEntries(this.#refused),
      waiting: this.#parts.claims.length - this.#next + this.#inFlight,
    };
  }

  #look(): void {
    const { claims, nowMs } = this.#parts;
    while (this.#inFlight < IN_FLIGHT_MAX && this.#mayAsk()) {
      const claim = claims[this.#next];
      if (!claim || claim.atMs > nowMs()) return;
      this.#next += 1;
      void this.#post(claim);
    }
  }

  #mayAsk(): boolean {
    const realMs = performance.now();
    if (realMs < this.#pausedUntilMs) return false;
    while ((this.#askedAtMs[0] ?? realMs) < realMs - MINUTE_MS) this.#askedAtMs.shift();
    return this.#askedAtMs.length < MINUTE_MAX;
  }

  /** Once more where the collector was not there or had too much to do; a refusal is counted. */
  async #post({ atMs: _atMs, saidAtMs, roomCode, done, ...said }: PlannedClaim): Promise<void> {
    this.#inFlight += 1;
    const body = {
      ...said,
      isMade: true,
      ...(roomCode === null ? {} : { roomCode }),
      ...(done === null ? {} : { done }),
      ...(saidAtMs === undefined ? {} : { at: new Date(saidAtMs).toISOString() }),
    };
    for (let tries = 0; tries < 3; tries += 1) {
      this.#askedAtMs.push(performance.now());
      const answer = await tryAsk(this.#parts.api, {
        method: 'POST',
        path: '/api/v1/claims',
        body,
      });
      if (answer.status > 0 && answer.status < 300) {
        this.#made += 1;
        break;
      }
      if (answer.status > 0 && answer.status < 500 && answer.status !== 429) {
        this.#refuse(problemOf(answer.body, answer.status));
        break;
      }
      if (tries === 2) this.#refuse(answer.failure ?? String(answer.status));
      this.#pausedUntilMs = performance.now() + PAUSE_MS;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#inFlight -= 1;
  }

  #refuse(kind: string): void {
    this.#refused.set(kind, (this.#refused.get(kind) ?? 0) + 1);
  }
}

function problemOf(body: unknown, status: number): string {
  if (typeof body !== 'object' || body === null || !('type' in body)) return String(status);
  return String(body.type).replace(/^urn:ppe-pulse:problem:/, '');
}
