import { ok as assert } from 'node:assert/strict';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, enrol, newIdentity } from './agent-peer.ts';
import { until } from './processes.ts';

/** An agent's heartbeat is acked within this whatever others do. */
const ACK_WITHIN_MS = 2_000;
/** Round trips may be so much longer under attack, by ratio of the medians… */
const MEDIAN_RATIO = 10;
/** …from this floor, under which a ratio of two noises says nothing… */
const MEDIAN_FLOOR_MS = 5;
/** …and none may be longer than this. Other work of the machine is in it. */
const WORST_MS = 1_500;
const CALM_ROUNDS = 20;
const CLOCK_EVERY_MS = 40;
const HEARTBEAT_EVERY_MS = 250;

/** What a stretch of time looked like for the healthy agent. */
export interface Stretch {
  readonly medianMs: number;
  readonly worstMs: number;
  readonly rounds: number;
}

/** An agent that behaves, watches how it is served, and fails the test when others are felt. */
export class HealthyAgent {
  readonly peer: AgentPeer;
  readonly #unacked = new Map<number, number>();
  readonly #roundTrips: { readonly atMs: number; readonly tookMs: number }[] = [];
  #slowestAckMs = 0;
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
    await until(() => this.#clockId > after + 1, 'clock replies after the attack');
    this.#assertServed(this.#since(sinceMs));
    return result;
  }

  /** Waits until everything is acked and tells the slowest ack of all. */
  async slowestAckMs(): Promise<number> {
    const last = this.#seq;
    await until(() => this.peer.acked.has(last), `an ack of heartbeat ${last}`);
    this.#look();
    return this.#slowestAckMs;
  }

  /** How it is served since a moment of the monotonic clock. */
  #since(fromMs: number): Stretch {
    const times = this.#roundTrips
      .filter(({ atMs }) => atMs >= fromMs)
      .map(({ tookMs }) => tookMs)
      .sort((a, b) => a - b);
    return {
      medianMs: times[Math.floor(times.length / 2)] ?? 0,
      worstMs: times.at(-1) ?? 0,
      rounds: times.length,
    };
  }

  #assertServed({ medianMs, worstMs, rounds }: Stretch): void {
    this.#look();
    const calmMs = Math.max(MEDIAN_FLOOR_MS, this.#calm?.medianMs ?? 0);
    const waitsMs = performance.now() - Math.min(...this.#unacked.values());
    const { closeCode } = this.peer;
    assert(closeCode === undefined, `the healthy agent was closed with ${closeCode}`);
    assert(rounds > 0, 'the healthy agent heard nothing');
    assert(worstMs < WORST_MS, `a round trip took ${worstMs} ms`);
    assert(medianMs < calmMs * MEDIAN_RATIO, `round trips took ${medianMs} ms, before ${calmMs}`);
    assert(waitsMs < ACK_WITHIN_MS, `a heartbeat waits for ${waitsMs} ms`);
    assert(this.#slowestAckMs < ACK_WITHIN_MS, `an ack took ${this.#slowestAckMs} ms`);
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
      this.#slowestAckMs = Math.max(this.#slowestAckMs, nowMs - sentMs);
    }
    for (const message of this.peer.received.splice(0)) {
      if (message.type !== 'clockReply' || message.id !== this.#asked?.id) continue;
      this.#roundTrips.push({ atMs: nowMs, tookMs: nowMs - this.#asked.atMs });
      this.#asked = undefined;
    }
  }
}
