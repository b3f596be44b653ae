import { expect, it } from 'vitest';
import { noIncidents } from '@ppe-pulse/protocol';
import { createTelemetry } from '../../server/src/telemetry/telemetry.ts';
import { alertApi } from '../support/alert-api.ts';
import { cutProvider } from '../support/alert-samples.ts';

it('what nobody was told is counted by its cause, and attempts by how they ended', async () => {
  const { alerts, database } = await alertApi();
  const at = { wallMs: Date.now(), monotonicMs: performance.now() };
  database.transaction(() => alerts.desk.take([{ kind: 'opened', incident: cutProvider() }], at));
  const telemetry = createTelemetry(() => performance.now());
  telemetry.connect({
    boards: () => 0,
    pendingHeartbeats: () => 0,
    bytesOnDisk: () => 0,
    bufferedRows: () => 0,
    warnings: () => [],
    incidents: () => noIncidents,
    outbox: () => alerts.figures(),
  });
  const { text } = await telemetry.render();
  expect(text).toContain('ppe_pulse_alerts_untold{cause="noWebhook"} 1');
  expect(text).toContain('ppe_pulse_alerts_untold{cause="failed"} 0');
  expect(text).toContain('ppe_pulse_delivery_attempts{outcome="timedOut"} 0');
});
