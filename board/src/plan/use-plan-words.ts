import { stageTexts, type StageTexts } from '@ppe-pulse/protocol/texts';
import { ownText, useWords, type Words } from '../text/texts.ts';
import { planPageEn } from './plan-page-en.ts';
import { planPageRu } from './plan-page-ru.ts';
import type { PlanPageTexts } from './plan-page-texts.ts';

/** Words of the plan's page beside those of every page. */
export interface PlanWords extends Words {
  readonly own: PlanPageTexts;
  readonly stages: StageTexts;
}

/** They come with the page. */
export function usePlanWords(): PlanWords {
  const words = useWords();
  const own = words.language === 'ru' ? planPageRu : planPageEn;
  return { ...words, own, stages: stageTexts(words.language) };
}

/** Why something did not work: the page's own sentence, or else the collector's. */
export function refusalText(
  { own }: PlanWords,
  { reason, detail }: { readonly reason: string; readonly detail: string },
): string {
  return own.failed(ownText(own.refusals, reason) ?? (detail || own.noAnswer));
}
