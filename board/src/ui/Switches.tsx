import { useWords } from '../text/texts.ts';
import { useSettings } from './settings.ts';

/** Theme and language, at the end of every page's footer. */
export function Switches() {
  const { page, language } = useWords();
  const settings = useSettings();
  const otherTheme = settings.theme === 'dark' ? 'light' : 'dark';
  return (
    <>
      <button type="button" onClick={() => settings.change({ theme: otherTheme })}>
        {page.theme[otherTheme]}
      </button>
      <button
        type="button"
        onClick={() => settings.change({ language: language === 'ru' ? 'en' : 'ru' })}
      >
        {page.otherLanguage}
      </button>
    </>
  );
}
