import type { Incident, IncidentChange } from '@ppe-pulse/protocol';
import type { AlertKind } from '../alerts/alert.ts';
import type { NewLogEntry } from './incident-store.ts';
import type { Pending } from './pending.ts';
import { peopleOf, untouched } from './people.ts';
import { quieted } from './quieted.ts';

/** Account of what the engine saw. */
export const COLLECTOR = 'collector';

/** What changes are folded with. */
export interface FoldGround {
  /** The incident as it was, undefined for a new one. */
  readonly known: (id: string) => Incident | undefined;
  /** Until when silences cover it, null for not. */
  readonly untilOf: (incident: Incident) => number | null;
  readonly nowMs: number;
  /** A person ended this one: the entry is the person's. */
  readonly endedByPerson?: string;
}

/** Puts the engine's steps together with what people added: rows, history, occasions. */
export function fold(changes: readonly IncidentChange[], into: Pending, ground: FoldGround): void {
  for (const change of changes) {
    const { kind, incident: core } = change;
    const known = into.incidents.get(core.id) ?? ground.known(core.id);
    const incident: Incident = { ...core, ...(known ? peopleOf(known) : untouched) };
    into.incidents.set(core.id, incident);
    const entry = entryOf(change, ground.nowMs);
    const isPersons = kind === 'resolved' && core.id === ground.endedByPerson;
    if (entry && !isPersons) into.log.push(entry);
    if (core.resolvedAtMs === null) lookAt(incident, into, ground);
    const shown = into.incidents.get(core.id) ?? incident;
    const occasion = occasionOf(change);
    if (occasion) tell(occasion, shown, into);
  }
}

/** Begins and ends what keeps an open incident quiet; does nothing where nothing changed. */
export function lookAt(
  incident: Incident,
  into: Pending,
  { untilOf, nowMs }: Pick<FoldGround, 'untilOf' | 'nowMs'>,
): void {
  const untilMs = untilOf(incident);
  const now = quieted(incident, untilMs, nowMs);
  if (!now) return;
  into.incidents.set(incident.id, now.incident);
  if (now.isNewlySilenced)
    into.log.push(collectorEntry(incident.id, 'silenced', nowMs, { untilMs }));
  if (now.isResumed) tell('resumed', now.incident, into);
}

/** Whether anybody is told, also of what a silence covers, the desk decides. */
export function tell(kind: AlertKind, incident: Incident, into: Pending): void {
  into.occasions.push({ kind, incident });
}

function occasionOf({ kind, incident }: IncidentChange): AlertKind | null {
  switch (kind) {
    case 'opened':
    case 'raised':
      return kind;
    case 'resolved':
      return incident.resolution === 'folded' ? 'folded' : 'resolved';
    case 'changed':
      return null;
  }
}

function entryOf({ kind, incident }: IncidentChange, nowMs: number): NewLogEntry | null {
  const { id, severity, reason, node, children, resolution, foldedInto } = incident;
  switch (kind) {
    case 'opened':
      return collectorEntry(id, kind, nowMs, { severity, reason, node, children });
    case 'raised':
      return collectorEntry(id, kind, nowMs, { severity, reason, children });
    case 'resolved':
      return collectorEntry(id, kind, nowMs, { resolution, foldedInto });
    case 'changed':
      return null;
  }
}

function collectorEntry(
  incidentId: string,
  kind: NewLogEntry['kind'],
  atMs: number,
  details: NewLogEntry['details'],
): NewLogEntry {
  return { incidentId, atMs, by: COLLECTOR, kind, note: '', details, requestId: null };
}
