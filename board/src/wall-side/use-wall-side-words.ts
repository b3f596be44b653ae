import { stageTexts, type StageTexts } from '@ppe-pulse/protocol/texts';
import { useIncidentWords, type IncidentWords } from '../incidents/use-incident-words.ts';
import { wallSideEn } from './wall-side-en.ts';
import { wallSideRu } from './wall-side-ru.ts';
import type { WallSideTexts } from './wall-side-texts.ts';

/** Words of the wall's right column beside those of incidents and of stages. */
export interface WallSideWords extends IncidentWords {
  readonly side: WallSideTexts;
  readonly stages: StageTexts;
}

/** Words of the right column; they are loaded with it. */
export function useWallSideWords(): WallSideWords {
  const words = useIncidentWords();
  const side = words.language === 'ru' ? wallSideRu : wallSideEn;
  return { ...words, side, stages: stageTexts(words.language) };
}
