import { useSignInWords, type SignInWords } from '../sign-in/use-sign-in-words.ts';
import { accountEn } from './account-en.ts';
import { accountRu } from './account-ru.ts';
import type { AccountTexts } from './account-texts.ts';

/** Words of the page of one's own account beside those of every page. */
export interface AccountWords extends SignInWords {
  readonly own: AccountTexts;
}

export function useAccountWords(): AccountWords {
  const words = useSignInWords();
  return { ...words, own: words.language === 'ru' ? accountRu : accountEn };
}
