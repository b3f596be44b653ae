import type { Clock } from '../../platform/clock.ts';
import type { NicCounters } from '../../platform/nic-table.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';

/** Traffic of the PC between two readings. */
export interface NicRates {
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
  readonly errorsPerSecond: number;
}

/**
 * Rates over the interfaces that stand in both readings. A counter that went back (driver restart,
 * 32-bit overflow) makes its interface count as silent once rather than as a flood.
 */
export function nicRates(
  before: readonly NicCounters[],
  after: readonly NicCounters[],
  passedMs: number,
): NicRates | undefined {
  if (passedMs <= 0) return undefined;
  let received = 0;
  let sent = 0;
  let errors = 0;
  for (const now of after) {
    const then = before.find((each) => each.name === now.name);
    if (!then) continue;
    received += Math.max(0, now.receivedBytes - then.receivedBytes);
    sent += Math.max(0, now.sentBytes - then.sentBytes);
    errors += Math.max(0, now.errors - then.errors);
  }
  const perSecond = 1_000 / passedMs;
  return {
    receivedBytesPerSecond: received * perSecond,
    sentBytesPerSecond: sent * perSecond,
    errorsPerSecond: errors * perSecond,
  };
}

/** What the network cards carry: real traffic says more about a line than any test. */
export class NicProbe implements Probe {
  readonly name = 'nic';
  readonly family = 'net';
  readonly periodMs = 5_000;
  readonly deadlineMs = 4_000;
  readonly #read: () => Promise<readonly NicCounters[]>;
  readonly #clock: Clock;
  #before: { readonly counters: readonly NicCounters[]; readonly atMs: number } | undefined;
  #rates: NicRates | undefined;

  constructor(read: () => Promise<readonly NicCounters[]>, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  /** The newest rates, undefined before the second reading. */
  get rates(): NicRates | undefined {
    return this.#rates;
  }

  async measure(): Promise<ProbeOutcome> {
    const counters = await this.#read();
    const atMs = this.#clock.monotonicMs();
    const before = this.#before;
    this.#before = { counters, atMs };
    if (counters.length === 0) return { kind: 'nothing' };
    this.#rates = before && nicRates(before.counters, counters, atMs - before.atMs);
    if (!this.#rates) return { kind: 'measured', metrics: {} };
    return {
      kind: 'measured',
      metrics: {
        'net.rx.bytesPerSecond': this.#rates.receivedBytesPerSecond,
        'net.tx.bytesPerSecond': this.#rates.sentBytesPerSecond,
        'net.errors.perSecond': this.#rates.errorsPerSecond,
      },
    };
  }
}
