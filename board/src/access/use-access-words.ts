import { useSignInWords, type SignInWords } from '../sign-in/use-sign-in-words.ts';
import { accessEn } from './access-en.ts';
import { accessRu } from './access-ru.ts';
import type { AccessTexts } from './access-texts.ts';

/** Words of the page of access beside those of every page. */
export interface AccessWords extends SignInWords {
  readonly own: AccessTexts;
}

export function useAccessWords(): AccessWords {
  const words = useSignInWords();
  return { ...words, own: words.language === 'ru' ? accessRu : accessEn };
}
