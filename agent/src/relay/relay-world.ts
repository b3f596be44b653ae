import type {
  AgentPlan,
  FromAgent,
  Inventory,
  LinkState,
  Placement,
  Timers,
} from '@ppe-pulse/protocol';
import type { Asked } from '../enrolment/post-request.ts';
import type { Journal } from '../journal/journal.ts';
import type { ElapsedClock } from '../platform/clock.ts';
import type { Identity } from '../platform/identity.ts';
import type { Log } from '../platform/log.ts';
import type { Updates } from '../update/updates.ts';
import type { RelayConfig } from './relay-config.ts';

/** The agent around the relay. */
export interface RelayWorld {
  readonly config: RelayConfig;
  readonly dataDir: string;
  /** Heartbeats older than this go from the spools. */
  readonly maxAgeMs: number;
  readonly identity: Identity;
  /** Of the collector: whose plans for members are passed on. */
  readonly collectorKey: string;
  /** How this PC reaches it. */
  readonly collector: Asked;
  readonly clock: ElapsedClock;
  readonly timers: Timers;
  readonly log: Log;
  readonly ownJournal: Pick<Journal, 'lag' | 'droppedHeartbeats'>;
  readonly ownPlan: () => AgentPlan | undefined;
  readonly placement: () => Placement | undefined;
  readonly inventory: () => Inventory;
  readonly send: (message: FromAgent) => boolean;
  /** The agent's own updates, whose bundles are handed on; undefined where it takes none. */
  readonly updates: Pick<Updates, 'root' | 'depot'> | undefined;
  readonly uplink: () => LinkState['name'];
  /** The collector's clock as the uplink's probe knows it. */
  readonly collectorNowMs: () => number | undefined;
}

/** What the relay says of itself in the agent's status. */
export interface RelayStatus {
  readonly port: number | null;
  /** Why it does not listen. */
  readonly fault: string | null;
  readonly pagePort: number | null;
  readonly membersHere: number;
  /** Null before the collector has named them. */
  readonly membersKnown: number | null;
  readonly spooled: number;
  readonly dropped: number;
  readonly refusals: number;
}
