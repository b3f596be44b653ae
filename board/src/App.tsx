import { lazy, useMemo } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import type { LiveClient } from './live/live-client.ts';
import { LiveContext } from './live/use-live.ts';
import { PpePage } from './ppe/PpePage.tsx';
import { WordsContext, useWords, wordsOf } from './text/texts.ts';
import { Part } from './ui/Part.tsx';
import { Shell } from './ui/Shell.tsx';
import { SettingsContext, useSettingsState } from './ui/settings.ts';
import { Wall } from './wall/Wall.tsx';

/** The wall and what it leads to come first; the rest is loaded when it is asked for. */
const RehearsalPage = lazy(async () => ({
  default: (await import('./rehearsal/RehearsalPage.tsx')).RehearsalPage,
}));

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

/** The whole board: language and theme, the live picture, and the page that the address names. */
export function App({ live }: { readonly live: LiveClient }) {
  const settings = useSettingsState();
  const words = useMemo(() => wordsOf(settings.language), [settings.language]);
  return (
    <SettingsContext.Provider value={settings}>
      <WordsContext.Provider value={words}>
        <LiveContext.Provider value={live}>
          <Part>
            <Shell>
              <Part fallback={<div className="bar-place" />}>
                <IncidentBar />
              </Part>
              <Pages />
            </Shell>
          </Part>
        </LiveContext.Provider>
      </WordsContext.Provider>
    </SettingsContext.Provider>
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
        <Route path="/ppe/:code">{({ code }) => <PpePage code={code} />}</Route>
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
        <Route path="/municipalities/:slug">{({ slug }) => <MunicipalityPage slug={slug} />}</Route>
        <Route path="/agents">
          <AgentsPage />
        </Route>
        <Route path="/plan">
          <PlanPage />
        </Route>
        <Route path="/registry">
          <RegistryPage />
        </Route>
        <Route path="/replay">
          <ReplayPage />
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
  return (
    <main className="notice">
      <h1>{page.unknownPage}</h1>
      <Link href="/">{page.back}</Link>
    </main>
  );
}
