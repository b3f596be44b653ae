import type { Language } from './domain-texts.ts';
import { emEn } from './em-en.ts';
import { emRu } from './em-ru.ts';
import { emReasons, type EmTexts } from './em-words.ts';

/** Words of the rehearsal of the download in a language. */
export function emTexts(language: Language): EmTexts {
  return language === 'ru' ? emRu : emEn;
}

/** Text of a reason, the token itself for one of a newer agent. */
export function emReasonText(reason: string, language: Language): string {
  const known = emReasons.find((each) => each === reason);
  return known === undefined ? reason : emTexts(language).reasons[known];
}
