import { incidentTexts, stageTexts } from '@ppe-pulse/protocol/texts';
import type { IncidentTexts, StageTexts } from '@ppe-pulse/protocol/texts';
import type { RoomWords } from '../rooms/cell-text.ts';
import { roomEn } from '../rooms/room-en.ts';
import { roomRu } from '../rooms/room-ru.ts';
import { useWords } from '../text/texts.ts';
import { ppeEn } from './ppe-en.ts';
import { ppeRu } from './ppe-ru.ts';
import type { PpeTexts } from './ppe-texts.ts';

/** Words of the page of a ППЭ beside those of every page. */
export interface PpeWords extends RoomWords {
  readonly own: PpeTexts;
  readonly stages: StageTexts;
  readonly incident: IncidentTexts;
}

export function usePpeWords(): PpeWords {
  const words = useWords();
  const isRussian = words.language === 'ru';
  return {
    ...words,
    own: isRussian ? ppeRu : ppeEn,
    rooms: isRussian ? roomRu : roomEn,
    stages: stageTexts(words.language),
    incident: incidentTexts(words.language),
  };
}
