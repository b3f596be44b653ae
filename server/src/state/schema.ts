/**
 * Schema of the state store. Element n brings version n to n + 1. Until the first release the only
 * element is edited in place; after it elements are only added.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE workstations (
    id TEXT PRIMARY KEY,
    public_key TEXT NOT NULL UNIQUE,
    site_code TEXT NOT NULL,
    room_code TEXT NOT NULL,
    role TEXT NOT NULL,
    duty TEXT NOT NULL,
    simulated INTEGER NOT NULL,
    enrolled_at_ms INTEGER NOT NULL,
    last_seen_at_ms INTEGER,
    remembered TEXT
  ) STRICT;

  CREATE TABLE collector_life (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    alive_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE flips (
    id INTEGER PRIMARY KEY,
    workstation_id TEXT NOT NULL,
    check_id TEXT NOT NULL,
    from_verdict TEXT NOT NULL,
    to_verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    evidence TEXT NOT NULL
  ) STRICT;
  CREATE INDEX flips_by_workstation ON flips (workstation_id, at_ms);
  CREATE INDEX flips_by_time ON flips (at_ms);

  CREATE TABLE job_runs (
    id INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    report TEXT NOT NULL
  ) STRICT;
  `,
];
