import type { StateDatabase } from '../state/database.ts';

/** What the stage engine and the readiness book must know after a restart, as plain JSON. */
export interface Kept {
  /** Everything of one kind: key → what was written last. */
  all<T>(kind: KeptKind): ReadonlyMap<string, T>;
  /** Writes what changed, all of it or nothing. */
  write(kind: KeptKind, changed: ReadonlyMap<string, unknown>): void;
  clear(): void;
}

/** `signals`: by workstation; `readiness`: since when each condition stands so, by site. */
export type KeptKind = 'signals' | 'readiness';

/** What is kept of one rehearsal: `planId` parts it from another day. */
export function createKept(database: StateDatabase): (planId: string) => Kept {
  return (planId) => ({
    all: <T>(kind: KeptKind) =>
      new Map(
        database
          .all(
            'SELECT subject, body FROM rehearsal_kept WHERE plan_id = ? AND kind = ?',
            planId,
            kind,
          )
          .map(({ subject, body }) => [String(subject), JSON.parse(String(body)) as T]),
      ),
    write: (kind, changed) => {
      if (changed.size === 0) return;
      database.transaction(() => {
        for (const [subject, body] of changed)
          database.run(
            `INSERT INTO rehearsal_kept (plan_id, kind, subject, body) VALUES (?, ?, ?, ?)
             ON CONFLICT (plan_id, kind, subject) DO UPDATE SET body = excluded.body`,
            planId,
            kind,
            subject,
            JSON.stringify(body),
          );
      });
    },
    clear: () => database.run('DELETE FROM rehearsal_kept WHERE plan_id = ?', planId),
  });
}
