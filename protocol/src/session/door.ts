import { closeCodes, type CloseCodeName } from '../close-codes.ts';
import { encode } from '../encode.ts';
import type { TakenHeartbeat } from '../fleet/taken-heartbeat.ts';
import { limits } from '../limits.ts';
import type { Ack, Goodbye, Member, ToAgent } from '../messages/agent.ts';
import { ProtocolError } from '../protocol-error.ts';
import { UPDATE_CAPABILITY } from '../update/update-words.ts';
import { rangesOf } from './ack-ranges.ts';
import { AgentSession, CLONED_ERROR, type SessionHost } from './agent-session.ts';
import { Attendance } from './attendance.ts';
import { BootClocks } from './boot-clocks.ts';
import type { DoorParts, DurableHeartbeat, PeerSocket } from './door-parts.ts';
import { RefusalLog } from './refusal-log.ts';

/** A connection that has proven itself. */
interface Connection {
  readonly session: AgentSession;
  readonly socket: PeerSocket;
  refusalToldAtMs: number;
}

/** A refused agent is told to wait at most this often. */
const REFUSAL_EVERY_MS = 1_000;

/**
 * The door of a listener: accepts agents' sockets, lets each heartbeat in, acks what became durable,
 * tells restarts from clones. Knows no transport: a collector and a relay have the same door.
 */
export class Door {
  readonly #parts: DoorParts;
  readonly #open = new Set<PeerSocket>();
  /** Connections by workstation; more than one only while two boots claim one id. */
  readonly #live = new Map<string, Set<Connection>>();
  /** The relay's connection of each member that is with one. */
  readonly #relayed = new Map<string, Connection>();
  readonly #attendance: Attendance;
  readonly #clocks = new BootClocks();
  readonly #refusals = new RefusalLog();

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#attendance = new Attendance(parts.intervalMs);
  }

  /** Serves a socket that was just opened. */
  accept(socket: PeerSocket): void {
    this.#open.add(socket);
    const connection: Connection = {
      session: new AgentSession(this.#hostOf(socket, () => connection)),
      socket,
      refusalToldAtMs: Number.NEGATIVE_INFINITY,
    };
    const handshakeTimer = this.#parts.timers.set(() => {
      if (!connection.session.isLive) this.#refuse(socket, 'handshakeTimeout', 'no proof in time');
    }, limits.handshakeMs);
    socket.onText((text) => {
      // What still comes on a socket that we closed is sent again on the next one.
      if (!this.#open.has(socket)) return;
      this.#parts.counters.frame(text.length);
      try {
        connection.session.receive(this.#parts.decode(text));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.#refuse(socket, error.closeName, error.message);
      }
    });
    socket.onClose((code) => {
      this.#parts.timers.clear(handshakeTimer);
      this.#open.delete(socket);
      this.#left(connection, code);
    });
  }

  /** Sessions that take heartbeats now, by workstation; of two boots the one that is shown. */
  sessions(): ReadonlyMap<string, AgentSession> {
    const sessions = new Map<string, AgentSession>();
    for (const [id, connections] of this.#live) {
      const shown = this.#attendance.current(id);
      for (const { session } of connections)
        if (!sessions.has(id) || session.bootId === shown) sessions.set(id, session);
    }
    return sessions;
  }

  /** Address of the connection that each workstation is heard over, its own or its relay's. */
  remotes(): ReadonlyMap<string, string> {
    const remotes = new Map<string, string>();
    for (const [id, { socket }] of this.#relayed) remotes.set(id, socket.remote);
    for (const [id, connections] of this.#live)
      for (const { socket } of connections) remotes.set(id, socket.remote);
    return remotes;
  }

  /** What each boot of a workstation that is here said of itself; of two the older one first. */
  introductionsOf(id: string): readonly Member[] {
    const own = [...(this.#live.get(id) ?? [])].map(({ session }) => session.introduction);
    return [...own, this.#relayed.get(id)?.session.introductionOf(id)].filter(
      (each) => each !== undefined,
    );
  }

  /** Closes the connections of a workstation, or only that of one boot: it has no place here. */
  turnAway(id: string, name: CloseCodeName, bootId?: string): void {
    for (const { session, socket } of this.#live.get(id) ?? []) {
      if (bootId !== undefined && session.bootId !== bootId) continue;
      if (name === 'cloned') socket.send(encode({ type: 'error', code: CLONED_ERROR }));
      this.#turnOut(socket, name, `workstation ${id} is turned away`);
    }
  }

  /** Sends to a workstation that is here; its part of the plan and updates also through its relay. */
  send(id: string, message: ToAgent): boolean {
    const connections = this.#live.get(id);
    if (connections && connections.size > 0) {
      for (const { socket } of connections) socket.send(encode(message));
      return true;
    }
    const relay = this.#relayed.get(id);
    const isForMember =
      message.type === 'plan' ||
      // An older relay would take the frame for a broken one.
      (message.type === 'updateOffer' && relay?.session.can(UPDATE_CAPABILITY));
    if (!relay || !isForMember) return false;
    relay.socket.send(encode({ ...message, agentId: id }));
    return true;
  }

  /** Tells agents that these are durable. */
  ack(rows: readonly DurableHeartbeat[]): void {
    for (const { workstationId, relayId, bootId, sequences } of groupByBoot(rows)) {
      const member = relayId === null ? undefined : workstationId;
      for (const { socket } of this.#live.get(relayId ?? workstationId) ?? [])
        sendAck(socket, { bootId, member, sequences });
    }
  }

  /** The workstations of a ППЭ changed: its relay is told. */
  rosterChanged(siteCode: string): void {
    for (const connections of this.#live.values())
      for (const { session, socket } of connections)
        if (session.relayedSite === siteCode) this.#sendRoster(socket, siteCode);
  }

  /** Says goodbye to all and closes. */
  close(goodbye: Goodbye): void {
    for (const socket of this.#open) {
      socket.send(encode(goodbye));
      socket.close(closeCodes.goingAway.code, closeCodes.goingAway.reason);
    }
  }

  #hostOf(socket: PeerSocket, own: () => Connection): SessionHost {
    const { accept, intervalMs, backlogPerSecond, listener } = this.#parts;
    return {
      accept,
      channel: socket.channel,
      intervalMs,
      backlogPerSecond,
      now: this.#parts.now,
      timeMs: this.#parts.timeMs,
      send: (message) => socket.send(encode(message)),
      mappingOf: (id, bootId) => this.#clocks.of(id, bootId),
      joined: (_session, id, bootId) => this.#joined(own(), id, bootId),
      memberLeft: (id, bootId) => this.#memberLeft(own(), id, bootId),
      taken: (_session, heartbeat) => this.#taken(own(), heartbeat),
      slotReturned: (id, result) => listener.slotReturned(id, result),
      emProgress: (id, progress) => listener.emProgress(id, progress),
      saidGoodbye: (id, goodbye) => listener.saidGoodbye(id, goodbye),
      updatePart: (version, offset, id) => listener.updates?.read(version, offset, id),
      updateTold: (id, state) => listener.updates?.told(id, state),
      cloned: (id) => listener.cloned(id, null),
      refused: (code) => this.#parts.counters.refused(code),
    };
  }

  #joined(connection: Connection, id: string, bootId: string): void {
    const { log, listener, now } = this.#parts;
    const isOwn = connection.session.workstationId === id;
    log.info({ workstationId: id, bootId, isRelayed: !isOwn }, 'agent joined');
    this.#attendance.joined(id, bootId, now().monotonicMs);
    if (isOwn) {
      connection.socket.proven();
      this.#replaceSameBoot(connection, id);
      if (connection.session.relayedSite !== undefined)
        this.#sendRoster(connection.socket, connection.session.relayedSite);
    } else this.#relayed.set(id, connection);
    listener.presence(id, true);
  }

  /** A half-open socket of the same boot is ordinary. */
  #replaceSameBoot(connection: Connection, id: string): void {
    const known = this.#live.get(id) ?? new Set<Connection>();
    this.#live.set(id, known);
    for (const older of known) {
      if (older.session.bootId !== connection.session.bootId) continue;
      known.delete(older);
      this.#turnOut(older.socket, 'normal', `workstation ${id} came again`);
      for (const [member, boot] of older.session.members()) this.#memberLeft(older, member, boot);
    }
    known.add(connection);
    this.#parts.counters.connections(this.#live.size);
  }

  #left(connection: Connection, code: number): void {
    const { workstationId: id, bootId } = connection.session;
    const connections = id === undefined ? undefined : this.#live.get(id);
    if (id === undefined || bootId === undefined || !connections?.delete(connection)) return;
    if (connections.size === 0) this.#live.delete(id);
    this.#parts.counters.connections(this.#live.size);
    this.#parts.log.info({ workstationId: id, bootId, code }, 'agent left');
    this.#absent(id, bootId);
    for (const [member, boot] of connection.session.members())
      this.#memberLeft(connection, member, boot);
  }

  #memberLeft(connection: Connection, id: string, bootId: string): void {
    if (this.#relayed.get(id) !== connection) return;
    this.#relayed.delete(id);
    this.#absent(id, bootId);
  }

  /** One way to a boot is gone; it may still be here by another, its relay's or its own. */
  #absent(id: string, bootId: string): void {
    const ways = [...(this.#live.get(id) ?? [])].map(({ session }) => session.bootId);
    const relayed = this.#relayed.get(id)?.session.introductionOf(id)?.bootId;
    if (relayed !== undefined) ways.push(relayed);
    if (!ways.includes(bootId)) this.#attendance.left(id, bootId);
    this.#parts.listener.presence(id, ways.length > 0);
  }

  #taken(connection: Connection, heartbeat: TakenHeartbeat): void {
    const outcome = this.#parts.store(heartbeat);
    const isLive = heartbeat.delivery === 'live';
    this.#parts.counters.heartbeat(outcome, isLive);
    if (outcome === 'durable') {
      const { bootId, seq, relayId, workstationId } = heartbeat;
      const member = relayId === null ? undefined : workstationId;
      sendAck(connection.socket, { bootId, member, sequences: [seq] });
    }
    if (outcome === 'refused') this.#tellToWait(heartbeat, connection);
    // What was stored already was heard already.
    if (outcome === 'durable') return;
    // A refused heartbeat still shows on the board; its agent sends it again later as backlog.
    if (!isLive || this.#isCurrent(heartbeat)) this.#parts.listener.heard(heartbeat);
  }

  #isCurrent({
    workstationId,
    bootId,
    atMs,
    takenAtMs,
    takenMonotonicMs,
  }: TakenHeartbeat): boolean {
    const producedMs = takenMonotonicMs - (takenAtMs - atMs);
    const hearing = this.#attendance.heard(workstationId, bootId, producedMs, takenMonotonicMs);
    switch (hearing.kind) {
      case 'contested':
        return false;
      case 'current':
        // Boots that were here before it are half-open sockets.
        for (const boot of hearing.gone) this.turnAway(workstationId, 'replacedByNewer', boot);
        return true;
      case 'cloned':
        for (const boot of hearing.boots) this.#refuseClone(workstationId, boot);
        return true;
    }
  }

  #refuseClone(id: string, bootId: string): void {
    this.#parts.log.warn({ workstationId: id, bootId }, 'cloned image: the same key on two PCs');
    this.#parts.listener.cloned(id, bootId);
    this.turnAway(id, 'cloned', bootId);
    const relay = this.#relayed.get(id);
    if (!relay) return;
    if (relay.session.introductionOf(id)?.bootId === bootId)
      relay.socket.send(encode({ type: 'error', code: CLONED_ERROR, agentId: id }));
  }

  #tellToWait(heartbeat: TakenHeartbeat, connection: Connection): void {
    if (heartbeat.takenMonotonicMs - connection.refusalToldAtMs < REFUSAL_EVERY_MS) return;
    connection.refusalToldAtMs = heartbeat.takenMonotonicMs;
    const retryAfterMs = this.#parts.storeRetryMs();
    connection.socket.send(encode({ type: 'error', code: 'storeFull', retryAfterMs }));
  }

  #sendRoster(socket: PeerSocket, siteCode: string): void {
    const members = this.#parts.roster(siteCode).slice(0, limits.rosterMembers);
    socket.send(encode({ type: 'roster', members }));
  }

  /** For what the peer itself did, as often as it likes: told now and then, by its address. */
  #refuse(socket: PeerSocket, name: CloseCodeName, detail: string): void {
    const untold = this.#refusals.tell(socket.remote, this.#parts.now().monotonicMs);
    this.#fail(socket, name, untold === undefined ? undefined : { detail, untold });
  }

  #turnOut(socket: PeerSocket, name: CloseCodeName, detail: string): void {
    this.#fail(socket, name, { detail });
  }

  /** `told` undefined: without a line in the log. */
  #fail(socket: PeerSocket, name: CloseCodeName, told: object | undefined): void {
    if (!this.#open.delete(socket)) return;
    const { code, reason } = closeCodes[name];
    const facts = { code, reason, remote: socket.remote };
    if (told) this.#parts.log.warn({ ...facts, ...told }, 'agent socket closed by us');
    socket.close(code, reason);
  }
}

interface BootGroup {
  readonly workstationId: string;
  readonly relayId: string | null;
  readonly bootId: string;
  readonly sequences: number[];
}

function groupByBoot(rows: readonly DurableHeartbeat[]): Iterable<BootGroup> {
  const groups = new Map<string, BootGroup>();
  for (const { workstationId, relayId, bootId, seq } of rows) {
    const key = `${workstationId}${bootId}${relayId ?? ''}`;
    const group = groups.get(key);
    if (group) group.sequences.push(seq);
    else groups.set(key, { workstationId, relayId, bootId, sequences: [seq] });
  }
  return groups.values();
}

function sendAck(
  socket: PeerSocket,
  {
    bootId,
    member,
    sequences,
  }: { bootId: string; member: string | undefined; sequences: number[] },
): void {
  const ranges = rangesOf(sequences);
  for (let from = 0; from < ranges.length; from += limits.ackRanges) {
    const ack: Ack = {
      type: 'ack',
      ...(member !== undefined && { agentId: member }),
      bootId,
      ranges: ranges.slice(from, from + limits.ackRanges),
    };
    socket.send(encode(ack));
  }
}
