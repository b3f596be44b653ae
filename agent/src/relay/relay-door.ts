import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  Door,
  isLoopback,
  limits,
  type CloseCodeName,
  type DoorListener,
  type DurableHeartbeat,
  type Goodbye,
  type Member,
  type Moment,
  type Storage,
  type Timers,
  type ToAgent,
} from '@ppe-pulse/protocol';
import { createAgentDecoder } from '@ppe-pulse/protocol/codec';
import { agentIdOf, collectorIdOf, isSignedBy, type Identity } from '../platform/identity.ts';
import type { Log } from '../platform/log.ts';
import { Arrivals } from './arrivals.ts';
import { Listening } from '../local/listening.ts';
import type { RelayConfig } from './relay-config.ts';
import type { Roster } from './roster.ts';
import { serveSockets, type UpgradeRefusal } from './server-sockets.ts';
import { Strangers } from './strangers.ts';

/** What the door works with. */
export interface RelayDoorParts {
  readonly config: Pick<RelayConfig, 'host' | 'port' | 'certificate' | 'insecure'>;
  readonly identity: Identity;
  readonly roster: Roster;
  readonly listener: DoorListener;
  /** Answers HTTP: a PC of the ППЭ that asks to be enrolled. */
  readonly answer: RequestListener;
  readonly store: Storage;
  readonly now: () => Moment;
  readonly intervalMs: number;
  readonly timers: Timers;
  readonly log: Log;
}

/** On a LAN there is room: a member is through with an hour in a quarter of a minute. */
const BACKLOG_PER_SECOND = 50;
/** A disk that takes nothing is asked again after this. */
const STORE_RETRY_MS = 10_000;
/** After a planned stop members come back within this time, each at its own moment. */
const RESTART_RETRY_MS = 2_000;
/** Fault of a relay that would speak in the clear on the LAN. */
const NO_CERTIFICATE = 'noCertificate';
/** On a LAN each PC has its own address: one has a few connections that are not proven yet. */
const STRANGERS = { inAll: 512, perAddress: 32 };
/** Two connections of each member, as while it starts again, and strangers. */
const MAX_CONNECTIONS = 2 * limits.rosterMembers + STRANGERS.inAll;

/** The relay's door on the LAN: what a collector is to its agents, this is to its members. */
export class RelayDoor {
  readonly #parts: RelayDoorParts;
  readonly #listening: Listening;
  readonly #arrivals: Arrivals;
  readonly #sockets: { close(): Promise<void> };
  #intervalMs: number;
  #door: Door;
  #refusals = 0;

  constructor(parts: RelayDoorParts) {
    this.#parts = parts;
    this.#intervalMs = parts.intervalMs;
    this.#door = this.#open();
    const { host, port, certificate, insecure } = parts.config;
    const tls = certificate === undefined ? undefined : parts.identity.serverTls(certificate);
    const isOpen = tls !== undefined || insecure || isLoopback(host);
    this.#listening = new Listening(
      {
        what: 'the relay',
        host,
        port,
        maxConnections: MAX_CONNECTIONS,
        tls,
        forbidden: isOpen ? undefined : NO_CERTIFICATE,
      },
      parts.answer,
      parts,
    );
    this.#arrivals = new Arrivals(this.#listening.server, {
      strangers: new Strangers(STRANGERS),
      timers: parts.timers,
      refused: () => (this.#refusals += 1),
    });
    this.#sockets = serveSockets(
      this.#listening.server,
      {
        path: AGENT_PATH,
        subprotocol: AGENT_SUBPROTOCOL,
        maxFrameBytes: limits.agentFrameBytes,
        maxBufferedBytes: limits.agentBufferBytes,
        admit: (request) => this.#admit(request),
      },
      (socket) => this.#door.accept(socket),
    );
  }

  get port(): number | null {
    return this.#listening.port;
  }

  /** Why it does not listen, null when it does. */
  get fault(): string | null {
    return this.#listening.fault;
  }

  /** Connections, upgrades and frames that were refused. */
  get refusals(): number {
    return this.#refusals;
  }

  async start(): Promise<void> {
    await this.#listening.start();
  }

  /** Says goodbye to the members and closes. */
  async stop(): Promise<void> {
    this.#door.close(farewell);
    await this.#sockets.close();
    this.#listening.stop();
  }

  ack(rows: readonly DurableHeartbeat[]): void {
    this.#door.ack(rows);
  }

  /** False when it is not here. */
  send(id: string, message: ToAgent): boolean {
    return this.#door.send(id, message);
  }

  introductionsOf(id: string): readonly Member[] {
    return this.#door.introductionsOf(id);
  }

  turnAway(id: string, name: CloseCodeName, bootId?: string): void {
    this.#door.turnAway(id, name, bootId);
  }

  /** The collector asks for another period: members learn theirs with the welcome, so they return. */
  changeInterval(intervalMs: number): void {
    if (intervalMs === this.#intervalMs) return;
    this.#intervalMs = intervalMs;
    const before = this.#door;
    this.#door = this.#open();
    before.close(farewell);
  }

  #admit({ socket }: IncomingMessage): UpgradeRefusal | { readonly leave: () => void } {
    // Before the collector named the members nobody can be told from a stranger: come again.
    const leave = this.#parts.roster.isKnown ? this.#arrivals.leaveOf(socket) : undefined;
    if (leave) return { leave };
    this.#refusals += 1;
    return { status: 503 };
  }

  #open(): Door {
    const { identity, roster, listener, store, now, timers, log } = this.#parts;
    return new Door({
      accept: {
        keyring: {
          id: collectorIdOf(identity.publicKey),
          sign: (text) => identity.sign(text),
          isSignedBy,
          agentIdOf,
          nonce: () => randomBytes(32).toString('base64url'),
        },
        find: (id) => roster.member(id),
      },
      decode: createAgentDecoder(),
      timers,
      log,
      counters: {
        frame: () => undefined,
        heartbeat: () => undefined,
        connections: () => undefined,
        refused: () => (this.#refusals += 1),
      },
      listener,
      intervalMs: this.#intervalMs,
      backlogPerSecond: BACKLOG_PER_SECOND,
      now,
      timeMs: () => Math.max(0, now().wallMs),
      store,
      storeRetryMs: () => STORE_RETRY_MS,
      // A second Штаб behind this one knows the same ППЭ.
      roster: () =>
        roster.all().map(({ id, publicKey, placement }) => ({ agentId: id, publicKey, placement })),
    });
  }
}

const farewell: Goodbye = {
  type: 'goodbye',
  reason: 'restart',
  expectedReturnMs: RESTART_RETRY_MS,
};
