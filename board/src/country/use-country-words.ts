import { useWords, type Words } from '../text/texts.ts';
import { countryEn } from './country-en.ts';
import { countryRu } from './country-ru.ts';
import type { CountryTexts } from './country-texts.ts';

/** Words of the picture of many sites beside those of every page. */
export function useCountryWords(): Words & { readonly own: CountryTexts } {
  const words = useWords();
  return { ...words, own: words.language === 'ru' ? countryRu : countryEn };
}
