import type { Remembered } from '@ppe-pulse/protocol';
import type { StateDatabase } from './database.ts';

/** A workstation as it must be known after a restart. */
export interface Changed {
  readonly id: string;
  readonly lastSeenAtMs: number | null;
  readonly kept: Kept;
}

/** What is written of a moment. */
export interface Impression {
  /** Collector's wall clock: it lives now. */
  readonly aliveAtMs: number;
  /** Workstations whose verdicts changed since the last one. */
  readonly changed: Iterable<Changed>;
  /** When workstations were last heard; may be empty, this is written less often. */
  readonly seen: ReadonlyMap<string, number>;
}

/** What a collector knew when it last lived: its own heartbeat, and its workstations. */
export interface Memory {
  /** When the collector last lived, null for never. */
  readonly aliveAtMs: number | null;
  /** What was known of a workstation, null for one that was never heard. */
  recall(id: string): Remembered | null;
  write(impression: Impression): void;
}

/** The part of `Remembered` that is one text in the database. */
type Kept = Omit<Remembered, 'lastSeenAtMs' | 'silentForMs'>;

/** The memory in the state database. */
export function createMemory(database: StateDatabase): Memory {
  const life = database.all('SELECT alive_at_ms FROM collector_life')[0];
  const aliveAtMs = life === undefined ? null : Number(life.alive_at_ms);
  return {
    aliveAtMs,
    recall: (id) => {
      const row = database.all(
        'SELECT remembered, last_seen_at_ms FROM workstations WHERE id = ?',
        id,
      )[0];
      if (typeof row?.remembered !== 'string') return null;
      const lastSeenAtMs = row.last_seen_at_ms === null ? null : Number(row.last_seen_at_ms);
      const isKnown = lastSeenAtMs !== null && aliveAtMs !== null;
      return {
        ...(JSON.parse(row.remembered) as Kept),
        lastSeenAtMs,
        // Last seen is written less often than the life: it may be some seconds too old.
        silentForMs: isKnown ? Math.max(0, aliveAtMs - lastSeenAtMs) : null,
      };
    },
    write: (impression) => {
      database.transaction(() => writeAll(database, impression));
    },
  };
}

function writeAll(database: StateDatabase, { aliveAtMs, changed, seen }: Impression): void {
  database.run(
    `INSERT INTO collector_life (id, alive_at_ms) VALUES (1, ?)
     ON CONFLICT (id) DO UPDATE SET alive_at_ms = excluded.alive_at_ms`,
    Math.round(aliveAtMs),
  );
  for (const { id, lastSeenAtMs, kept } of changed) {
    database.run(
      'UPDATE workstations SET remembered = ?, last_seen_at_ms = ? WHERE id = ?',
      JSON.stringify(kept),
      lastSeenAtMs === null ? null : Math.round(lastSeenAtMs),
      id,
    );
  }
  for (const [id, atMs] of seen) {
    database.run('UPDATE workstations SET last_seen_at_ms = ? WHERE id = ?', Math.round(atMs), id);
  }
}
