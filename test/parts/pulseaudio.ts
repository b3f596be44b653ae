import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import { until } from '../support/processes.ts';
import { hasPart } from '../support/has-part.ts';

/** A private sound server without hardware. */
export interface PulseAudio {
  /** What `PULSE_SERVER` takes. */
  readonly address: string;
  /** Runs the real `pactl` against it. */
  pactl(...args: readonly string[]): Promise<string>;
  signal(signal: NodeJS.Signals): void;
}

/** Loads at start: `module-null-sink sink_name=speakers`. */
export type PulseModule = string;

/** A playing device that swallows what it plays, and its monitor. */
export const speakers: PulseModule = 'module-null-sink sink_name=speakers';
/** A microphone that hears a sine of half the full scale: −6 dB peak, −9 dB power. */
export const microphone: PulseModule = 'module-sine-source source_name=microphone frequency=440';

/** True when PulseAudio is installed. In CI its absence is a failure, not a skip. */
export function hasPulseAudio(): boolean {
  const programs = ['/usr/bin/pulseaudio', '/usr/bin/parec'];
  return hasPart(
    programs.every((each) => existsSync(each)),
    'PulseAudio',
  );
}

/**
 * Starts a server with nothing but these modules, in folders of its own, without D-Bus; it ends with
 * the test. Works as root too: PulseAudio only warns.
 */
export async function startPulseAudio(...modules: readonly PulseModule[]): Promise<PulseAudio> {
  const dir = tempDir();
  const socket = join(dir, 'native');
  const native = `module-native-protocol-unix socket=${socket} auth-anonymous=1`;
  const child = spawn(
    'pulseaudio',
    [
      '-n',
      '--daemonize=no',
      '--system=false',
      '--exit-idle-time=-1',
      '--fail=true',
      '--use-pid-file=false',
      '--disable-shm=true',
      '--log-target=stderr',
      ...[native, ...modules].flatMap((module) => ['--load', module]),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        LC_ALL: 'C',
        HOME: dir,
        PULSE_RUNTIME_PATH: dir,
        // No bus of the machine is looked for.
        DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(dir, 'no-bus')}`,
        DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(dir, 'no-bus')}`,
      },
    },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const address = `unix:${socket}`;
  const pactl = async (...args: readonly string[]): Promise<string> => {
    const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', HOME: dir, PULSE_SERVER: address };
    return (await promisify(execFile)('pactl', args, { env, timeout: 5_000 })).stdout;
  };
  await until(() => existsSync(socket) || child.exitCode !== null, 'pulseaudio listens');
  if (child.exitCode !== null) throw new Error(`pulseaudio ended: ${errors}`);
  // The socket is there before the modules are.
  await until(() => pactl('info').then(Boolean, () => false), 'pulseaudio answers');
  return { address, pactl, signal: (signal) => void child.kill(signal) };
}
