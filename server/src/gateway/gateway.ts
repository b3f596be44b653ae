import {
  AGENT_SUBPROTOCOL,
  Door,
  type DoorCounters,
  type AgentSession,
  type DoorUpdates,
  type DurableHeartbeat,
  type EmProgress,
  type EnrolmentEnd,
  type Moment,
  type SlotResult,
  type Storage,
  type ToAgent,
} from '@ppe-pulse/protocol';
import { createAgentDecoder } from '@ppe-pulse/protocol/codec';
import { agentIdOf, isSignedBy, type CollectorKey } from '../access/keys.ts';
import { randomToken } from '../access/secrets.ts';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import type { Enrolments } from '../state/enrolments.ts';
import type { SocketServer } from '../sockets.ts';

/** Parts that the gateway works with. */
export interface GatewayParts {
  readonly bus: Bus;
  readonly now: () => Moment;
  readonly key: CollectorKey;
  readonly enrolments: Enrolments;
  readonly counters: DoorCounters;
  readonly log: Log;
  readonly intervalMs: number;
  readonly backlogPerSecond: number;
  readonly store: Storage;
  /** How long agents wait when the store takes nothing. */
  readonly storeRetryMs: () => number;
  readonly slotReturned: (workstationId: string, result: SlotResult) => void;
  readonly emProgress: (workstationId: string, progress: EmProgress) => void;
  readonly updates: DoorUpdates;
}

/** The agents' door of the collector. */
export interface Gateway {
  /** Sessions that take heartbeats now, by workstation. */
  sessions(): ReadonlyMap<string, AgentSession>;
  /** Address of the connection that each workstation is heard over. */
  remotes(): ReadonlyMap<string, string>;
  /** Sends to a workstation; false when it is not here. */
  send(workstationId: string, message: ToAgent): boolean;
  /** Closes what a workstation has open here, and lets its relay go by a roster without it. */
  turnAway(workstationId: string, siteCode: string, how: EnrolmentEnd): void;
  /** Tells agents that these are durable. */
  ack(rows: readonly DurableHeartbeat[]): void;
  /** Says goodbye to every agent and closes. */
  close(): void;
}

/** After a planned stop agents come back within this time, each at its own moment: before `late`. */
const RESTART_RETRY_MS = 8_000;

/** Serves agents and relays on `sockets`: the protocol's door with this collector behind it. */
export function createGateway(sockets: SocketServer, parts: GatewayParts): Gateway {
  const { bus, key, enrolments } = parts;
  const door = new Door({
    accept: {
      keyring: {
        id: key.id,
        sign: (text) => key.sign(text),
        isSignedBy,
        agentIdOf,
        nonce: randomToken,
      },
      find: (id) => enrolments.find(id),
      endOf: (id) => enrolments.endOf(id),
    },
    decode: createAgentDecoder(),
    timers: { set: setTimeout, clear: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    log: parts.log,
    counters: parts.counters,
    intervalMs: parts.intervalMs,
    backlogPerSecond: parts.backlogPerSecond,
    now: parts.now,
    timeMs: () => parts.now().wallMs,
    store: parts.store,
    storeRetryMs: parts.storeRetryMs,
    roster: (siteCode) => rosterOf(enrolments, siteCode),
    listener: {
      heard: (heartbeat) => bus.publish('heartbeat', heartbeat),
      saidGoodbye: (workstationId, goodbye) => bus.publish('departure', { workstationId, goodbye }),
      cloned: (workstationId, bootId) => bus.publish('clone', { workstationId, bootId }),
      slotReturned: parts.slotReturned,
      emProgress: parts.emProgress,
      updates: parts.updates,
      presence: (workstationId, isHere) => bus.publish('presence', { workstationId, isHere }),
    },
  });
  sockets.onSocket(AGENT_SUBPROTOCOL, (socket) => door.accept(socket));
  const siteOf = new Map(enrolments.list().map(({ id, placement }) => [id, placement.siteCode]));
  bus.subscribe('enrolment', ({ workstationId }) => {
    const before = siteOf.get(workstationId);
    const now = enrolments.find(workstationId)?.placement.siteCode;
    if (now === undefined) return;
    siteOf.set(workstationId, now);
    // The relay that it was moved away from must let it go.
    for (const site of new Set([before, now])) if (site !== undefined) door.rosterChanged(site);
  });
  return {
    sessions: () => door.sessions(),
    remotes: () => door.remotes(),
    send: (workstationId, message) => door.send(workstationId, message),
    turnAway: (workstationId, siteCode, how) => {
      door.turnAway(workstationId, how);
      siteOf.delete(workstationId);
      door.rosterChanged(siteCode);
    },
    ack: (rows) => door.ack(rows),
    close: () =>
      door.close({ type: 'goodbye', reason: 'restart', expectedReturnMs: RESTART_RETRY_MS }),
  };
}

function rosterOf(
  enrolments: Enrolments,
  siteCode: string,
): { agentId: string; publicKey: string; placement: Parameters<Enrolments['enrol']>[2] }[] {
  return enrolments
    .list()
    .filter(({ placement }) => placement.siteCode === siteCode)
    .map(({ id, publicKey, placement }) => ({ agentId: id, publicKey, placement }));
}
