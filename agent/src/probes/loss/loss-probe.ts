import { connect } from 'node:net';
import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { LossEstimate } from './loss-estimate.ts';

/** Where handshakes go: the collector, never anybody else. */
export interface LossTarget {
  readonly host: string;
  readonly port: number;
}

/** What a handshake came to. */
type Handshake = 'finished' | 'unanswered' | 'refused';

/** Packet loss on the way to the collector, by TCP handshakes that carry no data. */
export class LossProbe implements Probe {
  readonly name = 'loss';
  readonly family = 'net';
  readonly periodMs = 10_000;
  /** Each look is a connection of its own. */
  readonly quietPeriodMs = 'never';
  readonly deadlineMs = 5_000;
  readonly #target: LossTarget;
  readonly #clock: Clock;
  readonly #estimate = new LossEstimate();

  constructor(target: LossTarget, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    const startMs = this.#clock.monotonicMs();
    const handshake = await shakeHands(this.#target, signal);
    // A collector that is down, or no route at all, is not a lossy line: the link says so.
    if (handshake === 'refused') return { kind: 'failed', reason: 'probeFailed' };
    if (handshake === 'unanswered') this.#estimate.unanswered();
    else this.#estimate.finished(this.#clock.monotonicMs() - startMs);
    const ratio = this.#estimate.ratio();
    return { kind: 'measured', metrics: ratio === undefined ? {} : { 'net.loss.ratio': ratio } };
  }
}

/** Longer than two retries of a handshake, shorter than the probe's own deadline. */
const HANDSHAKE_DEADLINE_MS = 4_000;

function shakeHands(target: LossTarget, signal: AbortSignal): Promise<Handshake> {
  return new Promise((resolve) => {
    const socket = connect({ ...target, signal });
    const finish = (outcome: Handshake): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => finish('unanswered'), HANDSHAKE_DEADLINE_MS);
    socket.once('connect', () => finish('finished'));
    socket.once('error', () => finish('refused'));
  });
}
