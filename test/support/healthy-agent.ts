import { ok as assert } from 'node:assert/strict';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, enrol, newIdentity } from './agent-peer.ts';
import { until } from './processes.ts';

/** An agent's heartbeats are acked within this whatever others do: a commit is made every second… */
const ACK_WITHIN_MS = 2_000;
/** …but for a few on a machine with other work, and those within this. */
const LATE_ACKS = 0.05;
const WORST_ACK_MS = 5_000;
/** Round trips may be so much longer under attack, by ratio of the medians… */
const MEDIAN_RATIO = 10;
/** …from this floor, under which a ratio of two noises says nothing… */
const MEDIAN_FLOOR_MS = 10;
/** …and none may be longer than this. Other work of the machine is in it. */
const WORST_MS = 3_000;
const CALM_ROUNDS = 20;
const CLOCK_EVERY_MS = 40;
const HEARTBEAT_EVERY_MS = 250;

/** What a stretch of time looked like for the healthy agent. */
export interface Stretch {
  readonly medianMs: number;
  readonly worstMs: number;
  readonly rounds: number;
  /** Acks that came, the share of them that came late, and the slowest. */
  readonly acks: number;
  readonly lateAcks: number;
  readonly worstAckMs: number;
}

/** An agent that behaves, watches how it is served, and fails the test when others are felt. */
export class HealthyAgent {
  readonly peer: AgentPeer;
  readonly #unacked = new Map<number, number>();
  readonly #roundTrips: { readonly atMs: number; readonly tookMs: number }[] = [];
  readonly #acks: { readonly atMs: number; readonly tookMs: number }[] = [];
  #calm: Stretch | undefined;
  #seq = 0;
  #clockId = 0;
  #asked: { readonly id: number; readonly atMs: number } | undefined;
  #timers: NodeJS.Timeout[] = [];

  private constructor(peer: AgentPeer) {
    this.peer = peer;
  }

  /** Joins, and learns what a calm collector is like. */
  static async join(
    collector: Collector,
    scope: (dispose: () => void) => void,
  ): Promise<HealthyAgent> {
    const identity = newIdentity();
    await enrol(collector, identity, '0001');
    const peer = await AgentPeer.connect(collector.url, identity, undefined, scope);
    await peer.shakeHands();
    const agent = new HealthyAgent(peer);
    agent.#timers = [
      setInterval(() => agent.#look(), 5),
      setInterval(() => agent.#askClock(), CLOCK_EVERY_MS),
      setInterval(() => agent.#beat(), HEARTBEAT_EVERY_MS),
    ];
    scope(() => agent.#timers.forEach(clearInterval));
    const sinceMs = performance.now();
    await until(() => agent.#roundTrips.length >= CALM_ROUNDS, 'calm round trips');
    await until(() => agent.peer.acked.size > 0, 'the first ack');
    agent.#calm = agent.#since(sinceMs);
    return agent;
  }

  /** Runs the attack and fails unless this agent went on as if there were none. */
  async goesOn<T>(attack: () => Promise<T>): Promise<T> {
    const sinceMs = performance.now();
    const result = await attack();
    const after = this.#clockId;
    await until(() => this.#clockId > after + 3, 'clock replies after the attack');
    this.#assertServed(this.#since(sinceMs));
    return result;
  }

  /** Waits until everything is acked and fails unless that was in time since it joined. */
  async assertServedAlways(): Promise<Stretch> {
    const last = this.#seq;
    await until(() => this.peer.acked.has(last), `an ack of heartbeat ${last}`);
    const always = this.#since(0);
    this.#assertServed(always);
    assert(always.acks > 0, 'the healthy agent had no ack');
    assert(always.lateAcks <= LATE_ACKS, `late acks: ${JSON.stringify(always)}`);
    return always;
  }

  /** How it is served since a moment of the monotonic clock. */
  #since(fromMs: number): Stretch {
    this.#look();
    const times = this.#roundTrips
      .filter(({ atMs }) => atMs >= fromMs)
      .map(({ tookMs }) => tookMs)
      .sort((a, b) => a - b);
    const acks = this.#acks.filter(({ atMs }) => atMs >= fromMs).map(({ tookMs }) => tookMs);
    // What still waits is as late as it is by now.
    const waiting = Math.min(performance.now(), ...this.#unacked.values());
    return {
      medianMs: times[Math.floor(times.length / 2)] ?? 0,
      worstMs: times.at(-1) ?? 0,
      rounds: times.length,
      acks: acks.length,
      lateAcks: acks.filter((tookMs) => tookMs > ACK_WITHIN_MS).length / Math.max(1, acks.length),
      worstAckMs: Math.max(performance.now() - waiting, ...acks),
    };
  }

  #assertServed(stretch: Stretch): void {
    const calmMs = Math.max(MEDIAN_FLOOR_MS, this.#calm?.medianMs ?? 0);
    const { closeCode } = this.peer;
    const detail = `${JSON.stringify(stretch)}, calm: ${JSON.stringify(this.#calm)}`;
    assert(closeCode === undefined, `the healthy agent was closed with ${closeCode}`);
    assert(stretch.rounds > 0, 'the healthy agent heard nothing');
    assert(stretch.worstMs < WORST_MS, `a slow round trip: ${detail}`);
    assert(stretch.medianMs < calmMs * MEDIAN_RATIO, `slow round trips: ${detail}`);
    assert(stretch.worstAckMs < WORST_ACK_MS, `a slow ack: ${detail}`);
  }

  #beat(): void {
    this.#seq += 1;
    this.#unacked.set(this.#seq, performance.now());
    this.peer.send(this.peer.heartbeat(this.#seq));
  }

  #askClock(): void {
    if (this.#asked) return;
    this.#clockId += 1;
    this.#asked = { id: this.#clockId, atMs: performance.now() };
    this.peer.send({ type: 'clockRequest', id: this.#clockId });
  }

  /** Takes what has come: an ack, a clock reply. */
  #look(): void {
    const nowMs = performance.now();
    for (const [seq, sentMs] of this.#unacked) {
      if (!this.peer.acked.has(seq)) continue;
      this.#unacked.delete(seq);
      this.#acks.push({ atMs: nowMs, tookMs: nowMs - sentMs });
    }
    for (const message of this.peer.received.splice(0)) {
      if (message.type !== 'clockReply' || message.id !== this.#asked?.id) continue;
      this.#roundTrips.push({ atMs: nowMs, tookMs: nowMs - this.#asked.atMs });
      this.#asked = undefined;
    }
  }
}
