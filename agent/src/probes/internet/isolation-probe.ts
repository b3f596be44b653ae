import { isIP } from 'node:net';
import { Type, type Static } from '@ppe-pulse/protocol/schema';
import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { tryInternet } from './iso-internet.ts';

/** A host of the Internet that must not be reachable from a room. */
export const IsolationSchema = Type.Object({
  /** Better an address: in a room without a resolver a name proves nothing. */
  host: Type.String({ minLength: 1, maxLength: 253 }),
  port: Type.Integer({ default: 443, minimum: 1, maximum: 65_535 }),
});
export type IsolationConfig = Static<typeof IsolationSchema>;

const PERIOD_MS = 300_000;
/** The rooms of a region must not knock at once. */
const MAX_WAIT_MS = 20_000;
const DEADLINE_MS = 30_000;

/** One connect attempt now and then; the one active probe of an isolated room. */
export class IsolationProbe implements Probe {
  readonly name = 'isolation';
  readonly family = 'net';
  readonly watches = { subject: 'isolation', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs: number | 'never';
  readonly deadlineMs = DEADLINE_MS;
  readonly #target: IsolationConfig | undefined;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(target: IsolationConfig | undefined, clock: Clock, random: () => number) {
    this.#target = target;
    this.#clock = clock;
    this.#random = random;
    // To ask a resolver is one way too many for a quiet room.
    this.quietPeriodMs = isIP(target?.host ?? '') === 0 ? 'never' : PERIOD_MS;
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    if (!this.#target) return { kind: 'nothing' };
    const target = { ...this.#target, maxWaitMs: MAX_WAIT_MS };
    const outcome = await tryInternet(target, this.#random(), this.#clock, signal);
    if (outcome.kind === 'unknownFailure') return { kind: 'failed', reason: 'probeFailed' };
    const isReachable = outcome.kind === 'reachable';
    return {
      kind: 'measured',
      facts: { subject: 'isolation', facts: { isReachable } },
      metrics: {},
    };
  }
}
