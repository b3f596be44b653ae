import { lazy, useLayoutEffect, useRef } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import type { LiveSource } from './live/live-source.ts';
import { LiveContext } from './live/use-live.ts';
import { isReplayPath } from './replay/is-replay.ts';
import type { English } from './text/english.ts';
import { WordsContext, useWords } from './text/texts.ts';
import { useWordsIn } from './text/use-words-in.ts';
import { Part } from './ui/Part.tsx';
import { Shell } from './ui/Shell.tsx';
import { SkipLink } from './ui/SkipLink.tsx';
import { SettingsContext, useSettingsState } from './ui/settings.ts';
import { usePageTitle } from './ui/use-page-title.ts';
import { Wall } from './wall/Wall.tsx';

/** The wall comes first; the rest is loaded when it is asked for. */
const RehearsalPage = lazy(async () => ({
  default: (await import('./rehearsal/RehearsalPage.tsx')).RehearsalPage,
}));

const Life = lazy(async () => ({ default: (await import('./life/Life.tsx')).Life }));
const PpePage = lazy(async () => ({ default: (await import('./ppe/PpePage.tsx')).PpePage }));
const WorkstationPage = lazy(async () => ({
  default: (await import('./workstation/WorkstationPage.tsx')).WorkstationPage,
}));
const IncidentBar = lazy(async () => ({
  default: (await import('./incidents/IncidentBar.tsx')).IncidentBar,
}));
const IncidentsPage = lazy(async () => ({
  default: (await import('./incidents/IncidentsPage.tsx')).IncidentsPage,
}));
const IncidentPage = lazy(async () => ({
  default: (await import('./incidents/IncidentPage.tsx')).IncidentPage,
}));
const AlertsPage = lazy(async () => ({
  default: (await import('./alerts/AlertsPage.tsx')).AlertsPage,
}));
const MunicipalityPage = lazy(async () => ({
  default: (await import('./municipality/MunicipalityPage.tsx')).MunicipalityPage,
}));
const AgentsPage = lazy(async () => ({
  default: (await import('./agents/AgentsPage.tsx')).AgentsPage,
}));
const PlanPage = lazy(async () => ({
  default: (await import('./plan/PlanPage.tsx')).PlanPage,
}));
const RegistryPage = lazy(async () => ({
  default: (await import('./registry/RegistryPage.tsx')).RegistryPage,
}));
const ReplayPage = lazy(async () => ({
  default: (await import('./replay/ReplayPage.tsx')).ReplayPage,
}));
const DisplayPage = lazy(async () => ({
  default: (await import('./display/DisplayPage.tsx')).DisplayPage,
}));

interface AppProps {
  readonly live: LiveSource;
  /** English, where it was asked for before the page is shown. */
  readonly english?: English | null;
}

/** The whole board: language and theme, the live picture, and the page that the address names. */
export function App({ live, english = null }: AppProps) {
  const settings = useSettingsState();
  const words = useWordsIn(settings.language, english);
  const { title } = words.page;
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <SettingsContext.Provider value={settings}>
      <WordsContext.Provider value={words}>
        <LiveContext.Provider value={live}>
          <Part>
            <Board />
            <Part>
              <Life />
            </Part>
          </Part>
        </LiveContext.Provider>
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
      <Pages />
    </>
  );
  return (
    <>
      <SkipLink />
      {isReplayPath(address) ? (
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

function Pages() {
  const [address] = useLocation();
  return (
    <Part of={address}>
      <Switch>
        <Route path="/">
          <Wall />
        </Route>
        <Route path="/ppe/:code">{({ code }) => <PpePage key={code} code={code} />}</Route>
        <Route path="/rehearsal">
          <RehearsalPage />
        </Route>
        <Route path="/incidents">
          <IncidentsPage />
        </Route>
        <Route path="/incidents/:id">{({ id }) => <IncidentPage key={id} id={id} />}</Route>
        <Route path="/alerts">
          <AlertsPage />
        </Route>
        <Route path="/municipalities/:slug">
          {({ slug }) => <MunicipalityPage key={slug} slug={slug} />}
        </Route>
        <Route path="/agents">
          <AgentsPage />
        </Route>
        <Route path="/plan">
          <PlanPage />
        </Route>
        <Route path="/registry">
          <RegistryPage />
        </Route>
        <Route path="/display">
          <DisplayPage />
        </Route>
        <Route path="/workstations/:id">{({ id }) => <WorkstationPage key={id} id={id} />}</Route>
        <Route>
          <UnknownPage />
        </Route>
      </Switch>
    </Part>
  );
}

function UnknownPage() {
  const { page } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(heading);
  return (
    <main id="main" className="notice">
      <h1 ref={heading}>{page.unknownPage}</h1>
      <Link href="/">{page.back}</Link>
    </main>
  );
}
