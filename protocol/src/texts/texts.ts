import type { DomainTexts, Language } from './domain-texts.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** Words of the domain in a language. Pages add their own. */
export function domainTexts(language: Language): DomainTexts {
  return language === 'ru' ? ru : en;
}
