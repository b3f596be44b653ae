import { ConfigError } from '../../config-error.ts';
import type { ProbeHost } from '../../child/probe-host.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { localZone, processZone, type ZoneLook } from './local-zone.ts';
import { isZone, offsetOfZone } from './named-zone.ts';

const PERIOD_MS = 60_000;
const DEADLINE_MS = 8_000;
const JOB_DEADLINE_MS = 5_000;

/** What the zone probe works with. */
export interface ZoneParts {
  readonly clock: Clock;
  readonly host: ProbeHost;
  /** Linux' own zone, elsewhere in tests. */
  readonly localZone?: string;
}

/**
 * The PC's time zone against the one of its ППЭ, by the time that both have now. Which zone that is
 * only the configuration can say: without it there is nothing to judge by.
 */
export class ZoneProbe implements Probe {
  readonly name = 'zone';
  readonly family = 'host';
  readonly watches = { subject: 'zone', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly deadlineMs = DEADLINE_MS;
  readonly #expected: string | undefined;
  readonly #parts: ZoneParts;

  /** Throws a `ConfigError` for a name that is no zone. */
  constructor(expected: string | undefined, parts: ZoneParts) {
    if (expected !== undefined && !isZone(expected))
      throw new ConfigError(`timeZone "${expected}" is not a zone such as Asia/Novokuznetsk`);
    this.#expected = expected;
    this.#parts = parts;
  }

  async measure(): Promise<ProbeOutcome> {
    if (this.#expected === undefined) return { kind: 'nothing' };
    const nowMs = this.#parts.clock.wallMs();
    const expectedOffsetMinutes = offsetOfZone(this.#expected, nowMs);
    const own = await this.#look(nowMs);
    if (!own || expectedOffsetMinutes === undefined)
      return { kind: 'failed', reason: 'notSupported' };
    return {
      kind: 'measured',
      facts: {
        subject: 'zone',
        facts: { ...own, expectedZone: this.#expected, expectedOffsetMinutes },
      },
      metrics: {},
    };
  }

  async #look(nowMs: number): Promise<ZoneLook | undefined> {
    if (process.platform === 'linux') return localZone(nowMs, this.#parts.localZone);
    const own = processZone(nowMs);
    if (process.platform !== 'win32') return own;
    const offsetMinutes = await this.#parts.host.run('zone', null, JOB_DEADLINE_MS);
    return offsetMinutes === undefined ? undefined : { ...own, offsetMinutes };
  }
}
