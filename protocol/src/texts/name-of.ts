import { splitDeviceId } from '../checks/devices.ts';

/** The name of a check or a metric, with the device's number where it has one: «Камера 2». */
export function nameOf(names: Readonly<Record<string, string>>, id: string): string {
  const split = splitDeviceId(id);
  const name = split && names[split.base];
  if (split === undefined || name === undefined) return id;
  return name.replace('{n}', split.base === id ? '' : ` ${split.device}`);
}
