import type { Welcome } from '@ppe-pulse/protocol';
import type { SimulatedAgent } from './agent.ts';

/** What the simulation learns of its links. */
export interface LinkWatch {
  opened(): void;
  welcomed(welcome: Welcome): void;
  lost(byUs: boolean): void;
  /** A fresh connection: the board must not wait a period for a sign of life. */
  signOfLife(agent: SimulatedAgent): void;
}
