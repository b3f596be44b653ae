import { auditHash, chainHead, CHAIN_START, type LinkedEntry } from './audit-chain.ts';
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

/** An entry in its place in the chain. */
export interface KeptEntry extends AuditEntry {
  /** From 1, without gaps. */
  readonly id: number;
  /** Of this entry and the hash before, hex: nothing earlier can be changed without changing this. */
  readonly hash: string;
}

/** The list of what was changed, newest first. Entries are only added, each hangs on the one before. */
export interface Audit {
  /** Inside a transaction the entry is part of it. */
  add(entry: AuditEntry): void;
  list(limit: number): readonly KeptEntry[];
}

/** The audit over the state database. */
export function createAudit(database: StateDatabase): Audit {
  return {
    add: ({ atMs, account, action, subject, details }) => {
      // Read each time: a command line may have written since.
      const head = chainHead(database);
      const entry: LinkedEntry = {
        id: (head?.id ?? 0) + 1,
        atMs: Math.round(atMs),
        account,
        action,
        subject,
        details: JSON.stringify(details),
        previous: head?.hash ?? CHAIN_START,
      };
      database.run(
        `INSERT INTO audit (id, at_ms, account, action, subject, details, previous, hash)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        entry.id,
        entry.atMs,
        account,
        action,
        subject,
        entry.details,
        entry.previous,
        auditHash(entry),
      );
    },
    list: (limit) =>
      database.all('SELECT * FROM audit ORDER BY id DESC LIMIT ?', limit).map(entryOf),
  };
}

function entryOf(row: SqlRow): KeptEntry {
  return {
    id: Number(row.id),
    hash: String(row.hash),
    atMs: Number(row.at_ms),
    account: String(row.account),
    action: String(row.action),
    subject: String(row.subject),
    details: JSON.parse(String(row.details)) as AuditEntry['details'],
  };
}
