import type { Language } from './domain-texts.ts';
import { stagesEn } from './stages-en.ts';
import { stagesRu } from './stages-ru.ts';
import type { StageTexts } from './stage-text-shape.ts';

export type { StageTexts } from './stage-text-shape.ts';

/** Words of stages in a language. */
export function stageTexts(language: Language): StageTexts {
  return language === 'ru' ? stagesRu : stagesEn;
}
