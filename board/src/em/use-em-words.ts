import { emTexts, type EmTexts } from '@ppe-pulse/protocol/texts';
import { useWords, type Words } from '../text/texts.ts';
import { emPageEn } from './em-page-en.ts';
import { emPageRu } from './em-page-ru.ts';
import type { EmPageTexts } from './em-page-texts.ts';

/** Words of the rehearsal of the download beside those of every page. */
export interface EmWords extends Words {
  readonly own: EmPageTexts;
  readonly em: EmTexts;
}

export function useEmWords(): EmWords {
  const words = useWords();
  const own = words.language === 'ru' ? emPageRu : emPageEn;
  return { ...words, own, em: emTexts(words.language) };
}
