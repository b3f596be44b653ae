import type { Language } from '@ppe-pulse/protocol/texts';

/** A moment as a person reads it; by the zone of the ППЭ where the settings name one. */
export function untilText(atMs: number, language: Language, timeZone?: string): string {
  return new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
    ...(timeZone !== undefined && { timeZone }),
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(atMs);
}
