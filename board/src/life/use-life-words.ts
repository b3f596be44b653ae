import { useWords } from '../text/texts.ts';
import { lifeRu } from './life-ru.ts';
import type { LifeTexts } from './life-texts.ts';

/** Words of what lets a wall hang for a week. */
export function useLifeWords(): LifeTexts {
  return useWords().english?.life ?? lifeRu;
}
