import { stageTexts, type StageTexts } from '@ppe-pulse/protocol/texts';
import { useWords, type Words } from '../text/texts.ts';
import { rehearsalEn } from './rehearsal-en.ts';
import { rehearsalRu } from './rehearsal-ru.ts';
import type { RehearsalTexts } from './rehearsal-texts.ts';

/** Words of the rehearsal beside those of every page. */
export interface RehearsalWords extends Words {
  readonly own: RehearsalTexts;
  readonly stages: StageTexts;
}

/** Words for the parts of the board that come with a plan; they are loaded with them. */
export function useRehearsalWords(): RehearsalWords {
  const words = useWords();
  const own = words.language === 'ru' ? rehearsalRu : rehearsalEn;
  return { ...words, own, stages: stageTexts(words.language) };
}
