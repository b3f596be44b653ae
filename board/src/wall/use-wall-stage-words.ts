import { useWords, type Words } from '../text/texts.ts';
import { wallStageEn } from './wall-stage-en.ts';
import { wallStageRu } from './wall-stage-ru.ts';
import type { WallStageTexts } from './wall-stage-texts.ts';

/** Words of the wall's stages beside those of every page. */
export interface WallStageWords extends Words {
  readonly own: WallStageTexts;
}

/** They are loaded with the stages. */
export function useWallStageWords(): WallStageWords {
  const words = useWords();
  return { ...words, own: words.language === 'ru' ? wallStageRu : wallStageEn };
}

/** A name inside a sentence: «печать ЭМ», and still «ЭМ загружены». */
export function inSentence(name: string): string {
  const [first = '', second = ''] = name;
  const isAbbreviation = second !== second.toLowerCase();
  return isAbbreviation ? name : first.toLowerCase() + name.slice(first.length);
}
