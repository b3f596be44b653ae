import { splitDeviceId } from '../checks/devices.ts';
import type { DomainTexts, Language } from './domain-texts.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** Words of the domain in a language. Pages add their own. */
export function domainTexts(language: Language): DomainTexts {
  return language === 'ru' ? ru : en;
}

/** The name of a check or a metric, with the device's number where it has one: «Камера 2». */
export function nameOf(names: Readonly<Record<string, string>>, id: string): string {
  const split = splitDeviceId(id);
  const name = split && names[split.base];
  if (split === undefined || name === undefined) return id;
  return name.replace('{n}', split.base === id ? '' : ` ${split.device}`);
}
