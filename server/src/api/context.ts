import type { Fleet, Overview } from '@ppe-pulse/protocol';
import type { Access } from '../access/access.ts';
import type { Oidc } from '../access/oidc.ts';
import type { Scope } from '../access/scope.ts';
import type { CollectorKey } from '../access/keys.ts';
import type { AlertsApi } from '../alerts/alerts-api.ts';
import type { OutboxFigures } from '../alerts/outbox/outbox-figures.ts';
import type { Backup } from '../backup/backup.ts';
import type { CarriedIntake } from '../carry/intake.ts';
import type { Clock } from '../clock.ts';
import type { EmDownloads } from '../em/em-downloads.ts';
import type { EnrolmentDesk } from '../enrolment/enrolment-desk.ts';
import type { ForecastBook } from '../forecasts/forecast-book.ts';
import type { Throughput } from '../gateway/throughput.ts';
import type { IncidentBook } from '../incidents/incident-book.ts';
import type { Log } from '../log.ts';
import type { Maintenance } from '../retention/maintenance.ts';
import type { PlanStore } from '../plan/plan-store.ts';
import type { PlanEditing } from '../rehearsal/plan-editing.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { Audit } from '../state/audit.ts';
import type { ReadAudit } from './read-audit.ts';
import type { RegionImport } from '../region/region-import.ts';
import type { RegionStore } from '../region/region-store.ts';
import type { MarkSources } from '../replay/marks.ts';
import type { Replay } from '../replay/replay.ts';
import type { SeriesStore } from '../series/store.ts';
import type { FlipLog } from '../state/flips.ts';
import type { SiteEvents } from '../state/site-events.ts';
import type { JobRuns } from '../state/job-runs.ts';
import type { Enrolments } from '../state/enrolments.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { UpdateDesk } from '../updates/create-updates.ts';

/** Everything that routes answer from. */
export interface ApiContext {
  readonly access: Access;
  /** Undefined where nobody set up a provider. */
  readonly oidc?: Oidc | undefined;
  readonly alerts: AlertsApi;
  readonly audit: Audit;
  readonly reads: ReadAudit;
  readonly backup: Backup;
  readonly carried: CarriedIntake;
  readonly clock: Clock;
  readonly outboxFigures: () => OutboxFigures;
  readonly fleet: Fleet;
  readonly flips: FlipLog;
  readonly incidents: IncidentBook;
  readonly jobs: JobRuns;
  readonly key: CollectorKey;
  readonly log: Log;
  readonly maintenance: Maintenance;
  readonly overview: (scope?: Scope) => Overview;
  readonly enrolments: Enrolments;
  readonly enrolmentDesk: EnrolmentDesk;
  readonly emDownloads: EmDownloads;
  readonly forecasts: ForecastBook;
  readonly plans: PlanStore;
  readonly planEditing: PlanEditing;
  readonly rehearsal: Rehearsal;
  readonly registry: RegionStore;
  readonly registryImport: RegionImport;
  readonly replay: Replay;
  readonly marks: MarkSources;
  readonly series: SeriesStore;
  readonly siteEvents: SiteEvents;
  readonly telemetry: Telemetry;
  readonly throughput: Throughput;
  readonly updateDesk: UpdateDesk;
  /** Enrols a workstation and shows it on the board. */
  readonly enrol: Enrolments['enrol'];
  /** Runs changes of the state in one commit: all of them or none. */
  readonly transaction: (work: () => void) => void;
}
