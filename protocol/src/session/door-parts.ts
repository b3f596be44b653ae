import type { TakenHeartbeat } from '../fleet/taken-heartbeat.ts';
import type {
  EmProgress,
  FromAgent,
  Goodbye,
  Roster,
  SlotResult,
  UpdatePart,
  UpdateStateMessage,
} from '../messages/agent.ts';
import type { Timers } from '../timers.ts';
import type { AcceptContext } from './accept.ts';
import type { Moment } from './clock-mapping.ts';

/** A socket that carries text frames only, whatever is under it. */
export interface PeerSocket {
  /** Peer's address for logs. */
  readonly remote: string;
  /** Binds a handshake to the connection under the socket; empty without TLS. */
  readonly channel: string;
  onText(handle: (text: string) => void): void;
  onClose(handle: (code: number) => void): void;
  /** Sends text; a frame for a socket that is closing is dropped. */
  send(text: string): void;
  close(code: number, reason: string): void;
  /** The peer has shown who it is: it no longer counts among strangers. */
  proven(): void;
}

/** What becomes of a heartbeat that was taken. */
export type Storage = (heartbeat: TakenHeartbeat) => 'pending' | 'durable' | 'refused';

/** What a door counts. */
export interface DoorCounters {
  frame(characters: number): void;
  heartbeat(outcome: 'pending' | 'durable' | 'refused', isLive: boolean): void;
  connections(count: number): void;
  /** A frame was refused with an error and without a close. */
  refused(code: string): void;
}

/** Structured lines, as pino takes them. */
export interface DoorLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** Who hands updates out to those behind a door. */
export interface DoorUpdates {
  /**
   * The part of an update that begins at `offset`; `later` when it is sent by itself, as the line
   * bears it; undefined when there is none for this workstation.
   */
  read(version: string, offset: number, workstationId: string): UpdatePart | 'later' | undefined;
  /** A workstation, or its relay for it, says how an update stands. */
  told(workstationId: string, state: UpdateStateMessage): void;
}

/** What a door tells the rest. */
export interface DoorListener {
  /** Missing where no updates are handed out. */
  readonly updates?: DoorUpdates | undefined;
  /** A live heartbeat of the workstation, or one that came late; not those of a contested boot. */
  heard(heartbeat: TakenHeartbeat): void;
  saidGoodbye(workstationId: string, goodbye: Goodbye): void;
  /** An id is alive with two boots; `bootId` is the newer, which was turned away. */
  cloned(workstationId: string, bootId: string | null): void;
  slotReturned(workstationId: string, result: SlotResult): void;
  emProgress(workstationId: string, progress: EmProgress): void;
  /** A workstation's connection came or went; a relay's members count each. */
  presence(workstationId: string, isHere: boolean): void;
}

/** What a door works with. */
export interface DoorParts {
  readonly accept: AcceptContext;
  readonly decode: (text: string) => FromAgent;
  readonly timers: Timers;
  readonly log: DoorLog;
  readonly counters: DoorCounters;
  readonly listener: DoorListener;
  readonly intervalMs: number;
  readonly backlogPerSecond: number;
  readonly now: () => Moment;
  /** The listener's wall clock by its best knowledge. */
  readonly timeMs: () => number;
  readonly store: Storage;
  /** How long agents wait when the store takes nothing. */
  readonly storeRetryMs: () => number;
  /** The workstations of a ППЭ for its relay; a relay has none to give. */
  readonly roster: (siteCode: string) => Roster['members'];
}

/** A heartbeat that became durable, and the way it came. */
export interface DurableHeartbeat {
  readonly workstationId: string;
  readonly bootId: string;
  readonly seq: number;
  readonly relayId: string | null;
}
