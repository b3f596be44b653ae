import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Delivery } from '../delivery.ts';
import type { WebhookWithSecrets } from '../webhook.ts';
import { attemptOnce, type AttemptParts } from './attempt.ts';
import { Breakers, type BreakerView } from './breakers.ts';
import { InFlight, MAX_IN_FLIGHT_PER_WEBHOOK } from './in-flight.ts';
import { AttemptTally, type OutboxFigures } from './outbox-figures.ts';
import {
  settled,
  type AttemptResult,
  type DueDelivery,
  type OutboxQueue,
  type WaitingWebhook,
} from './outbox-queue.ts';
import type { OutboxStore } from './outbox-store.ts';
import { ResultWriter, type OutboxTimers } from './result-writer.ts';
import { afterAttempt } from './retry.ts';

export type { OutboxTimers };

export interface DispatcherParts extends AttemptParts {
  readonly store: OutboxStore;
  readonly queue: OutboxQueue;
  /** Undefined for one that was removed. */
  readonly webhookOf: (id: string) => WebhookWithSecrets | undefined;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly timers: OutboxTimers;
  readonly log: Pick<Log, 'warn' | 'error'>;
  /** A delivery is over: delivered or dead. */
  readonly onEnded: (delivery: Delivery) => void;
}

/** Sleeps no longer than this: the wall clock, which the moments are of, may step. */
const LONGEST_SLEEP_MS = 60_000;
/** No moment is set further ahead than this; one that is was set before the clock stepped back. */
const FURTHEST_MOMENT_MS = 2 * 3_600_000;
/** A clock that is set back by less moves no moment that matters. */
const STEP_MS = 1_000;
/** The database is asked again after this long when it failed. */
const DATABASE_RETRY_MS = 1_000;
/** Attempts under way may end in this time when the collector closes. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * Attempts what is due. Nothing is written before an attempt: one that was under way when the process
 * died is made again, under the same event's id.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #breakers: Breakers;
  readonly #inFlight = new InFlight();
  readonly #tally = new AttemptTally();
  readonly #writer: ResultWriter;
  /** What waits for these receivers is due in the next round. */
  readonly #toHasten = new Set<string>();
  #timer: unknown;
  /** The wall clock against the monotonic one, as of the last round. */
  #offsetMs = Number.NEGATIVE_INFINITY;
  #isRoundSet = false;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#breakers = new Breakers(parts.clock);
    this.#writer = new ResultWriter({
      settle: (results) => parts.queue.settle(results),
      onWritten: (results) => this.#onWritten(results),
      timers: parts.timers,
      log: parts.log,
    });
  }

  /** Something was recorded and committed, or time passed: looks for what is due. Cheap to call. */
  wake(): void {
    this.#parts.step?.('decided');
    this.#setRound();
  }

  /** A person changed the receiver or asks for another try: all that waits for it is due now. */
  tryNow(webhookId: string): void {
    this.#breakers.probeNow(webhookId);
    this.#toHasten.add(webhookId);
    this.#setRound();
  }

  /** Of a receiver that was removed. */
  forget(webhookId: string): void {
    this.#breakers.forget(webhookId);
  }

  breakerOf(webhookId: string): BreakerView {
    return this.#breakers.view(webhookId);
  }

  figures(): OutboxFigures {
    const { pending, dead, oldestPendingAtMs } = this.#parts.queue.counts();
    const nowMs = this.#parts.clock.wallMs();
    return {
      pending,
      dead,
      oldestPendingMs: oldestPendingAtMs === null ? null : Math.max(0, nowMs - oldestPendingAtMs),
      breakersOpen: this.#breakers.openCount(),
      inFlight: this.#inFlight.underWay,
      unwritten: this.#writer.size,
      isWriting: this.#writer.isWriting,
      attempts: this.#tally.attempts,
      latency: this.#tally.latency,
    };
  }

  /** Starts nothing more; what is under way may end for a while, then it stays pending. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#clearTimer();
    if (!this.#inFlight.isEmpty) {
      await new Promise<void>((resolve) => {
        const timer = this.#parts.timers.set(resolve, CLOSE_WITHIN_MS);
        this.#onIdle = () => {
          this.#parts.timers.clear(timer);
          resolve();
        };
      });
    }
    // Answers that come later must not reach a database that is closed.
    this.#onIdle = undefined;
    this.#writer.drop();
  }

  #setRound(): void {
    if (this.#isRoundSet || this.#isClosed) return;
    this.#isRoundSet = true;
    setImmediate(() => {
      this.#isRoundSet = false;
      if (!this.#isClosed) this.#round();
    });
  }

  #round(): void {
    this.#clearTimer();
    let sleepMs = LONGEST_SLEEP_MS;
    const orRetry = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        this.#parts.log.error({ err: error }, 'reading the outbox failed, trying again');
        sleepMs = Math.min(sleepMs, DATABASE_RETRY_MS);
      }
    };
    orRetry(() => {
      if (this.#isSetBack())
        for (const { webhookId } of this.#parts.queue.waiting()) this.#toHasten.add(webhookId);
      for (const webhookId of this.#toHasten)
        this.#parts.queue.hasten(webhookId, this.#parts.clock.wallMs());
      this.#toHasten.clear();
      // What is wrong with one receiver's rows holds up no other.
      for (const waiting of this.#parts.queue.waiting())
        orRetry(() => (sleepMs = Math.min(sleepMs, this.#serve(waiting))));
    });
    this.#timer = this.#parts.timers.set(() => this.#setRound(), Math.max(1, sleepMs));
  }

  /** Moments that were set before the wall clock stepped back are too far away. */
  #isSetBack(): boolean {
    const { clock } = this.#parts;
    const beforeMs = this.#offsetMs;
    this.#offsetMs = clock.wallMs() - clock.monotonicMs();
    return this.#offsetMs < beforeMs - STEP_MS;
  }

  /** Starts what may be started for a receiver; answers when to look again, ms. */
  #serve({ webhookId, latestAtMs }: WaitingWebhook): number {
    const { clock, queue, store, webhookOf } = this.#parts;
    const nowMs = clock.wallMs();
    const webhook = webhookOf(webhookId);
    if (!webhook) {
      store.cancelOf(webhookId, nowMs);
      return LONGEST_SLEEP_MS;
    }
    if (latestAtMs > nowMs + FURTHEST_MOMENT_MS) queue.hasten(webhookId, nowMs);
    const gate = this.#breakers.gate(webhookId);
    const isShut = gate === 'open' || gate === 'patience';
    if (isShut || !webhook.isEnabled) {
      this.#giveUp(webhookId, nowMs);
      // Somebody asks whether it works now; patience that the receiver asked for is kept.
      const nextMs = gate === 'patience' ? LONGEST_SLEEP_MS : this.#serveDrills(webhook, nowMs);
      return isShut ? Math.min(nextMs, this.#breakers.waitMs(webhookId)) : nextMs;
    }
    const room = this.#roomFor(webhookId);
    if (room > 0) {
      const except = this.#inFlight.of(webhookId);
      this.#start(queue.due(webhookId, nowMs, { limit: room, except }), webhook);
    }
    return (queue.nextAfter(webhookId, nowMs) ?? nowMs + LONGEST_SLEEP_MS) - nowMs;
  }

  #serveDrills(webhook: WebhookWithSecrets, nowMs: number): number {
    const drills = this.#parts.queue.drills(webhook.id);
    const momentOf = ({ delivery }: DueDelivery): number => delivery.nextAttemptAtMs ?? nowMs;
    const isDue = (drill: DueDelivery): boolean => momentOf(drill) <= nowMs;
    const isFree = ({ delivery }: DueDelivery): boolean => !this.#inFlight.has(delivery.id);
    const room = this.#writer.isFull ? 0 : this.#inFlight.roomFor(webhook.id, 1);
    this.#start(drills.filter((drill) => isDue(drill) && isFree(drill)).slice(0, room), webhook);
    const later = drills.filter((drill) => !isDue(drill)).map((drill) => momentOf(drill) - nowMs);
    return Math.min(LONGEST_SLEEP_MS, ...later);
  }

  /** One at a time to a receiver that fails. */
  #roomFor(webhookId: string): number {
    if (this.#writer.isFull) return 0;
    const limit = this.#breakers.isFailing(webhookId) ? 1 : MAX_IN_FLIGHT_PER_WEBHOOK;
    return this.#inFlight.roomFor(webhookId, limit);
  }

  #start(found: readonly DueDelivery[], webhook: WebhookWithSecrets): void {
    for (const due of found) {
      this.#inFlight.add(due);
      this.#parts.step?.('picked');
      void this.#attempt(due, webhook);
    }
  }

  async #attempt(due: DueDelivery, webhook: WebhookWithSecrets): Promise<void> {
    const attempt = await attemptOnce(this.#parts, due.event, webhook);
    if (this.#isClosed && !this.#onIdle) return;
    const atMs = this.#parts.clock.wallMs();
    const { id, attempts, deadlineAtMs } = due.delivery;
    const random = this.#parts.random();
    const ended = { attempt, attempts: attempts + 1, nowMs: atMs, deadlineAtMs, random };
    const decision = afterAttempt(ended);
    this.#inFlight.answered(id);
    this.#tally.count(attempt);
    if (attempt.outcome !== 'delivered') {
      this.#warn(due, { ...attempt, deliveryId: id, next: decision.state });
    }
    // What waited for its next moment while the receiver was away need not wait for it any more.
    if (this.#breakers.see(webhook.id, attempt)) this.#toHasten.add(webhook.id);
    this.#writer.add({ due, attempt, decision, atMs }, this.#inFlight.underWay === 0);
    this.#setRound();
  }

  #onWritten(results: readonly AttemptResult[]): void {
    this.#parts.step?.('written');
    for (const result of results) this.#finish(result);
    if (this.#inFlight.isEmpty) this.#onIdle?.();
    this.#setRound();
  }

  #finish(result: AttemptResult): void {
    this.#inFlight.written(result.due.delivery.id);
    if (result.decision.state === 'pending') return;
    const delivery = settled(result);
    if (delivery.state === 'delivered') this.#tally.delivered(delivery);
    this.#parts.onEnded(delivery);
  }

  #giveUp(webhookId: string, nowMs: number): void {
    const except = this.#inFlight.of(webhookId);
    const outcome = this.#breakers.lastFailure(webhookId);
    const dead = this.#parts.queue.giveUp(webhookId, nowMs, { outcome, except });
    if (dead.length === 0) return;
    this.#parts.log.warn({ webhookId, deliveries: dead.length }, 'deliveries given up');
    for (const delivery of dead) this.#parts.onEnded(delivery);
    this.#setRound();
  }

  #warn({ delivery }: DueDelivery, details: Readonly<Record<string, unknown>>): void {
    const { webhookId, eventId } = delivery;
    this.#parts.log.warn({ webhookId, eventId, ...details }, 'an alert was not delivered');
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#parts.timers.clear(this.#timer);
    this.#timer = undefined;
  }
}
