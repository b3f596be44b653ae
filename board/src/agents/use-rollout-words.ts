import { useWords, type Words } from '../text/texts.ts';
import { rolloutEn } from './rollout-en.ts';
import { rolloutRu } from './rollout-ru.ts';
import type { RolloutTexts } from './rollout-texts.ts';

/** Words of updates beside those of every page. */
export interface RolloutWords extends Words {
  readonly own: RolloutTexts;
}

export function useRolloutWords(): RolloutWords {
  const words = useWords();
  return { ...words, own: words.language === 'ru' ? rolloutRu : rolloutEn };
}
