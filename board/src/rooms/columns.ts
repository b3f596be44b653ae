import { deviceKinds, splitDeviceId, type DeviceKind } from '@ppe-pulse/protocol';

/** Columns of the Штаб's table, in the order people look for faults. */
export const columns = ['pc', 'printer', 'scanner', 'camera1', 'camera2', 'audio', 'line'] as const;
export type Column = (typeof columns)[number];

/** What a check speaks of: a device of some kind and number, or a thing of the PC by its own id. */
export interface Subject {
  /** Kind of the device, undefined for a check of the PC or its line. */
  readonly kind: DeviceKind | undefined;
  readonly number: number;
  /** Id without the device's number. */
  readonly base: string;
}

const LINE = /^(?:net|iso)\./;

export function subjectOf(checkId: string): Subject {
  const split = splitDeviceId(checkId);
  const base = split?.base ?? checkId;
  const word = base.slice(0, Math.max(0, base.indexOf('.')));
  return { kind: deviceKinds.find((each) => each === word), number: split?.device ?? 1, base };
}

/** The column of a check. A room has two cameras: what watches more has the rest in the second. */
export function columnOf(checkId: string): Column {
  const { kind, number, base } = subjectOf(checkId);
  if (kind === 'camera') return number === 1 ? 'camera1' : 'camera2';
  if (kind !== undefined) return kind;
  return LINE.test(base) ? 'line' : 'pc';
}
