import type { Clock } from '../../platform/clock.ts';
import { connectTcp } from '../portal/tcp-connect.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { CollectorAddress, type AskResolver } from './collector-address.ts';
import { LossEstimate } from './loss-estimate.ts';

/** Where handshakes go: the collector, never anybody else. */
export interface LossTarget {
  readonly host: string;
  readonly port: number;
}

/** Longer than two retries of a handshake; with the look-up of a name shorter than the deadline. */
const HANDSHAKE_DEADLINE_MS = 4_000;

/** Packet loss on the way to the collector, by TCP handshakes that carry no data. */
export class LossProbe implements Probe {
  readonly name = 'loss';
  readonly family = 'net';
  readonly periodMs = 10_000;
  /** Each look is a connection of its own. */
  readonly quietPeriodMs = 'never';
  readonly deadlineMs = 8_000;
  readonly #port: number;
  readonly #clock: Clock;
  readonly #address: CollectorAddress;
  readonly #estimate = new LossEstimate();
  /** The address of the last handshake that came about. */
  #answering: string | undefined;
  #finished = 0;

  constructor(target: LossTarget, clock: Clock, ask?: AskResolver) {
    this.#port = target.port;
    this.#clock = clock;
    this.#address = new CollectorAddress(target.host, clock, ask);
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    const address = await this.#address.current();
    if (address === undefined) return { kind: 'failed', reason: 'dnsFailed' };
    const finishedBefore = this.#finished;
    const target = { address, port: this.#port, deadlineMs: HANDSHAKE_DEADLINE_MS };
    const tcp = await connectTcp(target, this.#clock, signal);
    if (tcp.kind === 'connected') {
      tcp.socket.destroy();
      this.#finished += 1;
      this.#answering = address;
      this.#estimate.finished(tcp.tookMs);
    } else {
      const isSilent = tcp.code === 'ETIMEDOUT';
      // An address that has never answered is no proof of a lossy line.
      const isLoss = isSilent && address === this.#answering;
      if (isLoss) this.#estimate.unanswered(this.#finished > finishedBefore);
      if (!isLoss || this.#estimate.isCut) {
        this.#address.failed();
        // A collector that is down, or no route at all, is not a lossy line: the link says so.
        return { kind: 'failed', reason: isSilent ? 'noAnswer' : 'probeFailed' };
      }
    }
    const ratio = this.#estimate.ratio();
    return { kind: 'measured', metrics: ratio === undefined ? {} : { 'net.loss.ratio': ratio } };
  }
}
