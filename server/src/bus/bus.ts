import type { Flip, Goodbye, TakenHeartbeat } from '@ppe-pulse/protocol';

/** Topics inside one collector and what travels on them. */
export interface BusTopics {
  /** A heartbeat passed the gateway. */
  heartbeat: TakenHeartbeat;
  /** A workstation said goodbye. */
  departure: { readonly workstationId: string; readonly goodbye: Goodbye };
  /** An id is alive with two boots; null when only a relay saw the newer one. */
  clone: { readonly workstationId: string; readonly bootId: string | null };
  /** A connection of a workstation came, its own or its relay's, or the last one went. */
  presence: { readonly workstationId: string; readonly isHere: boolean };
  /** Verdicts changed. */
  flips: readonly Flip[];
  /** A workstation was enrolled or placed elsewhere. */
  enrolment: { readonly workstationId: string };
}

/**
 * Publish and subscribe between the roles of a collector. In-process today: a publish runs its
 * subscribers before it returns, in the order of subscription.
 */
export interface Bus {
  publish<T extends keyof BusTopics>(topic: T, message: BusTopics[T]): void;
  /** Answers the function that ends the subscription. */
  subscribe<T extends keyof BusTopics>(
    topic: T,
    handle: (message: BusTopics[T]) => void,
  ): () => void;
}

type Handlers = { [T in keyof BusTopics]: Set<(message: BusTopics[T]) => void> };

/** The in-process bus. */
export function createBus(): Bus {
  const handlers: Handlers = {
    heartbeat: new Set(),
    departure: new Set(),
    clone: new Set(),
    presence: new Set(),
    flips: new Set(),
    enrolment: new Set(),
  };
  return {
    publish: (topic, message) => {
      for (const handle of handlers[topic]) handle(message);
    },
    subscribe: (topic, handle) => {
      handlers[topic].add(handle);
      return () => handlers[topic].delete(handle);
    },
  };
}
