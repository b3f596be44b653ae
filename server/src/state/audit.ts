import type { SqlRow, StateDatabase } from './database.ts';

/** Something that a person or a script changed: who did what to what. */
export interface AuditEntry {
  readonly atMs: number;
  /** Account of the person, or the script's. */
  readonly account: string;
  /** Dotted token: `registry.import`. */
  readonly action: string;
  /** What it was done to: a code, an id, a name. */
  readonly subject: string;
  /** Small and plain: counts and codes, nothing secret. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** The list of what was changed, newest first. Entries are only added. */
export interface Audit {
  /** Inside a transaction the entry is part of it. */
  add(entry: AuditEntry): void;
  list(limit: number): readonly AuditEntry[];
}

/** The audit over the state database. */
export function createAudit(database: StateDatabase): Audit {
  return {
    add: ({ atMs, account, action, subject, details }) => {
      database.run(
        'INSERT INTO audit (at_ms, account, action, subject, details) VALUES (?, ?, ?, ?, ?)',
        Math.round(atMs),
        account,
        action,
        subject,
        JSON.stringify(details),
      );
    },
    list: (limit) =>
      database.all('SELECT * FROM audit ORDER BY id DESC LIMIT ?', limit).map(entryOf),
  };
}

function entryOf(row: SqlRow): AuditEntry {
  return {
    atMs: Number(row.at_ms),
    account: String(row.account),
    action: String(row.action),
    subject: String(row.subject),
    details: JSON.parse(String(row.details)) as AuditEntry['details'],
  };
}
