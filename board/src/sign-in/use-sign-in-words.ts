import { useWords, type Words } from '../text/texts.ts';
import { signInEn } from './sign-in-en.ts';
import { signInRu } from './sign-in-ru.ts';
import type { SignInTexts } from './sign-in-texts.ts';

/** Words of signing in beside those of every page. */
export interface SignInWords extends Words {
  readonly signIn: SignInTexts;
}

export function useSignInWords(): SignInWords {
  const words = useWords();
  return { ...words, signIn: words.language === 'ru' ? signInRu : signInEn };
}
