import { runCommand, type CommandOutcome } from '../../child/run-command.ts';
import { LevelMeter, type SoundLevel } from './level-meter.ts';
import type { SoundFailure, SoundServer } from './pulse-server.ts';
import { microphoneOf } from './sound-devices.ts';
import { askForDevices } from './sound-look.ts';

/** What the microphone heard. */
export type ListenOutcome =
  | { readonly kind: 'level'; readonly level: SoundLevel; readonly samples: number }
  /** Nothing but zeros, or a device that gave no samples: muted, suspended, or broken. */
  | { readonly kind: 'silent'; readonly samples: number }
  | { readonly kind: 'noDevice' }
  | { readonly kind: 'failed'; readonly reason: SoundFailure };

/** Telephone quality is enough for a level. */
const SAMPLES_PER_SECOND = 16_000;
const LISTEN_MS = 1_500;
const BYTES_PER_SAMPLE = 2;
/** Connecting takes 0.1 s; what has not begun by then does not begin. */
const LISTEN_DEADLINE_MS = LISTEN_MS + 1_500;
const LATENCY_MS = 50;

/**
 * Listens to the default microphone for 1.5 s, on demand only: a device may be one program's at a
 * time. The sound passes through and is not kept. Never rejects; ends within 6 s.
 */
export async function listen(server: SoundServer, signal?: AbortSignal): Promise<ListenOutcome> {
  const told = await askForDevices(server, signal);
  if (told.kind === 'failed') return told;
  // With no microphone the server's default is the monitor of an output: it would hear itself.
  const name = microphoneOf(told.sources, told.defaults.source);
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
