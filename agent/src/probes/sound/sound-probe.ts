import { Type, type Static } from '@ppe-pulse/protocol/schema';
import type { AudioFacts } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../../child/probe-host.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DeviceTest } from '../device-tests.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { alsaSound, type SoundCards } from './alsa-cards.ts';
import { lookAtSound, type SoundLook } from './sound-look.ts';

/** Sound in `agent.yaml`. */
export const SoundSchema = Type.Object({
  /** Where the person's sound server listens; missing: sound cards as the kernel lists them. */
  server: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  cookiePath: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
});
export type SoundConfig = Static<typeof SoundSchema>;

const PERIOD_MS = 60_000;
const DEADLINE_MS = 6_000;
/** A sound server of another PC: a quiet room opens no way to it. */
const REMOTE = /^tcp:(?!(?:127\.[\d.]+|localhost|\[::1\])(?::|$))/;
/** Drivers of sound have been seen to hang. */
const WINDOWS_DEADLINE_MS = 5_000;

/** What the sound probe works with. */
export interface SoundParts {
  readonly clock: Clock;
  readonly host: ProbeHost;
  readonly lastTest: () => DeviceTest | undefined;
}

/** Sound devices of the PC: how many, and whether they are muted. */
export class SoundProbe implements Probe {
  readonly name = 'sound';
  readonly family = 'audio';
  readonly watches = { subject: 'audio', device: 1 } as const;
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs: number | 'never';
  readonly deadlineMs = DEADLINE_MS;
  readonly #sound: SoundConfig | undefined;
  readonly #parts: SoundParts;

  constructor(sound: SoundConfig | undefined, parts: SoundParts) {
    this.#sound = sound;
    this.quietPeriodMs = REMOTE.test(sound?.server ?? '') ? 'never' : PERIOD_MS;
    this.#parts = parts;
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    if (process.platform === 'win32') return this.#measured(await this.#countInWindows());
    const cards = alsaSound();
    const server = await this.#askServer(signal);
    const seen = server?.kind === 'seen' ? server : cards;
    if (server?.kind === 'failed' && !cards)
      return { kind: 'failed', reason: server.reason === 'noServer' ? 'noAnswer' : server.reason };
    return seen ? this.#measured(seen) : { kind: 'nothing' };
  }

  async #countInWindows(): Promise<SoundCards> {
    const { outputs, inputs } = await this.#parts.host.run(
      'soundCounts',
      null,
      WINDOWS_DEADLINE_MS,
    );
    // Windows leaves an empty socket out of the count.
    return { outputs: { count: outputs, unplugged: 0 }, inputs: { count: inputs, unplugged: 0 } };
  }

  #measured(seen: SoundCards): ProbeOutcome {
    const facts = this.#facts(seen);
    const { level } = facts;
    return {
      kind: 'measured',
      facts: { subject: 'audio', facts },
      metrics: {
        'audio.outputs.count': facts.outputs,
        'audio.inputs.count': facts.inputs,
        ...(level ? { 'audio.level.decibels': level.decibels } : {}),
      },
    };
  }

  #facts({ outputs, inputs }: SoundCards) {
    const test = this.#parts.lastTest();
    const facts: AudioFacts = {
      outputs: outputs.count,
      inputs: inputs.count,
      ...(outputs.isMuted === undefined ? {} : { isOutputMuted: outputs.isMuted }),
      ...(inputs.isMuted === undefined ? {} : { isInputMuted: inputs.isMuted }),
      ...(test?.decibels === undefined
        ? {}
        : {
            level: {
              decibels: test.decibels,
              ageMs: Math.max(0, this.#parts.clock.wallMs() - test.atMs),
            },
          }),
    };
    return facts;
  }

  async #askServer(signal: AbortSignal): Promise<SoundLook | undefined> {
    const { server: address, cookiePath } = this.#sound ?? {};
    if (address === undefined) return undefined;
    return lookAtSound({ address, ...(cookiePath === undefined ? {} : { cookiePath }) }, signal);
  }
}
