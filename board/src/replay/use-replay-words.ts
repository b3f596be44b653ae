import { useMemo } from 'react';
import { useWords, type Words } from '../text/texts.ts';
import { replayEn } from './replay-en.ts';
import { replayRu } from './replay-ru.ts';
import type { ReplayTexts } from './replay-texts.ts';

/** Words of the replay beside those of every page. */
export interface ReplayWords extends Words {
  readonly own: ReplayTexts;
}

export function useReplayWords(): ReplayWords {
  const words = useWords();
  return useMemo(() => ({ ...words, own: words.language === 'ru' ? replayRu : replayEn }), [words]);
}
