import type { Incident } from '@ppe-pulse/protocol';
import type { DoneBy, IncidentAction, LogEntry } from './incident-book.ts';
import { refused, refusedNote, type Refused } from './note.ts';

/** What an action makes of an incident, and what its log entry tells. */
export interface Acted {
  readonly incident: Incident;
  readonly note: string;
  readonly details: LogEntry['details'];
}

/** Nobody plans further than the day. */
export const MAX_SNOOZE_MS = 24 * 3_600_000;

/** Actions that an incident takes after its end: what was learned of it later. */
const lateActions: ReadonlySet<IncidentAction['kind']> = new Set(['comment', 'call', 'drill']);

/**
 * What an action changes; null for nothing: a double click, or somebody was faster. That the incident
 * is over is the engine's to say: of `resolve` only the note is added. Pure.
 */
export function actedOn(incident: Incident, action: IncidentAction, by: DoneBy): Acted | null {
  const noted = (note: string): Incident =>
    note === '' ? incident : { ...incident, notes: incident.notes + 1, lastNoteAtMs: by.atMs };
  const change = (part: Partial<Incident>, details: LogEntry['details'] = {}): Acted => ({
    incident: { ...incident, ...part },
    note: '',
    details,
  });
  switch (action.kind) {
    case 'ack':
      return incident.acknowledgedAtMs === null
        ? change({ acknowledgedAtMs: by.atMs, acknowledgedBy: by.account })
        : null;
    case 'assign': {
      const { assignee } = action;
      return assignee === incident.assignee ? null : change({ assignee }, { assignee });
    }
    case 'comment':
      return { incident: noted(action.note), note: action.note, details: {} };
    case 'call': {
      // The outcome alone is worth an entry: «не отвечают».
      const { note, outcome } = action;
      const called = { ...incident, notes: incident.notes + 1, lastNoteAtMs: by.atMs };
      return { incident: called, note, details: { outcome } };
    }
    case 'snooze': {
      const { untilMs } = action;
      const isSame = untilMs === incident.snoozedUntilMs;
      return isSame ? null : change({ snoozedUntilMs: untilMs }, { untilMs });
    }
    case 'drill': {
      const { isDrill } = action;
      return isDrill === incident.isDrill ? null : change({ isDrill }, { isDrill });
    }
    case 'resolve': {
      const { note, resolution } = action;
      if (incident.resolvedAtMs !== null) return null;
      return { incident: noted(note), note, details: { resolution } };
    }
  }
}

/** Why an action is refused whatever the incident is; undefined for a good one. Pure. */
export function refusedAction(action: IncidentAction, nowMs: number): Refused | undefined {
  switch (action.kind) {
    case 'comment':
      return refusedNote(action.note, true);
    case 'call':
      return refusedNote(action.note, false);
    case 'resolve':
      return refusedNote(action.note, action.resolution === 'other');
    case 'snooze': {
      const { untilMs } = action;
      if (untilMs === null || (untilMs > nowMs && untilMs <= nowMs + MAX_SNOOZE_MS))
        return undefined;
      return refused('badTime', 'snooze until a moment within the next 24 hours');
    }
    case 'ack':
    case 'assign':
    case 'drill':
      return undefined;
  }
}

/** Why an action comes too late; undefined where it does not. Pure. */
export function refusedLate(incident: Incident, action: IncidentAction): Refused | undefined {
  if (incident.resolvedAtMs === null || lateActions.has(action.kind)) return undefined;
  return refused('incidentOver', `incident ${incident.id} is over; a comment may still be added`);
}
