import { onceFor } from '../live/once-for.ts';
import { useWords, type Words } from '../text/texts.ts';
import { wallRu } from './wall-ru.ts';
import type { WallTexts } from './wall-texts.ts';

/** Words of the wall beside those of every page. */
export interface WallWords extends Words {
  readonly own: WallTexts;
}

/** A hundred tiles ask for them. */
const wallWords = onceFor((words: Words): WallWords => ({
  ...words,
  own: words.english?.wall ?? wallRu,
}));

/** The same object while the language is the same. */
export function useWallWords(): WallWords {
  return wallWords(useWords());
}
