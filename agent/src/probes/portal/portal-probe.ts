import type { PortalHandshake } from '@ppe-pulse/protocol';
import { Type, type Static } from '@ppe-pulse/protocol/schema';
import type { Clock } from '../../platform/clock.ts';
import { plain } from '../../platform/plain.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { measureHandshake, type HandshakeOutcome } from './handshake.ts';

/** Hosts that must be reachable: the video portal, the portal of exam materials. */
export const PortalsSchema = Type.Array(
  Type.Object({
    host: Type.String({ minLength: 1, maxLength: 253 }),
    port: Type.Integer({ default: 443, minimum: 1, maximum: 65_535 }),
    security: Type.Enum(['tls', 'plain'], { default: 'tls' }),
    /** PEM text of a CA of the portal's own. */
    ca: Type.Optional(Type.String({ maxLength: 20_000 })),
  }),
  { maxItems: 8, default: [] },
);
export type PortalConfig = Static<typeof PortalsSchema>[number];

/** Handshake only, and at most once a minute: a thousand PCs look at one portal. */
const PERIOD_MS = 60_000;
const DEADLINE_MS = 10_000;

/** DNS, TCP and TLS to the configured portals. */
export class PortalProbe implements Probe {
  readonly name = 'portal';
  readonly family = 'net';
  readonly watches = { subject: 'portal', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs = 'never';
  readonly deadlineMs = DEADLINE_MS;
  readonly #now: () => readonly PortalConfig[];
  readonly #clock: Clock;

  /** Which portals there are the plan may change at any time. */
  constructor(portals: () => readonly PortalConfig[], clock: Clock) {
    this.#now = portals;
    this.#clock = clock;
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    const portals = this.#now();
    if (portals.length === 0) return { kind: 'nothing' };
    const outcomes = await Promise.all(
      portals.map((portal) => measureHandshake(portal, this.#clock, signal)),
    );
    const hosts = portals.map((portal, at) => handshakeOf(portal, outcomes[at]));
    const slowest = hosts.reduce((worst, each) =>
      (each.totalMs ?? 0) > (worst.totalMs ?? 0) ? each : worst,
    );
    const days = hosts.flatMap(({ certificateDays }) => certificateDays ?? []);
    return {
      kind: 'measured',
      facts: { subject: 'portal', facts: { hosts } },
      metrics: {
        ...(slowest.totalMs === undefined ? {} : { 'net.portal.ms': slowest.totalMs }),
        ...(days.length === 0 ? {} : { 'net.portal.days': Math.min(...days) }),
        ...stagesOf(outcomes[hosts.indexOf(slowest)]),
      },
    };
  }
}

function handshakeOf({ host }: PortalConfig, outcome?: HandshakeOutcome): PortalHandshake {
  const days =
    outcome?.certificateDays === undefined ? {} : { certificateDays: outcome.certificateDays };
  if (outcome?.kind !== 'measured')
    return { host: plain(host), failure: outcome?.reason ?? 'notMeasured', ...days };
  const totalMs = outcome.dnsMs + outcome.tcpMs + (outcome.tlsMs ?? 0);
  return { host: plain(host), totalMs, ...days };
}

function stagesOf(outcome?: HandshakeOutcome): Record<string, number> {
  if (outcome?.kind !== 'measured') return {};
  return {
    'net.dns.ms': outcome.dnsMs,
    'net.tcp.ms': outcome.tcpMs,
    ...(outcome.tlsMs === undefined ? {} : { 'net.tls.ms': outcome.tlsMs }),
  };
}
