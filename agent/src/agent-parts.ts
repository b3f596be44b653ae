import type { AgentConfig } from './config.ts';
import type { Identity } from './platform/identity.ts';
import type { Log } from './platform/log.ts';
import type { RelayWorld } from './relay/relay-world.ts';
import type { Relay } from './relay/relay.ts';
import type { Beat } from './service/service-shell.ts';

export type StartRelay = (world: RelayWorld) => Relay;

/** Hears of every heartbeat once it is written and sent. */
export type Beaten = (beat: Beat) => void;

/** What an agent is made of. */
export interface AgentParts {
  readonly config: AgentConfig;
  readonly log: Log;
  readonly identity: Identity;
  readonly startRelay: StartRelay | undefined;
  readonly beaten: Beaten | undefined;
}
