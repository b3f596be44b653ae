import type { Incident, Severity } from '@ppe-pulse/protocol';
import type { AlertEvent } from '../../alert.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * What identifies an alert: Alertmanager takes two sets of labels for two alerts, so only what holds
 * for the incident's whole life is here, and the severity, whose change ends one alert and begins
 * another. Reason, reach and who took it are annotations. Empty ones are left out, as Alertmanager does.
 */
export function labelsOf(
  event: Pick<AlertEvent, 'kind' | 'id'>,
  incident: Incident,
  severity: Severity = incident.severity,
): Labels {
  const { level, deviceKind, device } = incident;
  const isTest = event.kind === 'drill';
  const labels: Readonly<Record<string, string | null>> = {
    alertname: incident.kind,
    incident: isTest ? event.id : incident.id,
    severity,
    level,
    // A cut line may come to reach a second municipality.
    municipality: level === 'provider' || level === 'region' ? null : incident.municipality,
    provider: incident.provider,
    site: incident.siteCode,
    room: incident.roomCode,
    station: incident.workstationId,
    device: deviceKind === null || device === null ? null : `${deviceKind}.${device}`,
    drill: isTest ? 'true' : 'false',
    simulated: incident.isSimulated ? 'true' : 'false',
  };
  return Object.fromEntries(
    Object.entries(labels).filter((pair): pair is [string, string] => (pair[1] ?? '') !== ''),
  );
}
