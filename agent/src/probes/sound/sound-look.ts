import { askPulse } from './pulse-client.ts';
import { defaultsOf, devicesOf, type DefaultDevices } from './pulse-devices.ts';
import { PulseError } from './pulse-tags.ts';
import type { SoundFailure, SoundServer } from './pulse-server.ts';
import { directionOf, type SoundDevice, type SoundDirection } from './sound-devices.ts';

/** Both directions, or why they are not known. */
export type SoundLook =
  | { readonly kind: 'seen'; readonly outputs: SoundDirection; readonly inputs: SoundDirection }
  | { readonly kind: 'failed'; readonly reason: SoundFailure };

/** Counts the devices. Never rejects; ends within 3 s and starts no program. */
export async function lookAtSound(server: SoundServer, signal?: AbortSignal): Promise<SoundLook> {
  const told = await askForDevices(server, signal);
  if (told.kind === 'failed') return told;
  return {
    kind: 'seen',
    outputs: directionOf(told.sinks, told.defaults.sink),
    inputs: directionOf(told.sources, told.defaults.source),
  };
}

/** The devices with their names, for asking again; they go nowhere else. */
export type SoundDevicesTold =
  | {
      readonly kind: 'told';
      readonly defaults: DefaultDevices;
      readonly sinks: readonly SoundDevice[];
      readonly sources: readonly SoundDevice[];
    }
  | { readonly kind: 'failed'; readonly reason: SoundFailure };

/** Asks for everything at once. Never rejects. */
export async function askForDevices(
  server: SoundServer,
  signal: AbortSignal | undefined,
): Promise<SoundDevicesTold> {
  const answer = await askPulse(server, ['serverInfo', 'sinks', 'sources'], signal);
  if (answer.kind === 'failed') return answer;
  const [info, sinks, sources] = answer.replies;
  if (!info || !sinks || !sources) return { kind: 'failed', reason: 'badAnswer' };
  try {
    return {
      kind: 'told',
      defaults: defaultsOf(info),
      sinks: devicesOf(sinks, 'sinks'),
      sources: devicesOf(sources, 'sources'),
    };
  } catch (error) {
    if (error instanceof PulseError) return { kind: 'failed', reason: 'badAnswer' };
    throw error;
  }
}
