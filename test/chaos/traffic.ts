import type { CheckVerdict, FromAgent, ToAgent, Verdict } from '@ppe-pulse/protocol';

/** Who is at the far end of a link. */
export type Hop = 'collector' | 'relay';

/** A heartbeat that an agent put on the wire. Times are the harness's wall clock. */
export interface SentBeat {
  readonly workstation: string;
  readonly boot: string;
  readonly seq: number;
  readonly delivery: string;
  readonly wallMs: number;
  readonly monotonicMs: number;
  /** Heartbeats that the journal ever dropped, as this one says; undefined when it does not. */
  readonly dropped: number | undefined;
  /** Check → verdict, of live ones only: the others must raise nothing. */
  readonly verdicts: Readonly<Record<string, Verdict>> | undefined;
  readonly connection: number;
  readonly hop: Hop;
  /** When its last byte left the agent. */
  readonly tappedMs: number;
  /** When its last byte was handed to the far end's socket; undefined when it never was. */
  passedMs?: number;
}

/** An ack that the collector or a relay sent. */
export interface SentAck {
  readonly workstation: string;
  readonly boot: string;
  readonly ranges: readonly (readonly [number, number])[];
  readonly connection: number;
  readonly hop: Hop;
  readonly tappedMs: number;
  /** When its last byte was handed to the agent's socket. */
  passedMs?: number;
}

/** One connection of an agent with the collector or its relay. */
export interface SeenConnection {
  readonly link: string;
  readonly hop: Hop;
  readonly openedMs: number;
  workstation?: string;
  boot?: string;
  welcomedMs?: number;
  closedMs?: number;
  /** When the far end had closed its side: what is passed on from then on nobody takes. */
  farClosedMs?: number;
}

/** Called when the last byte of a text was passed on. */
export type Passed = (passedMs: number) => void;

/** Everything that was seen on the wire. It grows with the run: three lines a second. */
export class Traffic {
  readonly beats: SentBeat[] = [];
  readonly acks: SentAck[] = [];
  readonly connections: SeenConnection[] = [];
  /** Frames that could not be read as our protocol: the tap itself is at fault then. */
  unreadFrames = 0;

  connect(link: string, hop: Hop, nowMs: number): number {
    this.connections.push({ link, hop, openedMs: nowMs });
    return this.connections.length - 1;
  }

  closed(connection: number, nowMs: number): void {
    const seen = this.connections[connection];
    if (seen) seen.closedMs ??= nowMs;
  }

  farClosed(connection: number, nowMs: number): void {
    const seen = this.connections[connection];
    if (seen) seen.farClosedMs ??= nowMs;
  }

  /** A text of the agent. Answers what is to be told when its last byte is passed on. */
  fromAgent(text: string, connection: number, nowMs: number): Passed | undefined {
    // What our own two ends say to each other: they check it, the tap only listens.
    const message = this.#read(text) as FromAgent | undefined;
    const seen = this.connections[connection];
    if (!message || !seen) return undefined;
    if (message.type === 'hello') {
      seen.workstation = message.agentId;
      seen.boot = message.bootId;
    }
    if (message.type !== 'heartbeat') return undefined;
    const beat: SentBeat = {
      // A relay names the member that it speaks for.
      workstation: message.agentId ?? seen.workstation ?? '',
      boot: message.bootId,
      seq: message.seq,
      delivery: message.delivery,
      wallMs: message.wallMs,
      monotonicMs: message.monotonicMs,
      dropped: message.journalDropped,
      verdicts: message.delivery === 'live' ? verdictsOf(message.verdicts) : undefined,
      connection,
      hop: seen.hop,
      tappedMs: nowMs,
    };
    this.beats.push(beat);
    return (passedMs) => (beat.passedMs = passedMs);
  }

  /** A text of the collector, likewise. */
  fromCollector(text: string, connection: number, nowMs: number): Passed | undefined {
    const message = this.#read(text) as ToAgent | undefined;
    const seen = this.connections[connection];
    if (!message || !seen) return undefined;
    if (message.type === 'welcome') seen.welcomedMs ??= nowMs;
    if (message.type !== 'ack') return undefined;
    const ack: SentAck = {
      workstation: message.agentId ?? seen.workstation ?? '',
      boot: message.bootId,
      ranges: message.ranges,
      connection,
      hop: seen.hop,
      tappedMs: nowMs,
    };
    this.acks.push(ack);
    return (passedMs) => (ack.passedMs = passedMs);
  }

  #read(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      this.unreadFrames += 1;
      return undefined;
    }
  }
}

function verdictsOf(verdicts: readonly CheckVerdict[]): Record<string, Verdict> {
  return Object.fromEntries(verdicts.map(({ id, verdict }) => [id, verdict]));
}
