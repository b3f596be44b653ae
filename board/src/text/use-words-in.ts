import { useEffect, useMemo, useState } from 'react';
import type { Language } from '@ppe-pulse/protocol/texts';
import type { English } from './english.ts';
import { russian, wordsFrom, type Words } from './texts.ts';

/** Words of the chosen language; Russian until English has come. `loaded` is English that is there. */
export function useWordsIn(language: Language, loaded: English | null): Words {
  const [english, setEnglish] = useState(loaded);
  const isMissing = language === 'en' && english === null;
  useEffect(() => {
    if (!isMissing) return;
    void import('./english.ts').then(
      (part) => setEnglish(part.english),
      // Not served any more: the page speaks Russian until it is loaded anew.
      () => undefined,
    );
  }, [isMissing]);
  return useMemo(
    () =>
      wordsFrom(
        language === 'en' && english
          ? { language, page: english.page, domain: english.domain, english }
          : russian,
      ),
    [language, english],
  );
}
