import type { CloseCodeName } from '@ppe-pulse/protocol';

/** What the gateway counts; `/metrics` and the overview read it. */
export interface GatewayCounters {
  frame(characters: number): void;
  heartbeat(outcome: 'pending' | 'durable' | 'refused', live: boolean): void;
  connections(count: number): void;
  closed(name: CloseCodeName): void;
}
