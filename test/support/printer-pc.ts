import { onTestFinished } from 'vitest';
import type { Verdict } from '@ppe-pulse/protocol';
import { AgentPeer, newIdentity } from './agent-peer.ts';

/** The shortest period that a collector takes; give it to the collector, too. */
export const BEAT_MS = 1_000;

/** A workstation with a printer, heard once a second by one collector after another. */
export class PrinterPc {
  /** Of the printer, from the next heartbeat on. */
  verdict: Verdict;
  readonly identity = newIdentity();
  #peer: AgentPeer | undefined;
  #seq = 0;

  /** Goes with the test. */
  constructor(verdict: Verdict = 'ok') {
    this.verdict = verdict;
    const timer = setInterval(() => this.#beat(), BEAT_MS);
    onTestFinished(() => clearInterval(timer));
  }

  /** Boots, and comes to a collector that knows it. */
  async join(url: string): Promise<void> {
    this.#peer = undefined;
    const peer = await AgentPeer.join(url, this.identity);
    this.#seq = 0;
    this.#peer = peer;
    this.#beat();
  }

  /** Its line is cut: no goodbye. */
  leave(): void {
    this.#peer?.leave();
    this.#peer = undefined;
  }

  #beat(): void {
    if (!this.#peer || this.#peer.closeCode !== undefined) return;
    const reason = this.verdict === 'ok' ? 'ok' : 'printerJam';
    const check = { id: 'printer.state', verdict: this.verdict, reason, evidence: {}, ageMs: 0 };
    this.#seq += 1;
    this.#peer.send(this.#peer.heartbeat(this.#seq, { verdicts: [check] }));
  }
}
