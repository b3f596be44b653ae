/**
 * Numbers of devices in ids. A definition's id is `printer.queue.jobs` or `camera.fps`; a device's
 * own id has its number after the first word. Rooms have two cameras, so cameras are always
 * numbered; of everything else there is mostly one, so the first goes without.
 */

/** Kinds of devices: each has a probe, a table of the series and checks of its own. */
export const deviceKinds = ['printer', 'scanner', 'camera', 'audio'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** Devices of one kind that one workstation may watch: a `video` PC has the cameras of 25 rooms. */
export const MAX_DEVICES = 64;

const NUMBERED_FROM_ONE: ReadonlySet<string> = new Set(['camera']);
const KINDS: ReadonlySet<string> = new Set(deviceKinds);

/** An id split into its definition's id and the device's number, 1 where there is none. */
export interface DeviceId {
  readonly base: string;
  readonly device: number;
}

/** The id of a device's metric or check: (`camera.fps`, 2) → `camera.2.fps`. */
export function deviceId(base: string, device: number): string {
  const dot = base.indexOf('.');
  const kind = dot < 0 ? base : base.slice(0, dot);
  if (!KINDS.has(kind) || (device === 1 && !NUMBERED_FROM_ONE.has(kind))) return base;
  return `${kind}.${device}${base.slice(dot)}`;
}

/** The opposite of `deviceId`; undefined for a number that no device has, or in a wrong place. */
export function splitDeviceId(id: string): DeviceId | undefined {
  const dot = id.indexOf('.');
  const kind = dot < 0 ? id : id.slice(0, dot);
  if (!KINDS.has(kind)) return { base: id, device: 1 };
  const end = id.indexOf('.', dot + 1);
  const middle = end < 0 ? '' : id.slice(dot + 1, end);
  if (!/^[0-9]+$/.test(middle)) {
    return NUMBERED_FROM_ONE.has(kind) ? undefined : { base: id, device: 1 };
  }
  const device = Number(middle);
  const base = kind + id.slice(end);
  const isKnown = device >= 1 && device <= MAX_DEVICES && deviceId(base, device) === id;
  return isKnown ? { base, device } : undefined;
}
