import {
  listOf,
  memberOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  type JsonObject,
} from './json.ts';
import type { SoundDevice, SoundState } from './sound-devices.ts';

/** Names of the default devices. */
export interface DefaultDevices {
  readonly sink?: string;
  readonly source?: string;
}

/** 100 % in PulseAudio's volume units (PA_VOLUME_NORM). */
const FULL_VOLUME = 65_536;
/** Devices that are looked at; a PC with three cards has 12. */
const MAX_DEVICES = 256;
const MAX_CHARACTERS = 1024 * 1024;
const states: Readonly<Record<string, SoundState>> = {
  RUNNING: 'running',
  IDLE: 'idle',
  SUSPENDED: 'suspended',
};

/** Reads `pactl -f json info`; undefined when it is not that. */
export function parseInfoJson(text: string): DefaultDevices | undefined {
  const info = objectOf(text, MAX_CHARACTERS);
  return info && defaults(textOf(info.default_sink_name), textOf(info.default_source_name));
}

/** Reads `pactl info` of a pactl before 16.0; undefined when it is not that. */
export function parseInfoText(text: string): DefaultDevices | undefined {
  if (text.length > MAX_CHARACTERS || !/^Server Name: /m.test(text)) return undefined;
  const named = (what: string): string | undefined =>
    new RegExp(`^Default ${what}: (.+)$`, 'm').exec(text)?.[1];
  return defaults(named('Sink'), named('Source'));
}

/** Reads `pactl -f json list sinks` or `… sources`; undefined when it is not that. */
export function parseDevicesJson(text: string): SoundDevice[] | undefined {
  const found = listOf(text, MAX_CHARACTERS)?.slice(0, MAX_DEVICES);
  return found?.flatMap((device) => {
    const name = textOf(device.name);
    if (name === undefined) return [];
    const ports = objectsOf(device.ports);
    return deviceOf({
      name,
      isMuted: device.mute === true,
      volumes: channelVolumes(device),
      state: textOf(device.state),
      // A device without a jack has no ports.
      isPlugged:
        ports.length === 0 || ports.some(({ availability }) => availability !== 'not available'),
      deviceClass: textOf(memberOf(device.properties)['device.class']),
    });
  });
}

/** Reads `pactl list sinks` or `… sources` of a pactl before 16.0, made with `LC_ALL=C`. */
export function parseDevicesText(text: string): SoundDevice[] | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const [before, ...blocks] = text.split(/^(?:Sink|Source) #\d+$/m);
  // No devices are no output at all.
  if (before?.trim() !== '') return undefined;
  return blocks.slice(0, MAX_DEVICES).flatMap((block) => {
    const field = (name: string): string | undefined =>
      new RegExp(`^\\t${name}: (.*)$`, 'm').exec(block)?.[1];
    const name = field('Name');
    if (!name) return [];
    const ports = [...block.matchAll(/^\t\t\S+: .* \((?:type|priority): [^\n]*\)$/gm)];
    return deviceOf({
      name,
      isMuted: field('Mute') === 'yes',
      volumes: [...(field('Volume') ?? '').matchAll(/ (\d{1,7}) \//g)].map(([, value]) =>
        Number(value),
      ),
      state: field('State'),
      isPlugged: ports.length === 0 || ports.some(([line]) => !line.endsWith('not available)')),
      deviceClass: /^\t\tdevice\.class = "(\w+)"$/m.exec(block)?.[1],
    });
  });
}

function deviceOf(told: {
  readonly name: string;
  readonly isMuted: boolean;
  readonly volumes: readonly number[];
  readonly state: string | undefined;
  readonly isPlugged: boolean;
  readonly deviceClass: string | undefined;
}): SoundDevice {
  const { name, isMuted, volumes, isPlugged } = told;
  const state = Object.hasOwn(states, told.state ?? '') ? states[told.state ?? ''] : undefined;
  return {
    name,
    isMuted,
    isPlugged,
    // The class is a promise, the ending of the name a habit of servers that give no class.
    isMonitor: told.deviceClass === 'monitor' || name.endsWith('.monitor'),
    ...(volumes.length === 0 ? {} : { volumeRatio: Math.max(...volumes) / FULL_VOLUME }),
    ...(state ? { state } : {}),
  };
}

function channelVolumes(device: JsonObject): number[] {
  return Object.values(memberOf(device.volume))
    .slice(0, MAX_DEVICES)
    .flatMap((channel) => numberOf(memberOf(channel).value) ?? []);
}

/** Without a device of a direction the server says nothing, or `n/a`. */
function defaults(sink: string | undefined, source: string | undefined): DefaultDevices {
  return { ...(sink ? { sink } : {}), ...(source ? { source } : {}) };
}
