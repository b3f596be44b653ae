import { FullscreenSwitch } from '../life/FullscreenSwitch.tsx';
import { useWords } from '../text/texts.ts';
import { useSettings } from './settings.ts';

/** Theme and language, at the end of every page's footer. */
export function Switches() {
  const { page, language } = useWords();
  const settings = useSettings();
  const otherTheme = settings.theme === 'dark' ? 'light' : 'dark';
  const other = language === 'ru' ? 'en' : 'ru';
  return (
    <>
      <button type="button" onClick={() => settings.change({ theme: otherTheme })}>
        {page.theme[otherTheme]}
      </button>
      <button type="button" lang={other} onClick={() => settings.change({ language: other })}>
        {page.otherLanguage}
      </button>
      <FullscreenSwitch />
    </>
  );
}
