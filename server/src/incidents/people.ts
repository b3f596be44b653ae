import type { Incident, IncidentCore } from '@ppe-pulse/protocol';

/** The part of an incident that people add; the engine has the rest. */
export type PeoplePart = Omit<Incident, keyof IncidentCore>;

/** Nobody has looked at it yet. */
export const untouched: PeoplePart = {
  acknowledgedAtMs: null,
  acknowledgedBy: null,
  assignee: null,
  isDrill: false,
  snoozedUntilMs: null,
  silencedUntilMs: null,
  notes: 0,
  lastNoteAtMs: null,
};

/** The people's part of an incident. */
export function peopleOf(incident: Incident): PeoplePart {
  const {
    acknowledgedAtMs,
    acknowledgedBy,
    assignee,
    isDrill,
    snoozedUntilMs,
    silencedUntilMs,
    notes,
    lastNoteAtMs,
  } = incident;
  return {
    acknowledgedAtMs,
    acknowledgedBy,
    assignee,
    isDrill,
    snoozedUntilMs,
    silencedUntilMs,
    notes,
    lastNoteAtMs,
  };
}

/** The engine's part of an incident. */
export function coreOf(incident: Incident): IncidentCore {
  const core: Partial<Incident> & IncidentCore = { ...incident };
  for (const key of Object.keys(untouched) as (keyof PeoplePart)[]) delete core[key];
  return core;
}
