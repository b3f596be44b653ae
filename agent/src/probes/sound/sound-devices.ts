/** A device as the sound server tells of it. Its name is for asking again and goes nowhere else. */
export interface SoundDevice {
  readonly name: string;
  readonly isMuted: boolean;
  /** Of the loudest channel, 1 = 100 %; may be over 1. */
  readonly volumeRatio?: number;
  readonly state?: SoundState;
  /** False when the sound card senses that nothing is in the socket. */
  readonly isPlugged: boolean;
  /** A monitor records what an output plays: it is no microphone. */
  readonly isMonitor: boolean;
}

/** `suspended` is normal while nobody plays or records. */
export type SoundState = 'running' | 'idle' | 'suspended';

/** Devices of one direction, without names: people name them after themselves. */
export interface SoundDirection {
  /** Devices that something is plugged into, as far as the sound card can tell. */
  readonly count: number;
  /** Sockets that the sound card knows to be empty. */
  readonly unplugged: number;
  /** Of the default device; where there is none, of all. Undefined where the system does not tell. */
  readonly isMuted?: boolean;
  /** Of the default device, else of the first. */
  readonly volumeRatio?: number;
  readonly state?: SoundState;
}

/** Devices of both directions where the system tells nothing but their number. */
export interface SoundCounts {
  readonly outputs: number;
  readonly inputs: number;
}

/** What PulseAudio and PipeWire make up when a PC has no output at all. */
const NO_OUTPUT = 'auto_null';

/** Counts of one direction, and the condition of its default device. */
export function directionOf(
  devices: readonly SoundDevice[],
  defaultName: string | undefined,
): SoundDirection {
  const real = devices.filter(isReal);
  const plugged = real.filter(({ isPlugged }) => isPlugged);
  const counts = { count: plugged.length, unplugged: real.length - plugged.length };
  const standard = plugged.find(({ name }) => name === defaultName);
  const chosen = standard ?? plugged[0];
  if (!chosen) return counts;
  return {
    ...counts,
    isMuted: standard ? standard.isMuted : plugged.every(({ isMuted }) => isMuted),
    ...(chosen.volumeRatio === undefined ? {} : { volumeRatio: chosen.volumeRatio }),
    ...(chosen.state ? { state: chosen.state } : {}),
  };
}

/** The microphone to listen to: the default one, else the first; undefined when there is none. */
export function microphoneOf(
  devices: readonly SoundDevice[],
  defaultName: string | undefined,
): string | undefined {
  const names = devices.filter((each) => isReal(each) && each.isPlugged).map(({ name }) => name);
  return names.find((name) => name === defaultName) ?? names[0];
}

function isReal({ name, isMonitor }: SoundDevice): boolean {
  return !isMonitor && name !== NO_OUTPUT;
}
