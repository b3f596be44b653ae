import type { FromAgent } from '@ppe-pulse/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Link } from '../link/link.ts';
import type { GoodbyeRequest } from '../local/requests.ts';
import type { Conduct } from './conduct.ts';

/** Who was told to sleep and does not is back after this. */
const FAREWELL_MS = 60_000;
/** Longer than any quiet time, and a timer can still wait for it: the gate opens, not the timer. */
const SHUT_MS = 20 * 86_400_000;
/** The rooms of a region are loud again at one moment, and come back within this. */
const RETURN_WITHIN_MS = 5_000;

/** What the gate works with. */
export interface LinkGateParts {
  readonly link: Pick<Link, 'start' | 'pause' | 'woke' | 'send'>;
  readonly conduct: Pick<Conduct, 'mayConnect' | 'backInMs'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
  readonly random: () => number;
}

/** Keeps the link shut while the workstation is quiet: the journal goes on, the line does not. */
export class LinkGate {
  readonly #parts: LinkGateParts;
  #isOpen = false;
  #hasBegun = false;
  /** A person said that there is no line until then. */
  #awayUntilMs = 0;

  constructor(parts: LinkGateParts) {
    this.#parts = parts;
  }

  /** Connects, unless the agent starts in the middle of a quiet time. */
  start(): void {
    this.#hasBegun = true;
    this.#isOpen = this.#parts.conduct.mayConnect;
    if (this.#isOpen) this.#parts.link.start();
  }

  /** Opens or shuts as the conduct says. */
  follow(): void {
    const { conduct, link, clock, random, log } = this.#parts;
    const { mayConnect, backInMs } = conduct;
    if (!this.#hasBegun || mayConnect === this.#isOpen) return;
    this.#isOpen = mayConnect;
    if (mayConnect) {
      const awayMs = this.#awayUntilMs - clock.monotonicMs();
      link.pause(Math.max(awayMs, RETURN_WITHIN_MS * random()));
      return;
    }
    log.info({ backInMs }, 'the line is left for a quiet time');
    link.send(
      goodbyeOf({ reason: 'stageOffline', ...(backInMs !== undefined && { returnMs: backInMs }) }),
    );
    link.pause(SHUT_MS);
  }

  /** The PC slept: a line that is dead is left soon. */
  woke(): void {
    if (this.#isOpen) this.#parts.link.woke();
  }

  /** Silence that a person plans: the listener is told, the journal goes on. */
  farewell(request: GoodbyeRequest): void {
    const { reason, returnMs } = request;
    this.#parts.log.info({ reason, returnMs }, 'a planned silence begins');
    const forMs = returnMs ?? FAREWELL_MS;
    if (reason === 'stageOffline') this.#awayUntilMs = this.#parts.clock.monotonicMs() + forMs;
    if (!this.#isOpen) return;
    this.#parts.link.send(goodbyeOf(request));
    this.#parts.link.pause(forMs);
  }
}

function goodbyeOf({ reason, returnMs }: GoodbyeRequest): FromAgent {
  return {
    type: 'goodbye',
    reason,
    ...(returnMs !== undefined && { expectedReturnMs: Math.round(returnMs) }),
  };
}
