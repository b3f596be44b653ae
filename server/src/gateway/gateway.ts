import {
  AGENT_SUBPROTOCOL,
  closeCodes,
  limits,
  ProtocolError,
  type Ack,
  type CloseCodeName,
  type Goodbye,
  type SlotResult,
} from '@ppe-pulse/protocol';
import { createAgentDecoder, encode } from '@ppe-pulse/protocol/codec';
import type { CollectorKey } from '../access/keys.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { TakenHeartbeat } from '../fleet/taken-heartbeat.ts';
import type { Log } from '../log.ts';
import type { SeriesRow } from '../series/store.ts';
import type { Registry } from '../state/registry.ts';
import type { SocketServer, TextSocket } from '../sockets.ts';
import { rangesOf } from './ack-ranges.ts';
import { AgentSession, type SessionHost } from './agent-session.ts';
import type { GatewayCounters } from './gateway-counters.ts';

/** What happens to a heartbeat that was taken. */
export type Storage = (heartbeat: TakenHeartbeat) => 'pending' | 'durable' | 'refused';

/** Parts that the gateway works with. */
export interface GatewayParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly key: CollectorKey;
  readonly registry: Registry;
  readonly counters: GatewayCounters;
  readonly log: Log;
  readonly intervalMs: number;
  readonly backlogPerSecond: number;
  readonly store: Storage;
  /** How long agents wait when the store takes nothing. */
  readonly storeRetryMs: () => number;
  readonly slotReturned: (workstationId: string, result: SlotResult) => void;
}

/** A live connection of a workstation. */
interface Connection {
  readonly session: AgentSession;
  readonly socket: TextSocket;
  refusalToldAtMs: number;
}

/** The agents' door of the collector. */
export interface Gateway {
  /** Sessions that take heartbeats now, by workstation. */
  sessions(): ReadonlyMap<string, AgentSession>;
  /** Tells agents that these rows are durable. */
  ack(rows: readonly SeriesRow[]): void;
  /** Says goodbye to every agent and closes. */
  close(): void;
}

/** A refused agent is told to wait at most this often. */
const REFUSAL_EVERY_MS = 1_000;
/** After a planned stop agents come back within this time, each at its own moment. */
const RESTART_RETRY_MS = 2_000;

/** Serves agents on `sockets`. */
export function createGateway(sockets: SocketServer, parts: GatewayParts): Gateway {
  const decode = createAgentDecoder();
  const live = new Map<string, Connection>();
  const open = new Set<TextSocket>();

  const accept = (socket: TextSocket): void => {
    open.add(socket);
    const connection = createConnection(socket, parts, live);
    const handshakeTimer = setTimeout(() => {
      if (!connection.session.isLive) fail(socket, 'handshakeTimeout', parts, 'no proof in time');
    }, limits.handshakeMs);
    socket.onText((text) => {
      parts.counters.frame(text.length);
      try {
        connection.session.receive(decode(text));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        fail(socket, error.closeName, parts, error.message);
      }
    });
    socket.onClose((code) => {
      clearTimeout(handshakeTimer);
      open.delete(socket);
      const id = connection.session.workstationId;
      if (id === undefined || live.get(id) !== connection) return;
      live.delete(id);
      parts.counters.connections(live.size);
      parts.log.info({ workstationId: id, code }, 'agent left');
    });
  };
  sockets.onSocket(AGENT_SUBPROTOCOL, accept);

  return {
    sessions: () => new Map([...live].map(([id, { session }]) => [id, session])),
    ack: (rows) => {
      for (const [id, boots] of groupByBoot(rows)) {
        const socket = live.get(id)?.socket;
        if (socket) for (const [bootId, sequences] of boots) sendAck(socket, bootId, sequences);
      }
    },
    close: () => {
      const goodbye: Goodbye = {
        type: 'goodbye',
        reason: 'restart',
        expectedReturnMs: RESTART_RETRY_MS,
      };
      for (const socket of open) {
        socket.send(encode(goodbye));
        socket.close(closeCodes.goingAway.code, closeCodes.goingAway.reason);
      }
    },
  };
}

function createConnection(
  socket: TextSocket,
  parts: GatewayParts,
  live: Map<string, Connection>,
): Connection {
  const host: SessionHost = {
    clock: parts.clock,
    handshake: { key: parts.key, find: (id) => parts.registry.find(id) },
    intervalMs: parts.intervalMs,
    backlogPerSecond: parts.backlogPerSecond,
    send: (message) => socket.send(encode(message)),
    joined: (session) => join(session, connection, parts, live),
    taken: (_session, heartbeat) => take(heartbeat, connection, parts),
    slotReturned: (session, result) => {
      if (session.workstationId !== undefined) parts.slotReturned(session.workstationId, result);
    },
    saidGoodbye: (session) => {
      const workstationId = session.workstationId;
      if (workstationId !== undefined)
        parts.bus.publish('departure', { workstationId, saidGoodbye: true });
    },
  };
  const connection: Connection = {
    session: new AgentSession(host),
    socket,
    refusalToldAtMs: Number.NEGATIVE_INFINITY,
  };
  return connection;
}

function join(
  session: AgentSession,
  connection: Connection,
  parts: GatewayParts,
  live: Map<string, Connection>,
): void {
  const id = session.workstationId;
  if (id === undefined) return;
  const older = live.get(id);
  live.set(id, connection);
  parts.counters.connections(live.size);
  parts.log.info({ workstationId: id, bootId: session.bootId }, 'agent joined');
  if (!older) return;
  // A half-open socket of the same boot is ordinary; another boot is a restart or a cloned image.
  const sameBoot = older.session.bootId === session.bootId;
  fail(
    older.socket,
    sameBoot ? 'normal' : 'replacedByNewer',
    parts,
    `workstation ${id} came again`,
  );
}

function take(heartbeat: TakenHeartbeat, connection: Connection, parts: GatewayParts): void {
  const outcome = parts.store(heartbeat);
  parts.counters.heartbeat(outcome, heartbeat.live);
  if (outcome === 'durable') {
    sendAck(connection.socket, heartbeat.bootId, [heartbeat.seq]);
    return;
  }
  if (outcome === 'refused') tellToWait(heartbeat, connection, parts);
  // A refused heartbeat still shows on the board; its agent sends it again later as backlog.
  parts.bus.publish('heartbeat', heartbeat);
}

function tellToWait(heartbeat: TakenHeartbeat, connection: Connection, parts: GatewayParts): void {
  if (heartbeat.takenMonotonicMs - connection.refusalToldAtMs < REFUSAL_EVERY_MS) return;
  connection.refusalToldAtMs = heartbeat.takenMonotonicMs;
  connection.socket.send(
    encode({ type: 'error', code: 'storeFull', retryAfterMs: parts.storeRetryMs() }),
  );
}

function sendAck(socket: TextSocket, bootId: string, sequences: readonly number[]): void {
  const ranges = rangesOf(sequences);
  for (let from = 0; from < ranges.length; from += limits.ackRanges) {
    const ack: Ack = { type: 'ack', bootId, ranges: ranges.slice(from, from + limits.ackRanges) };
    socket.send(encode(ack));
  }
}

function fail(socket: TextSocket, name: CloseCodeName, parts: GatewayParts, detail: string): void {
  const { code, reason } = closeCodes[name];
  parts.counters.closed(name);
  parts.log.warn({ code, reason, detail, remote: socket.remote }, 'agent socket closed by us');
  socket.close(code, reason);
}

function groupByBoot(rows: readonly SeriesRow[]): Map<string, Map<string, number[]>> {
  const groups = new Map<string, Map<string, number[]>>();
  for (const row of rows) {
    let boots = groups.get(row.workstationId);
    if (!boots) groups.set(row.workstationId, (boots = new Map<string, number[]>()));
    const sequences = boots.get(row.bootId);
    if (sequences) sequences.push(row.seq);
    else boots.set(row.bootId, [row.seq]);
  }
  return groups;
}
