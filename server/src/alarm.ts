import { INCIDENTS_CAPABILITY } from '@ppe-pulse/protocol';
import { createAlerts, type Alerts } from './alerts/create-alerts.ts';
import type { StepName } from './alerts/outbox/attempt.ts';
import type { Clock } from './clock.ts';
import { simulatedDayOf, type CollectorConfig } from './config.ts';
import type { Core } from './core.ts';
import type { Gateway } from './gateway/gateway.ts';
import { collectorProblemsOf } from './incidents/collector-problems.ts';
import { createIncidents } from './incidents/create-incidents.ts';
import { createHqPush, type HqPush } from './incidents/hq-push.ts';
import type { IncidentBook } from './incidents/incident-book.ts';
import { countsOf } from './incidents/counts.ts';
import { incidentsAt } from './incidents/incidents-at.ts';
import type { Log } from './log.ts';
import type { Rehearsal } from './rehearsal/rehearsal.ts';
import type { SelfCheck } from './self-check/self-check.ts';
import type { Stores } from './stores.ts';

/** Where tests of the whole collector may reach in. */
export interface AlarmSeams {
  /** Called at each step of a delivery: a test lets the process die there. */
  readonly step?: (name: StepName) => void;
}

/** Rooms of the collector that incidents and alerts work with. */
export interface AlarmRooms extends AlarmSeams {
  readonly config: CollectorConfig;
  readonly stores: Stores;
  readonly core: Core;
  readonly clock: Clock;
  readonly log: Log;
  readonly rehearsal: Rehearsal;
  readonly gateway: () => Gateway;
  readonly selfCheck: () => SelfCheck;
}

/** What is wrong, who is told, and what each Штаб is told of it. */
export interface Alarm {
  readonly incidents: IncidentBook;
  readonly alerts: Alerts;
  close(): Promise<void>;
}

/** Incidents of the collector, their way out, and to the Штабы. */
export function createAlarm(rooms: AlarmRooms): Alarm {
  const { config, stores, core, log, rehearsal } = rooms;
  const { database, audit, plans, region, series } = stores;
  const alerts = createAlerts({ ...rooms, ...stores, boardUrl: config.alerts.boardUrl || null });
  const incidents = createIncidents({
    database,
    audit,
    plans,
    region,
    fleet: core.fleet,
    speed: simulatedDayOf('configuration', config)?.speed ?? 1,
    rehearsalMs: () => rehearsal.nowMs,
    collectorProblems: () =>
      collectorProblemsOf({
        isCutOff: rooms.selfCheck().isCutOff,
        storeWarnings: series.status().warnings,
      }),
    alerts: alerts.desk,
    now: core.now,
    log,
  });
  core.countIncidents((scope) =>
    scope.isWhole
      ? incidents.counts()
      : countsOf(incidents.open().flatMap((each) => scope.shown(each) ?? [])),
  );
  core.warnAlso(() => alerts.testWarnings());
  const push = pushToHqs(rooms, incidents);
  return {
    incidents,
    alerts,
    close: async () => {
      push.close();
      incidents.close();
      await alerts.close();
    },
  };
}

function pushToHqs(
  { stores, core, clock, log, gateway }: AlarmRooms,
  incidents: IncidentBook,
): HqPush {
  const siteIn = (code: string) =>
    stores.region.current().region.sites.find((site) => site.code === code);
  const push = createHqPush({
    incidentsOf: (siteCode) => incidentsAt(incidents.open(), siteCode, siteIn(siteCode)),
    siteOf: (id) => {
      const placement = stores.enrolments.find(id)?.placement;
      // First the cheap question: the list of sessions is made anew each time.
      if (placement?.role !== 'hq') return undefined;
      const isListening = gateway().sessions().get(id)?.can(INCIDENTS_CAPABILITY) === true;
      return isListening ? placement.siteCode : undefined;
    },
    send: (id, message) => gateway().send(id, message),
    wallMs: () => clock.wallMs(),
    monotonicMs: () => clock.monotonicMs(),
    log,
  });
  core.bus.subscribe('presence', ({ workstationId, isHere }) => {
    if (isHere) push.arrived(workstationId);
    else push.left(workstationId);
  });
  core.bus.subscribe('enrolment', ({ workstationId }) => push.arrived(workstationId));
  incidents.onChange((incident) => {
    if (incident.siteCode !== null) push.changed([incident.siteCode]);
    // It may have let go of a site that it listed before.
    else push.changedEverywhere();
  });
  return push;
}
