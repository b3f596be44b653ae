/**
 * The parts that pages load when they are asked for, loaded beforehand. Files of fast tests share their
 * modules: a part that is on its way when a file ends would be broken for the files after it.
 */
import '../../board/src/Pages.tsx';
import '../../board/src/access/AccessPage.tsx';
import '../../board/src/account/AccountPage.tsx';
import '../../board/src/agents/AgentsPage.tsx';
import '../../board/src/alerts/AlertsPage.tsx';
import '../../board/src/country/CountryView.tsx';
import '../../board/src/day-state/DayState.tsx';
import '../../board/src/display/DisplayPage.tsx';
import '../../board/src/enrolment/EnrolmentPage.tsx';
import '../../board/src/incidents/IncidentBar.tsx';
import '../../board/src/incidents/IncidentPage.tsx';
import '../../board/src/incidents/IncidentsPage.tsx';
import '../../board/src/incidents/SoundSwitch.tsx';
import '../../board/src/life/Life.tsx';
import '../../board/src/municipality/MunicipalityPage.tsx';
import '../../board/src/plan/PlanPage.tsx';
import '../../board/src/ppe/PpePage.tsx';
import '../../board/src/registry/RegistryPage.tsx';
import '../../board/src/rehearsal/HeldPlan.tsx';
import '../../board/src/rehearsal/RehearsalPage.tsx';
import '../../board/src/rehearsal/RoomReadiness.tsx';
import '../../board/src/replay/ReplayPage.tsx';
import '../../board/src/session/ScopeNote.tsx';
import '../../board/src/sign-in/QrCode.tsx';
import '../../board/src/sign-in/SignInPage.tsx';
import '../../board/src/text/english.ts';
import '../../board/src/wall-side/WallSide.tsx';
import '../../board/src/wall/stages-of-day.ts';
import '../../board/src/wall/WallMenu.tsx';
import '../../board/src/workstation/Chart.tsx';
import '../../board/src/workstation/StationIncidents.tsx';
import '../../board/src/workstation/WorkstationPage.tsx';
