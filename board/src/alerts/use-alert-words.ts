import { incidentTexts, type IncidentTexts } from '@ppe-pulse/protocol/texts';
import { useWords, type Words } from '../text/texts.ts';
import { alertsPageEn } from './alerts-page-en.ts';
import { alertsPageRu } from './alerts-page-ru.ts';
import type { AlertsPageTexts } from './alerts-page-texts.ts';

/** Words of the page of alerts beside those of every page and of incidents. */
export interface AlertWords extends Words {
  readonly own: AlertsPageTexts;
  readonly incident: IncidentTexts;
}

export function useAlertWords(): AlertWords {
  const words = useWords();
  const own = words.language === 'ru' ? alertsPageRu : alertsPageEn;
  return { ...words, own, incident: incidentTexts(words.language) };
}

/** The word of a token from the wire; the token itself for one of a newer collector. */
export function tokenText(words: Readonly<Record<string, string>>, token: string): string {
  return Object.hasOwn(words, token) ? (words[token] ?? token) : token;
}
