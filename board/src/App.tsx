import { lazy, Suspense, useMemo } from 'react';
import { Link, Route, Switch } from 'wouter';
import type { LiveClient } from './live/live-client.ts';
import { LiveContext } from './live/use-live.ts';
import { PpePage } from './ppe/PpePage.tsx';
import { WordsContext, useWords, wordsOf } from './text/texts.ts';
import { Shell } from './ui/Shell.tsx';
import { SettingsContext, useSettingsState } from './ui/settings.ts';
import { Wall } from './wall/Wall.tsx';
import { WorkstationPage } from './workstation/WorkstationPage.tsx';

/** What only a rehearsal shows is loaded when it is asked for. */
const RehearsalPage = lazy(async () => ({
  default: (await import('./rehearsal/RehearsalPage.tsx')).RehearsalPage,
}));

/** The whole board: language and theme, the live picture, and the page that the address names. */
export function App({ live }: { readonly live: LiveClient }) {
  const settings = useSettingsState();
  const words = useMemo(() => wordsOf(settings.language), [settings.language]);
  return (
    <SettingsContext.Provider value={settings}>
      <WordsContext.Provider value={words}>
        <LiveContext.Provider value={live}>
          <Shell>
            <Switch>
              <Route path="/">
                <Wall />
              </Route>
              <Route path="/ppe/:code">{({ code }) => <PpePage code={code} />}</Route>
              <Route path="/rehearsal">
                <Suspense fallback={null}>
                  <RehearsalPage />
                </Suspense>
              </Route>
              <Route path="/workstations/:id">
                {({ id }) => <WorkstationPage key={id} id={id} />}
              </Route>
              <Route>
                <UnknownPage />
              </Route>
            </Switch>
          </Shell>
        </LiveContext.Provider>
      </WordsContext.Provider>
    </SettingsContext.Provider>
  );
}

function UnknownPage() {
  const { page } = useWords();
  return (
    <main className="notice">
      <h1>{page.unknownPage}</h1>
      <Link href="/">{page.back}</Link>
    </main>
  );
}
