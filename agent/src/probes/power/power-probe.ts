import { Type, type Static } from '@ppe-pulse/protocol/schema';
import type { ProbeHost } from '../../child/probe-host.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { askUps } from './nut-client.ts';
import type { PowerLook } from './power-look.ts';
import { lookAtSupplies } from './power-supplies.ts';

/** Power in `agent.yaml`. */
export const PowerSchema = Type.Object(
  {
    /** The UPS by NUT's upsd. Missing: the batteries that the system itself knows. */
    nut: Type.Optional(
      Type.Object({
        host: Type.String({ minLength: 1, maxLength: 253, default: '127.0.0.1' }),
        port: Type.Integer({ minimum: 1, maximum: 65_535, default: 3_493 }),
        /** As upsd names it; may be missing where there is only one. */
        ups: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,60}$' })),
      }),
    ),
  },
  { default: {} },
);
export type PowerConfig = Static<typeof PowerSchema>;

const PERIOD_MS = 10_000;
const DEADLINE_MS = 8_000;
const JOB_DEADLINE_MS = 5_000;
const LOOPBACK = /^(127\..+|localhost|::1)$/;

/** What the power probe works with. */
export interface PowerParts {
  readonly host: ProbeHost;
  /** Where Linux lists its supplies, elsewhere in tests. */
  readonly supplies?: string;
}

/** Mains, batteries and the UPS. */
export class PowerProbe implements Probe {
  readonly name = 'power';
  readonly family = 'host';
  readonly watches = { subject: 'power', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs: number | 'never';
  readonly deadlineMs = DEADLINE_MS;
  readonly #config: PowerConfig;
  readonly #parts: PowerParts;

  constructor(config: PowerConfig, parts: PowerParts) {
    this.#config = config;
    this.#parts = parts;
    // A quiet room opens no way to another PC.
    const isHere = config.nut === undefined || LOOPBACK.test(config.nut.host);
    this.quietPeriodMs = isHere ? PERIOD_MS : 'never';
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    const look = await this.#look(signal);
    if (look.kind !== 'seen') return look;
    const { chargeRatio, runtimeMs } = look.facts;
    return {
      kind: 'measured',
      facts: { subject: 'power', facts: look.facts },
      metrics: {
        ...(chargeRatio === undefined ? {} : { 'pc.battery.ratio': chargeRatio }),
        ...(runtimeMs === undefined ? {} : { 'pc.battery.seconds': runtimeMs / 1_000 }),
      },
    };
  }

  #look(signal: AbortSignal): Promise<PowerLook> {
    // A UPS that somebody named is the one that counts, whatever else the PC has.
    const { nut } = this.#config;
    if (nut) return askUps(nut, signal);
    if (process.platform === 'win32') return this.#parts.host.run('power', null, JOB_DEADLINE_MS);
    return lookAtSupplies(this.#parts.supplies);
  }
}
