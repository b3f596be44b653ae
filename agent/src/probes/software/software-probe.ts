import { setTimeout as pause } from 'node:timers/promises';
import type { SoftwareFacts } from '@ppe-pulse/protocol';
import { idPatterns } from '@ppe-pulse/protocol';
import { Type, type Static } from '@ppe-pulse/protocol/schema';
import { ChildGoneError, type ProbeHost } from '../../child/probe-host.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import type { SoftwareLook, WantedProgram } from './software.ts';

/** Software in `agent.yaml`. */
export const SoftwareSchema = Type.Array(
  Type.Object({
    /** How reports call it: the only name that leaves the PC. */
    name: Type.String({ pattern: idPatterns.plainText, minLength: 1 }),
    /**
     * As the system's list calls it: a package of dpkg or rpm, a title of Windows' «Programs and
     * Features». `*` stands for any text. Missing: the name itself.
     */
    match: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** The oldest version that will do. */
    version: Type.Optional(Type.String({ pattern: '^[0-9]+(\\.[0-9]+){0,5}$' })),
    required: Type.Boolean({ default: true }),
  }),
  { maxItems: 64, default: [] },
);
export type SoftwareConfig = Static<typeof SoftwareSchema>;

/** Programs come and go rarely, and a list is long. */
const PERIOD_MS = 30 * 60_000;
const JOB_DEADLINE_MS = 25_000;
const DEADLINE_MS = 60_000;
/** Another job may have got the child killed: it is back by then. */
const AGAIN_AFTER_MS = 3_000;

/** Programs that the exam needs: which of them are not installed. */
export class SoftwareProbe implements Probe {
  readonly name = 'software';
  readonly family = 'host';
  readonly watches = { subject: 'software', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly deadlineMs = DEADLINE_MS;
  readonly #config: SoftwareConfig;
  readonly #host: ProbeHost;
  readonly #againAfterMs: number;

  constructor(config: SoftwareConfig, host: ProbeHost, againAfterMs = AGAIN_AFTER_MS) {
    this.#config = config;
    this.#host = host;
    this.#againAfterMs = againAfterMs;
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    if (this.#config.length === 0) return { kind: 'nothing' };
    const wanted = this.#config.map(({ name, match, version }): WantedProgram => ({
      match: match ?? name,
      ...(version === undefined ? {} : { version }),
    }));
    const look = await this.#look(wanted, signal);
    if (look.kind === 'failed') return look;
    const facts = softwareFacts(this.#config, look.installed);
    return { kind: 'measured', facts: { subject: 'software', facts }, metrics: {} };
  }

  async #look(wanted: readonly WantedProgram[], signal: AbortSignal): Promise<SoftwareLook> {
    const look = (): Promise<SoftwareLook> => this.#host.run('software', wanted, JOB_DEADLINE_MS);
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof ChildGoneError)) throw error;
      await pause(this.#againAfterMs, undefined, { signal });
      return look();
    }
  }
}

/** What is missing, in the configuration's own words. An answer that is too short proves nothing. */
export function softwareFacts(
  config: SoftwareConfig,
  installed: readonly boolean[],
): SoftwareFacts {
  const missing = config.filter((_, at) => installed[at] !== true);
  return {
    missingRequired: missing.filter((each) => each.required).map(({ name }) => name),
    missingOptional: missing.filter((each) => !each.required).map(({ name }) => name),
    found: config.length - missing.length,
  };
}
