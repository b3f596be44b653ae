import { useWords, type Words } from '../text/texts.ts';
import { workstationEn } from './workstation-en.ts';
import { workstationRu } from './workstation-ru.ts';
import type { WorkstationTexts } from './workstation-texts.ts';

/** Words of the page of a workstation beside those of every page. */
export interface WorkstationWords extends Words {
  readonly own: WorkstationTexts;
}

/** They are loaded with the page. */
export function useWorkstationWords(): WorkstationWords {
  const words = useWords();
  return { ...words, own: words.language === 'ru' ? workstationRu : workstationEn };
}
