import { runCommand, type CommandOutcome } from '../../child/run-command.ts';
import { LevelMeter, type SoundLevel } from './level-meter.ts';
import { parseDevicesJson, parseDevicesText, parseInfoJson, parseInfoText } from './pactl.ts';
import {
  directionOf,
  microphoneOf,
  type SoundDevice,
  type SoundDirection,
} from './sound-devices.ts';

/** The sound server of the person at the PC: PulseAudio, or PipeWire in its place. */
export interface SoundServer {
  /** `unix:/run/user/1000/pulse/native`. Always given: without one, the tools would start a server. */
  readonly address: string;
  /** Where the server's key is, when it is another user's. */
  readonly cookiePath?: string;
}

/** Both directions, or why they are not known. */
export type SoundLook =
  | { readonly kind: 'seen'; readonly outputs: SoundDirection; readonly inputs: SoundDirection }
  | { readonly kind: 'failed'; readonly reason: SoundFailure };

/** `notSupported`: the tools are not installed. */
export type SoundFailure = 'noServer' | 'notSupported' | 'badAnswer';

/** What the microphone heard. */
export type ListenOutcome =
  | { readonly kind: 'level'; readonly level: SoundLevel; readonly samples: number }
  /** Nothing but zeros, or a device that gave no samples: muted, suspended, or broken. */
  | { readonly kind: 'silent'; readonly samples: number }
  | { readonly kind: 'noDevice' }
  | { readonly kind: 'failed'; readonly reason: SoundFailure };

const PACTL_DEADLINE_MS = 3_000;
const MAX_LIST_BYTES = 1024 * 1024;
/** Telephone quality is enough for a level. */
const SAMPLES_PER_SECOND = 16_000;
const LISTEN_MS = 1_500;
const BYTES_PER_SAMPLE = 2;
/** Connecting takes 0.1 s; what has not begun by then does not begin. */
const LISTEN_DEADLINE_MS = LISTEN_MS + 1_500;
const LATENCY_MS = 50;
const UNKNOWN_OPTION = /invalid option|unrecognized option|unknown option/i;

/** Counts the devices. Never rejects; ends within 9 s. */
export async function lookAtSound(server: SoundServer, signal?: AbortSignal): Promise<SoundLook> {
  const info = await ask(server, ['info'], infoParsers, signal);
  if (info.kind === 'failed') return info;
  const sinks = await ask(server, ['list', 'sinks'], deviceParsers, signal);
  if (sinks.kind === 'failed') return sinks;
  const sources = await ask(server, ['list', 'sources'], deviceParsers, signal);
  if (sources.kind === 'failed') return sources;
  return {
    kind: 'seen',
    outputs: directionOf(sinks.value, info.value.sink),
    inputs: directionOf(sources.value, info.value.source),
  };
}

/**
 * Listens to the default microphone for 1.5 s, on demand only: a device may be one program's at a
 * time. The sound passes through and is not kept. Never rejects; ends within 9 s.
 */
export async function listen(server: SoundServer, signal?: AbortSignal): Promise<ListenOutcome> {
  const info = await ask(server, ['info'], infoParsers, signal);
  if (info.kind === 'failed') return info;
  const sources = await ask(server, ['list', 'sources'], deviceParsers, signal);
  if (sources.kind === 'failed') return sources;
  // With no microphone the server's default is the monitor of an output: it would hear itself.
  const name = microphoneOf(sources.value, info.value.source);
  return name === undefined ? { kind: 'noDevice' } : listenTo(server, name, signal);
}

/** Listens to one source by its name in the server. */
export async function listenTo(
  server: SoundServer,
  name: string,
  signal?: AbortSignal,
): Promise<ListenOutcome> {
  const meter = new LevelMeter();
  const outcome = await runCommand({
    program: 'parec',
    args: [
      '--verbose',
      '--raw',
      '--format=s16le',
      '--channels=1',
      `--rate=${SAMPLES_PER_SECOND}`,
      `--latency-msec=${LATENCY_MS}`,
      `--device=${name}`,
    ],
    env: serverEnv(server),
    deadlineMs: LISTEN_DEADLINE_MS,
    output: {
      kind: 'passed',
      // Recording never ends by itself: the last byte that is wanted ends it.
      maxBytes: (SAMPLES_PER_SECOND * BYTES_PER_SAMPLE * LISTEN_MS) / 1_000,
      onChunk: (chunk) => meter.take(chunk),
    },
    ...(signal ? { signal } : {}),
  });
  const { samples } = meter;
  const level = meter.level();
  if (level) return { kind: 'level', level, samples };
  return samples > 0 ? { kind: 'silent', samples } : withoutSamples(outcome);
}

/** What a recorder that gave no sample had said. */
export function withoutSamples(outcome: CommandOutcome): ListenOutcome {
  if (outcome.kind === 'notFound') return { kind: 'failed', reason: 'notSupported' };
  if (outcome.kind === 'tooMuch') return { kind: 'silent', samples: 0 };
  const { stderr } = outcome;
  if (stderr.includes('No such entity')) return { kind: 'noDevice' };
  // A server that hangs lets programs connect and then says nothing.
  const isOpen = outcome.kind === 'deadline' && stderr.includes('Stream successfully created');
  return isOpen ? { kind: 'silent', samples: 0 } : { kind: 'failed', reason: 'noServer' };
}

/** Readers of one answer in the two forms that it may have. */
interface Parsers<T> {
  readonly json: (text: string) => T | undefined;
  readonly text: (text: string) => T | undefined;
}
const infoParsers = { json: parseInfoJson, text: parseInfoText };
const deviceParsers: Parsers<SoundDevice[]> = { json: parseDevicesJson, text: parseDevicesText };

type Answer<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failed'; readonly reason: SoundFailure };

/** Asks in JSON; a pactl before 16.0 (Astra 1.7, ALT 10) does not know that and is asked again. */
async function ask<T>(
  server: SoundServer,
  question: readonly string[],
  parsers: Parsers<T>,
  signal: AbortSignal | undefined,
): Promise<Answer<T>> {
  const inJson = await pactl(server, ['-f', 'json', ...question], signal);
  const isOld = inJson.kind === 'ended' && inJson.code !== 0 && UNKNOWN_OPTION.test(inJson.stderr);
  const outcome = isOld ? await pactl(server, question, signal) : inJson;
  switch (outcome.kind) {
    case 'notFound':
      return { kind: 'failed', reason: 'notSupported' };
    case 'deadline':
      return { kind: 'failed', reason: 'noServer' };
    case 'tooMuch':
      return { kind: 'failed', reason: 'badAnswer' };
    case 'ended': {
      if (outcome.code !== 0) return { kind: 'failed', reason: 'noServer' };
      const value = (isOld ? parsers.text : parsers.json)(outcome.stdout);
      return value ? { kind: 'value', value } : { kind: 'failed', reason: 'badAnswer' };
    }
  }
}

function pactl(
  server: SoundServer,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<CommandOutcome> {
  return runCommand({
    program: 'pactl',
    args,
    env: serverEnv(server),
    deadlineMs: PACTL_DEADLINE_MS,
    output: { kind: 'kept', maxBytes: MAX_LIST_BYTES },
    ...(signal ? { signal } : {}),
  });
}

/**
 * An address of its own keeps the tools from starting a server; a home that is no folder keeps them
 * from writing a key into that of the agent's user.
 */
function serverEnv({ address, cookiePath }: SoundServer): Record<string, string> {
  return {
    PULSE_SERVER: address,
    HOME: '/dev/null',
    ...(cookiePath === undefined ? {} : { PULSE_COOKIE: cookiePath }),
  };
}
