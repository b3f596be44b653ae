import type { Language } from './domain-texts.ts';
import { readinessEn } from './readiness-en.ts';
import type { ReadinessTexts } from './readiness-keys.ts';
import { readinessRu } from './readiness-ru.ts';

export type { ConditionId, ReadinessReason, ReadinessTexts } from './readiness-keys.ts';

/** Words of readiness in a language. */
export function readinessTexts(language: Language): ReadinessTexts {
  return language === 'ru' ? readinessRu : readinessEn;
}
