import { useWords, type Words } from '../text/texts.ts';
import { enrolmentEn } from './enrolment-en.ts';
import { enrolmentRu } from './enrolment-ru.ts';
import type { EnrolmentTexts } from './enrolment-texts.ts';

/** Words of the page of enrolment beside those of every page. */
export interface EnrolmentWords extends Words {
  readonly own: EnrolmentTexts;
}

export function useEnrolmentWords(): EnrolmentWords {
  const words = useWords();
  return { ...words, own: words.language === 'ru' ? enrolmentRu : enrolmentEn };
}
