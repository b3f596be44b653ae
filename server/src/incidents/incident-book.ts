import type {
  DutyRole,
  Incident,
  IncidentCounts,
  LiveSilence,
  PersonResolution,
  AlertSilence,
} from '@ppe-pulse/protocol';

/** Who did something, when, and the id of the request: the same one twice is done once. */
export interface DoneBy {
  readonly account: string;
  readonly atMs: number;
  readonly requestId: string | null;
}

/** What a person does to an incident. */
export type IncidentAction =
  | { readonly kind: 'ack' }
  /** Null takes the assignment back. */
  | { readonly kind: 'assign'; readonly assignee: DutyRole | null }
  | { readonly kind: 'comment'; readonly note: string }
  /** «Звонок в Штаб 09:34, не отвечают». */
  | { readonly kind: 'call'; readonly outcome: CallOutcome; readonly note: string }
  /** Null wakes it. */
  | { readonly kind: 'snooze'; readonly untilMs: number | null }
  | { readonly kind: 'drill'; readonly isDrill: boolean }
  | { readonly kind: 'resolve'; readonly resolution: PersonResolution; readonly note: string };

export const callOutcomes = ['answered', 'noAnswer', 'busy', 'wrongNumber'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** Kinds of entries: what people did and what the engine saw. */
export type LogKind =
  | IncidentAction['kind']
  | 'opened'
  | 'raised'
  | 'resolved'
  | 'silenced'
  | 'escalated';

/** One line of an incident's history. */
export interface LogEntry {
  readonly id: number;
  readonly incidentId: string;
  readonly atMs: number;
  /** Account; `collector` for what the engine saw. */
  readonly by: string;
  readonly kind: LogKind;
  readonly note: string;
  /** Small and plain: the assignee, the outcome of a call, the resolution. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** How an action ended; an action that changes nothing is done, too. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string };

/** What is asked for in a list; newest first. */
export interface IncidentFilter {
  readonly state: 'open' | 'resolved' | 'all';
  readonly siteCode?: string;
  /** Of these sites, of this municipality, or wider and listing one of them. */
  readonly among?: { readonly siteCodes: readonly string[]; readonly municipality: string | null };
  readonly severity?: Incident['severity'];
  /** Ids below this one only. */
  readonly beforeId?: string;
  readonly limit: number;
}

/** A shift tells the next what is open. */
export interface Handover {
  readonly id: number;
  readonly atMs: number;
  readonly by: string;
  readonly note: string;
  /** Ids that were open then. */
  readonly openIncidents: readonly string[];
}

/** A silence as a person asks for it. */
export type SilenceDraft = Pick<
  AlertSilence,
  'kind' | 'node' | 'checkId' | 'fromMs' | 'toMs' | 'comment'
>;

/** Incidents of the collector: what the engine sees, and what people do with it. */
export interface IncidentBook {
  /** Open ones, the oldest first. */
  open(): readonly Incident[];
  counts(): IncidentCounts;
  /** Those that hold now or are to come. */
  silences(): readonly LiveSilence[];
  find(id: string): Incident | undefined;
  list(filter: IncidentFilter): readonly Incident[];
  /** Oldest first. */
  logOf(id: string): readonly LogEntry[];
  act(id: string, action: IncidentAction, by: DoneBy): Outcome<Incident>;
  addSilence(draft: SilenceDraft, by: DoneBy): Outcome<AlertSilence>;
  endSilence(id: string, by: DoneBy): Outcome<AlertSilence>;
  addHandover(note: string, by: DoneBy): Outcome<Handover>;
  handovers(limit: number): readonly Handover[];
  /** Calls with an incident that opened, changed, ended, or has a new line in its history. */
  onChange(listener: (incident: Incident) => void): void;
  onSilences(listener: () => void): void;
  close(): void;
}
