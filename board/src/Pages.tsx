import { lazy, useRef } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { useWords } from './text/texts.ts';
import { Part } from './ui/Part.tsx';
import { usePageTitle } from './ui/use-page-title.ts';

const RehearsalPage = lazy(async () => ({
  default: (await import('./rehearsal/RehearsalPage.tsx')).RehearsalPage,
}));
const PpePage = lazy(async () => ({ default: (await import('./ppe/PpePage.tsx')).PpePage }));
const WorkstationPage = lazy(async () => ({
  default: (await import('./workstation/WorkstationPage.tsx')).WorkstationPage,
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
const EnrolmentPage = lazy(async () => ({
  default: (await import('./enrolment/EnrolmentPage.tsx')).EnrolmentPage,
}));
const AccountPage = lazy(async () => ({
  default: (await import('./account/AccountPage.tsx')).AccountPage,
}));
const AccessPage = lazy(async () => ({
  default: (await import('./access/AccessPage.tsx')).AccessPage,
}));
const SignInPage = lazy(async () => ({
  default: (await import('./sign-in/SignInPage.tsx')).SignInPage,
}));
const DisplayPage = lazy(async () => ({
  default: (await import('./display/DisplayPage.tsx')).DisplayPage,
}));

/** Every page but the wall, each loaded when it is asked for. */
export function Pages() {
  const [address] = useLocation();
  return (
    <Part of={address}>
      <Switch>
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
        <Route path="/enrolment">
          <EnrolmentPage />
        </Route>
        <Route path="/account">
          <AccountPage />
        </Route>
        <Route path="/access">
          <AccessPage />
        </Route>
        <Route path="/sign-in">
          <SignInPage />
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
