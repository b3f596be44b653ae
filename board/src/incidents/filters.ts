import type { Incident, Severity } from '@ppe-pulse/protocol';
import { waitsForSomebody } from './order.ts';

/** What a person wants to see of the list. */
export interface IncidentFilters {
  readonly severity: Severity | 'any';
  /** Slug; `wide` for incidents of more than one municipality. */
  readonly municipality: string;
  readonly whose: 'all' | 'mine' | 'untaken';
}

export const everything: IncidentFilters = { severity: 'any', municipality: 'any', whose: 'all' };

/** True for an incident that the filters let through. */
export function passes(incident: Incident, filters: IncidentFilters, account: string): boolean {
  const { severity, municipality, whose } = filters;
  if (severity !== 'any' && incident.severity !== severity) return false;
  if (municipality !== 'any' && (incident.municipality ?? 'wide') !== municipality) return false;
  if (whose === 'untaken') return waitsForSomebody(incident);
  return whose === 'all' || (account !== '' && incident.acknowledgedBy === account);
}
