import { deviceId, isDeviceFamily, metrics, verdicts } from '@ppe-pulse/protocol';
import {
  MAX_DEVICES,
  metricValue,
  splitDeviceId,
  type MetricDefinition,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';

/** `/metrics`: the collector's own counters; `/metrics/fleet`: every workstation's state. */
export function telemetryRoutes(app: Api, context: ApiContext): void {
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) => {
    const { contentType, text } = await context.telemetry.render();
    return reply.header('content-type', contentType).send(text);
  });
  app.get('/metrics/fleet', { schema: { hide: true } }, (_, reply) =>
    reply
      .header('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
      .send(fleetText([...context.fleet.all()])),
  );
}

/** OpenMetrics of the fleet: one gauge for the verdict, one for every metric of the catalogue. */
function fleetText(states: readonly WorkstationState[]): string {
  const lines = [
    '# TYPE ppe_workstation_verdict gauge',
    `# HELP ppe_workstation_verdict Index in: ${verdicts.join(' ')}`,
    ...states.map(
      (state) =>
        `ppe_workstation_verdict{${labelsOf(state)}} ${verdicts.indexOf(state.standing.verdict)}`,
    ),
  ];
  for (const metric of metrics) {
    const name = `ppe_${metric.id.replaceAll('.', '_')}`;
    const samples = states.flatMap((state) => samplesOf(name, metric, state));
    if (samples.length > 0) lines.push(`# TYPE ${name} gauge`, ...samples);
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function samplesOf(name: string, metric: MetricDefinition, state: WorkstationState): string[] {
  const devices = isDeviceFamily(metric.family) ? devicesOf(state, metric.family) : [undefined];
  return devices.flatMap((device) => {
    const id = device === undefined ? metric.id : deviceId(metric.id, device);
    const reading = metricValue(state.metrics, id);
    if (!reading) return [];
    const labels = `${labelsOf(state)}${device === undefined ? '' : `,device="${device}"`}`;
    return [`${name}{${labels}} ${reading.value} ${reading.atMs / 1_000}`];
  });
}

/** Numbers of the devices of one kind that a workstation is judged by. */
function devicesOf(state: WorkstationState, family: string): number[] {
  const found = state.checks
    .filter(({ id }) => id.startsWith(`${family}.`))
    .map(({ id }) => splitDeviceId(id)?.device ?? MAX_DEVICES);
  return [...new Set(found)];
}

function labelsOf({ id, placement }: WorkstationState): string {
  const { siteCode, roomCode, role } = placement;
  return `workstation="${id}",site="${siteCode}",room="${roomCode}",role="${role}"`;
}
