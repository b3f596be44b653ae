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
/** The collector lets one address claim 1,200 times a minute; a person at a board claims, too. */
const MINUTE_MAX = 1_000;
const MINUTE_MS = 60_000;
/** It is not there, or says that it was asked too much and not for how long: another try after this. */
const PAUSE_MS = 2_000;
/** Without an answer a claim is given up after so many. */
const TRIES_MAX = 3;

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
  #isStopped = false;

  constructor(parts: ClaimPosterParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** Nobody claims any more, also who was asked to wait. */
  stop(): void {
    this.#isStopped = true;
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

  /** Again where the collector was not there or asks for patience; a refusal is counted. */
  async #post({ atMs: _atMs, saidAtMs, roomCode, done, ...said }: PlannedClaim): Promise<void> {
    this.#inFlight += 1;
    const body = {
      ...said,
      isMade: true,
      ...(roomCode === null ? {} : { roomCode }),
      ...(done === null ? {} : { done }),
      ...(saidAtMs === undefined ? {} : { at: new Date(saidAtMs).toISOString() }),
    };
    let unanswered = 0;
    while (unanswered < TRIES_MAX && !this.#isStopped) {
      this.#askedAtMs.push(performance.now());
      const question = { method: 'POST', path: '/api/v1/claims', body } as const;
      const answer = await tryAsk(this.#parts.api, question);
      if (answer.status > 0 && answer.status < 300) {
        this.#made += 1;
        break;
      }
      if (answer.status === 429) {
        await this.#pause(answer.retryAfterMs ?? PAUSE_MS);
        continue;
      }
      if (answer.status > 0 && answer.status < 500) {
        this.#refuse(problemOf(answer.body, answer.status));
        break;
      }
      unanswered += 1;
      if (unanswered === TRIES_MAX) this.#refuse(answer.failure ?? String(answer.status));
      else await this.#pause(PAUSE_MS);
    }
    this.#inFlight -= 1;
  }

  async #pause(forMs: number): Promise<void> {
    this.#pausedUntilMs = performance.now() + forMs;
    await new Promise((resolve) => setTimeout(resolve, forMs));
  }

  #refuse(kind: string): void {
    this.#refused.set(kind, (this.#refused.get(kind) ?? 0) + 1);
  }
}

function problemOf(body: unknown, status: number): string {
  if (typeof body !== 'object' || body === null || !('type' in body)) return String(status);
  return String(body.type).replace(/^urn:ppe-pulse:problem:/, '');
}
