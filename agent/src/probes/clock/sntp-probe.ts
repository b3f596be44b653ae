import { Type, type Static } from '@ppe-pulse/protocol/schema';
import type { Reason } from '@ppe-pulse/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { measureSntp, type SntpFailure } from './sntp.ts';

/** A time server of the region's own network. */
export const SntpSchema = Type.Object({
  host: Type.String({ minLength: 1, maxLength: 253 }),
  port: Type.Integer({ default: 123, minimum: 1, maximum: 65_535 }),
});
export type SntpConfig = Static<typeof SntpSchema>;

const PERIOD_MS = 60_000;
const DEADLINE_MS = 8_000;
const SAMPLES = 4;

/** Answers that are no time: all the same to the one who reads the verdict. */
const reasonOf = (failure: SntpFailure): Reason =>
  failure === 'notOurs' || failure === 'kissOfDeath' || failure === 'notSynchronised'
    ? 'badAnswer'
    : failure;

/** The PC's clock by a time server, while the collector's clock cannot be asked. */
export class SntpProbe implements Probe {
  readonly name = 'sntp';
  readonly family = 'host';
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs = 'never';
  readonly deadlineMs = DEADLINE_MS;
  readonly #target: SntpConfig | undefined;
  readonly #clock: Clock;
  readonly #isNeeded: () => boolean;

  constructor(target: SntpConfig | undefined, clock: Clock, isNeeded: () => boolean) {
    this.#target = target;
    this.#clock = clock;
    this.#isNeeded = isNeeded;
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    if (!this.#target || !this.#isNeeded()) return { kind: 'nothing' };
    const target = { ...this.#target, samples: SAMPLES };
    const outcome = await measureSntp(target, this.#clock, signal);
    if (outcome.kind === 'failed') return { kind: 'failed', reason: reasonOf(outcome.reason) };
    return {
      kind: 'measured',
      metrics: { 'clock.skew.ms': outcome.skewMs, 'clock.bound.ms': outcome.boundMs },
    };
  }
}
