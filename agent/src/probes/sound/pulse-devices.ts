import type { PulseReader } from './pulse-tags.ts';
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
const MAX_PORTS = 64;
const MAX_FORMATS = 64;
/** PA_PORT_AVAILABLE_NO. */
const NOT_AVAILABLE = 1;
const states: readonly (SoundState | undefined)[] = ['running', 'idle', 'suspended'];

/** Reads the reply to `serverInfo`. User and host name are in it and are passed over. */
export function defaultsOf(reply: PulseReader): DefaultDevices {
  // Name and version of the server, user, host, sample format.
  reply.skip(5);
  const sink = reply.text();
  const source = reply.text();
  return { ...(sink ? { sink } : {}), ...(source ? { source } : {}) };
}

/** Reads the reply to a list; both have one layout. Throws a `PulseError`. */
export function devicesOf(reply: PulseReader, list: 'sinks' | 'sources'): SoundDevice[] {
  const devices: SoundDevice[] = [];
  while (!reply.isOver && devices.length < MAX_DEVICES) {
    const { monitored, ...device } = deviceOf(reply);
    // A sink names the source that records it; a source that names a sink is no microphone.
    devices.push({ ...device, isMonitor: list === 'sources' && monitored !== undefined });
  }
  return devices;
}

function deviceOf(
  reply: PulseReader,
): Omit<SoundDevice, 'isMonitor'> & { readonly monitored: string | undefined } {
  reply.skip(1);
  const name = reply.text() ?? '';
  // Description, sample format, channels, module.
  reply.skip(4);
  const volumes = reply.value();
  const isMuted = reply.value() === true;
  reply.skip(1);
  const monitored = reply.text();
  // Latency, driver, flags, properties, configured latency, base volume.
  reply.skip(6);
  const state = states[reply.u32()];
  reply.skip(2);
  const isPlugged = readPorts(reply);
  // The port in use.
  reply.skip(1);
  const formats = Math.min(MAX_FORMATS, reply.u32());
  reply.skip(formats);
  return {
    name,
    isMuted,
    isPlugged,
    monitored,
    ...(Array.isArray(volumes) && volumes.length > 0
      ? { volumeRatio: Math.max(...volumes.map(Number)) / FULL_VOLUME }
      : {}),
    ...(state ? { state } : {}),
  };
}

/** A device without a jack has no ports. */
function readPorts(reply: PulseReader): boolean {
  const count = Math.min(MAX_PORTS, reply.u32());
  let isPlugged = count === 0;
  for (let each = 0; each < count; each += 1) {
    // Name, description, priority.
    reply.skip(3);
    if (reply.u32() !== NOT_AVAILABLE) isPlugged = true;
  }
  return isPlugged;
}
