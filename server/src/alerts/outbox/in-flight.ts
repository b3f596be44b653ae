import type { DueDelivery } from './outbox-queue.ts';

/** Attempts at one moment, all receivers together. */
export const MAX_IN_FLIGHT = 16;
/** Attempts at one moment to one receiver. */
export const MAX_IN_FLIGHT_PER_WEBHOOK = 4;
/**
 * A receiver's second attempt beside its first is made only below this, so that some that hang for
 * their whole time do not hold up one that answers.
 */
export const SHARED_IN_FLIGHT = 8;

/**
 * Deliveries that are being attempted, or were and are not written yet: neither may be chosen. Only
 * those that are being attempted take room.
 */
export class InFlight {
  /** Receiver of each. */
  readonly #webhooks = new Map<number, string>();
  readonly #unwritten = new Set<number>();
  readonly #byWebhook = new Map<string, Set<number>>();

  get isEmpty(): boolean {
    return this.#webhooks.size === 0;
  }

  /** Attempts that nobody answered yet. */
  get underWay(): number {
    return this.#webhooks.size - this.#unwritten.size;
  }

  has(deliveryId: number): boolean {
    return this.#webhooks.has(deliveryId);
  }

  of(webhookId: string): ReadonlySet<number> {
    return this.#byWebhook.get(webhookId) ?? new Set();
  }

  /** How many more may be started for a receiver that is to have at most `limit` at once. */
  roomFor(webhookId: string, limit: number): number {
    const own = [...this.of(webhookId)].filter((id) => !this.#unwritten.has(id)).length;
    const most = Math.min(limit, MAX_IN_FLIGHT_PER_WEBHOOK) - own;
    const first = own === 0 && this.underWay < MAX_IN_FLIGHT ? 1 : 0;
    const shared = Math.max(0, SHARED_IN_FLIGHT - this.underWay);
    return Math.max(0, Math.min(most, Math.max(first, shared)));
  }

  add({ delivery }: DueDelivery): void {
    this.#webhooks.set(delivery.id, delivery.webhookId);
    const own = this.#byWebhook.get(delivery.webhookId) ?? new Set();
    this.#byWebhook.set(delivery.webhookId, own.add(delivery.id));
  }

  answered(deliveryId: number): void {
    if (this.has(deliveryId)) this.#unwritten.add(deliveryId);
  }

  written(deliveryId: number): void {
    const webhookId = this.#webhooks.get(deliveryId);
    if (webhookId === undefined) return;
    this.#webhooks.delete(deliveryId);
    this.#unwritten.delete(deliveryId);
    const own = this.#byWebhook.get(webhookId);
    own?.delete(deliveryId);
    if (own?.size === 0) this.#byWebhook.delete(webhookId);
  }
}
