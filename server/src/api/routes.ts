import type { ApiContext } from './context.ts';
import type { Api } from './http.ts';
import { enrolmentDeskRoutes } from './routes/enrolment.ts';
import { enrolmentRoutes } from './routes/enrolments.ts';
import { carryRoutes } from './routes/carry.ts';
import { emDownloadRoutes } from './routes/em-downloads.ts';
import { emPackageRoutes } from './routes/em-package.ts';
import { emForecastRoute } from './routes/em-forecast.ts';
import { forecastRoutes } from './routes/forecasts.ts';
import { healthRoutes } from './routes/health.ts';
import { operationRoutes } from './routes/operation.ts';
import { overviewRoutes } from './routes/overview.ts';
import { planRoutes } from './routes/plan.ts';
import { registryRoutes } from './routes/registry.ts';
import { readinessRoutes } from './routes/readiness.ts';
import { replayRoutes } from './routes/replay.ts';
import { rehearsalRoutes } from './routes/rehearsal.ts';
import { seriesRoutes } from './routes/series.ts';
import { sessionRoutes } from './routes/session.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { accountRoutes } from './routes/accounts.ts';
import { displayRoutes } from './routes/displays.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { telemetryRoutes } from './routes/telemetry.ts';
import { agentRoutes } from './routes/agents.ts';
import { siteTimelineRoutes } from './routes/site-timeline.ts';
import { throughputRoutes } from './routes/throughput.ts';
import { updateRoutes } from './routes/updates.ts';
import { alertRoutingRoutes } from './routes/alert-routing.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { handoverRoutes } from './routes/handovers.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { silenceRoutes } from './routes/silences.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { workstationRoutes } from './routes/workstations.ts';

/** Every route of the collector. Each must be in `permissions.ts`. */
export function addRoutes(app: Api, context: ApiContext): void {
  healthRoutes(app, context);
  sessionRoutes(app, context);
  signInRoutes(app, context);
  accountRoutes(app, context);
  displayRoutes(app, context);
  oidcRoutes(app, context);
  overviewRoutes(app, context);
  workstationRoutes(app, context);
  enrolmentRoutes(app, context);
  enrolmentDeskRoutes(app, context);
  seriesRoutes(app, context);
  operationRoutes(app, context);
  telemetryRoutes(app, context);
  throughputRoutes(app, context);
  carryRoutes(app, context);
  registryRoutes(app, context);
  planRoutes(app, {
    plans: context.plans,
    editing: context.planEditing,
    region: () => {
      const { version, region } = context.registry.current();
      return version === 0 ? null : region;
    },
    wallMs: () => context.clock.wallMs(),
    rehearsalMs: () => context.rehearsal.nowMs,
  });
  rehearsalRoutes(app, context);
  readinessRoutes(app, { source: context.rehearsal, reads: context.reads });
  forecastRoutes(app, context);
  emForecastRoute(app, {
    forecasts: context.forecasts,
    region: () => context.registry.current().region,
    rehearsalMs: () => context.rehearsal.nowMs,
  });
  emDownloadRoutes(app, context);
  emPackageRoutes(app, context);
  updateRoutes(app, context.updateDesk);
  replayRoutes(app, context);
  void app.register((plain, _, done) => {
    // Their views are made field by field, and a serializer for each of their unions would cost a start
    // half a second.
    plain.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
    alarmRoutes(plain, context);
    done();
  });
}

function alarmRoutes(app: Api, context: ApiContext): void {
  incidentRoutes(app, context);
  const siteOfWorkstation = (id: string): string | undefined =>
    context.enrolments.find(id)?.placement.siteCode;
  silenceRoutes(app, { ...context, siteOfWorkstation });
  handoverRoutes(app, context);
  webhookRoutes(app, context);
  deliveryRoutes(app, context);
  alertRoutingRoutes(app, context);
  siteTimelineRoutes(app, context);
  agentRoutes(app, context);
}
