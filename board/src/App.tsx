import { lazy, useLayoutEffect } from 'react';
import { useLocation } from 'wouter';
import type { LiveSource } from './live/live-source.ts';
import { LiveContext } from './live/use-live.ts';
import { isReplayPath } from './replay/is-replay.ts';
import type { SessionSource } from './session/session-source.ts';
import { SessionContext } from './session/use-session.ts';
import type { English } from './text/english.ts';
import { WordsContext } from './text/texts.ts';
import { useWordsIn } from './text/use-words-in.ts';
import { Part } from './ui/Part.tsx';
import { SIGN_IN_PATH } from './ui/sign-in-path.ts';
import { Shell } from './ui/Shell.tsx';
import { SkipLink } from './ui/SkipLink.tsx';
import { SettingsContext, useSettingsState } from './ui/settings.ts';
import { Wall } from './wall/Wall.tsx';

/** The wall comes first; the rest is loaded when it is asked for. */
const Pages = lazy(async () => ({ default: (await import('./Pages.tsx')).Pages }));
const Life = lazy(async () => ({ default: (await import('./life/Life.tsx')).Life }));
const IncidentBar = lazy(async () => ({
  default: (await import('./incidents/IncidentBar.tsx')).IncidentBar,
}));
const ReplayPage = lazy(async () => ({
  default: (await import('./replay/ReplayPage.tsx')).ReplayPage,
}));

interface AppProps {
  readonly live: LiveSource;
  readonly session?: SessionSource;
  /** English, where it was asked for before the page is shown. */
  readonly english?: English | null;
}

/** The whole board: language and theme, the live picture, and the page that the address names. */
export function App({ live, session, english = null }: AppProps) {
  const settings = useSettingsState();
  const words = useWordsIn(settings.language, english);
  const { title } = words.page;
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <SettingsContext.Provider value={settings}>
      <WordsContext.Provider value={words}>
        <SessionContext.Provider value={session}>
          <LiveContext.Provider value={live}>
            <Part>
              <Board />
              <Part>
                <Life />
              </Part>
            </Part>
          </LiveContext.Provider>
        </SessionContext.Provider>
      </WordsContext.Provider>
    </SettingsContext.Provider>
  );
}

/** The board of now, or of a moment of the past: the same pages over another picture. */
function Board() {
  const [address] = useLocation();
  const pages = (
    <>
      <Bar />
      <Page />
    </>
  );
  return (
    <>
      <SkipLink />
      {address === SIGN_IN_PATH ? (
        <Page />
      ) : isReplayPath(address) ? (
        <Part>
          <ReplayPage>{pages}</ReplayPage>
        </Part>
      ) : (
        <Shell>{pages}</Shell>
      )}
    </>
  );
}

/** Incidents above every page; on the wall they have a column of their own. */
function Bar() {
  const [address] = useLocation();
  if (address === '/') return null;
  return (
    <Part fallback={<div className="bar-place" />}>
      <IncidentBar />
    </Part>
  );
}

function Page() {
  const [address] = useLocation();
  return address === '/' ? (
    <Part>
      <Wall />
    </Part>
  ) : (
    <Part>
      <Pages />
    </Part>
  );
}
