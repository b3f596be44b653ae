import type { StateDatabase } from '../../state/database.ts';
import { incidentNumber } from '../outbox/delivery-rows.ts';

/** Kinds of marks: what was done for an incident, so that it is done once, also over restarts. */
export type MarkKind =
  /** Told as critical; the subject is the webhook. */
  | 'critical'
  /** The subject is the step's minutes and the webhook. */
  | 'escalated'
  /** When it was raised or came back, for the time that people have to take it. */
  | 'since'
  /** Listed in a digest; the subject is the route, the webhook, and how it was then. */
  | 'listed';

/** The digest of a route, to one of its webhooks. */
export interface Listing {
  readonly route: string;
  readonly webhook: string;
}

/** A request of a person that must be done once. */
export interface MadeBy {
  readonly what: 'drill' | 'resend';
  readonly requestId: string;
}

/** Separates the parts of a subject; no name of a route has it. */
const SEPARATOR = '\n';

/** The rows of `alert_marks`. Writes belong into a transaction of the caller. */
export class Marks {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  put(incidentId: string, kind: MarkKind, mark: { subject: string; atMs: number }): void {
    this.#put(incidentNumber(incidentId), kind, mark);
  }

  putAll(incidentId: string, kind: MarkKind, subjects: readonly string[], atMs: number): void {
    this.#database.run(
      `INSERT INTO alert_marks (incident_id, kind, subject, at_ms)
       SELECT ?, ?, value, ? FROM json_each(?) WHERE true
       ON CONFLICT (incident_id, kind, subject) DO UPDATE SET at_ms = excluded.at_ms`,
      incidentNumber(incidentId),
      kind,
      Math.round(atMs),
      JSON.stringify(subjects),
    );
  }

  subjects(incidentId: string, kind: MarkKind): ReadonlySet<string> {
    const rows = this.#database.all(
      'SELECT subject FROM alert_marks WHERE incident_id = ? AND kind = ?',
      incidentNumber(incidentId),
      kind,
    );
    return new Set(rows.map(({ subject }) => String(subject)));
  }

  /** When a mark was made; null for none. */
  atOf(incidentId: string, kind: MarkKind, subject: string): number | null {
    return this.#atOf(incidentNumber(incidentId), kind, subject);
  }

  /** An incident as a digest listed it. */
  list(incidentId: string, by: Listing, mark: { state: string; atMs: number }): void {
    const number = incidentNumber(incidentId);
    const begin = beginOf(by);
    this.#database.run(
      `DELETE FROM alert_marks
       WHERE incident_id = ? AND kind = 'listed' AND substr(subject, 1, ?) = ?`,
      number,
      begin.length,
      begin,
    );
    this.#put(number, 'listed', { subject: begin + mark.state, atMs: mark.atMs });
  }

  isListed(incidentId: string, by: Listing, state: string): boolean {
    return this.#atOf(incidentNumber(incidentId), 'listed', beginOf(by) + state) !== null;
  }

  /** Webhooks to which a digest listed it. */
  listedTo(incidentId: string): ReadonlySet<string> {
    const subjects = [...this.subjects(incidentId, 'listed')];
    return new Set(subjects.map((subject) => subject.split(SEPARATOR)[1] ?? ''));
  }

  /** When a route's digest was last looked at; null for never. */
  digestAt(route: string): number | null {
    return this.#atOf(0, 'digest', route);
  }

  putDigestAt(route: string, atMs: number): void {
    this.#put(0, 'digest', { subject: route, atMs });
  }

  /** What a request made: the event of a drill, the delivery that was sent again. */
  madeBy(request: MadeBy): string | undefined {
    const row = this.#database.all(
      'SELECT subject FROM alert_marks WHERE incident_id = 0 AND kind = ?',
      requestKind(request),
    )[0];
    return row && String(row.subject);
  }

  putMadeBy(request: MadeBy, mark: { subject: string; atMs: number }): void {
    this.#put(0, requestKind(request), mark);
  }

  /** An incident is over: nothing more is done for it. */
  settle(incidentId: string): void {
    this.#database.run('DELETE FROM alert_marks WHERE incident_id = ?', incidentNumber(incidentId));
  }

  /** Forgets marks from before a moment of incidents that are over, and of old requests. */
  pruneBefore(beforeMs: number): number {
    return this.#database.run(
      `DELETE FROM alert_marks WHERE at_ms < ? AND kind <> 'digest'
       AND NOT EXISTS (SELECT 1 FROM incidents i
         WHERE i.id = alert_marks.incident_id AND i.is_open = 1)`,
      Math.round(beforeMs),
    );
  }

  #put(
    incident: number,
    kind: string,
    { subject, atMs }: { readonly subject: string; readonly atMs: number },
  ): void {
    this.#database.run(
      `INSERT INTO alert_marks (incident_id, kind, subject, at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (incident_id, kind, subject) DO UPDATE SET at_ms = excluded.at_ms`,
      incident,
      kind,
      subject,
      Math.round(atMs),
    );
  }

  #atOf(incident: number, kind: string, subject: string): number | null {
    const row = this.#database.all(
      'SELECT at_ms FROM alert_marks WHERE incident_id = ? AND kind = ? AND subject = ?',
      incident,
      kind,
      subject,
    )[0];
    return row ? Number(row.at_ms) : null;
  }
}

function beginOf({ route, webhook }: Listing): string {
  return [route, webhook, ''].join(SEPARATOR);
}

function requestKind({ what, requestId }: MadeBy): string {
  return `${what} ${requestId}`;
}
