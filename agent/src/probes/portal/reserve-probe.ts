import { Type, type Static } from '@ppe-pulse/protocol/schema';
import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { measureHandshake } from './handshake.ts';

/** The second way to the Internet: a host, and the address of the card to leave by. */
export const ReserveSchema = Type.Object({
  host: Type.String({ minLength: 1, maxLength: 253 }),
  port: Type.Integer({ default: 443, minimum: 1, maximum: 65_535 }),
  localAddress: Type.Optional(Type.String({ minLength: 2, maxLength: 45 })),
});
export type ReserveConfig = Static<typeof ReserveSchema>;

const PERIOD_MS = 300_000;
const DEADLINE_MS = 10_000;

/** Does the reserve route answer? A TCP handshake by its own card, every five minutes. */
export class ReserveProbe implements Probe {
  readonly name = 'reserve';
  readonly family = 'net';
  readonly watches = { subject: 'reserveRoute', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs = 'never';
  readonly deadlineMs = DEADLINE_MS;
  readonly #reserve: ReserveConfig | undefined;
  readonly #clock: Clock;
  #answeredAtMs: number | undefined;

  constructor(reserve: ReserveConfig | undefined, clock: Clock) {
    this.#reserve = reserve;
    this.#clock = clock;
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    if (!this.#reserve) return { kind: 'nothing' };
    const target = { ...this.#reserve, security: 'plain' } as const;
    const outcome = await measureHandshake(target, this.#clock, signal);
    const nowMs = this.#clock.monotonicMs();
    const isAlive = outcome.kind === 'measured';
    if (isAlive) this.#answeredAtMs = nowMs;
    const answered =
      this.#answeredAtMs === undefined ? {} : { answeredAgeMs: nowMs - this.#answeredAtMs };
    return {
      kind: 'measured',
      facts: {
        subject: 'reserveRoute',
        facts: { isAlive, ...answered, ...(isAlive ? {} : { failure: outcome.reason }) },
      },
      metrics: isAlive ? { 'net.reserve.ms': outcome.dnsMs + outcome.tcpMs } : {},
    };
  }
}
