import { incidentTexts, type IncidentTexts } from '@ppe-pulse/protocol/texts';
import { useWords, type Words } from '../text/texts.ts';
import { incidentPageEn } from './incident-page-en.ts';
import { incidentPageRu } from './incident-page-ru.ts';
import type { IncidentPageTexts } from './incident-page-texts.ts';

/** Words of incidents beside those of every page. */
export interface IncidentWords extends Words {
  readonly own: IncidentPageTexts;
  readonly incident: IncidentTexts;
}

/** Words for the parts of the board that show incidents; they are loaded with them. */
export function useIncidentWords(): IncidentWords {
  const words = useWords();
  const own = words.language === 'ru' ? incidentPageRu : incidentPageEn;
  return { ...words, own, incident: incidentTexts(words.language) };
}
