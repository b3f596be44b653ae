import { domainEn, type Language } from '@ppe-pulse/protocol/texts';
import { en } from './en.ts';
import { russian, wordsFrom, type Words } from './texts.ts';

/** The words of a language at once, for a page that holds both. */
export function wordsOf(language: Language): Words {
  return wordsFrom(
    language === 'ru' ? russian : { language, page: en, domain: domainEn, english: null },
  );
}
