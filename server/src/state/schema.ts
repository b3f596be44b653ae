import { updateTables } from './update-tables.ts';

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
    state TEXT NOT NULL,
    valid_to_ms INTEGER,
    last_seen_at_ms INTEGER,
    remembered TEXT
  ) STRICT;

  CREATE TABLE enrolment_codes (
    code_id TEXT PRIMARY KEY,
    file_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    site_code TEXT NOT NULL,
    room_code TEXT NOT NULL,
    role TEXT NOT NULL,
    duty TEXT NOT NULL,
    number INTEGER NOT NULL,
    valid_from_ms INTEGER NOT NULL,
    valid_to_ms INTEGER NOT NULL,
    needs_approval INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    state TEXT NOT NULL,
    holder_key TEXT,
    enrolled_at_ms INTEGER,
    way TEXT
  ) STRICT;
  CREATE INDEX enrolment_codes_by_site ON enrolment_codes (site_code, room_code, role, duty, number);
  CREATE INDEX enrolment_codes_by_holder ON enrolment_codes (holder_key);
  CREATE INDEX enrolment_codes_by_file ON enrolment_codes (file_id);

  CREATE TABLE enrolment_askers (
    code_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    asked_at_ms INTEGER NOT NULL,
    way TEXT NOT NULL,
    is_rejected INTEGER NOT NULL,
    PRIMARY KEY (code_id, public_key)
  ) STRICT;
  CREATE INDEX enrolment_askers_by_key ON enrolment_askers (public_key);

  CREATE TABLE collector_life (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    alive_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE accounts (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    municipality TEXT,
    site_code TEXT,
    is_disabled INTEGER NOT NULL DEFAULT 0,
    password_hash TEXT,
    totp_secret TEXT,
    totp_asked TEXT,
    totp_step INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL,
    last_sign_in_at_ms INTEGER
  ) STRICT;

  CREATE TABLE account_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code_hash TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE displays (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    view TEXT NOT NULL,
    code_hash TEXT NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    bound_at_ms INTEGER,
    last_seen_at_ms INTEGER,
    revoked_at_ms INTEGER
  ) STRICT;

  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    must_set_password INTEGER NOT NULL,
    display_id INTEGER
  ) STRICT;
  CREATE INDEX sessions_by_account ON sessions (account);

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

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (at_ms);
  CREATE TRIGGER audit_keeps_entries BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'entries of the audit are never removed'); END;
  CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'entries of the audit are never changed'); END;

  CREATE TABLE region (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    is_sample INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    imported_at_ms INTEGER,
    imported_by TEXT
  ) STRICT;

  CREATE TABLE region_municipalities (
    slug TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE region_sites (
    code TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE claims (
    id INTEGER PRIMARY KEY,
    plan_id TEXT NOT NULL,
    site_code TEXT NOT NULL,
    room_code TEXT,
    track TEXT NOT NULL,
    stage TEXT NOT NULL,
    done INTEGER,
    is_made INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    note TEXT NOT NULL
  ) STRICT;
  CREATE INDEX claims_by_site ON claims (plan_id, site_code);

  CREATE TABLE rehearsal_kept (
    plan_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (plan_id, kind, subject)
  ) STRICT;

  CREATE TABLE em_downloads (
    id TEXT PRIMARY KEY,
    created_at_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    sha256 TEXT,
    source TEXT NOT NULL,
    spread_ms INTEGER NOT NULL,
    max_bytes_per_second REAL NOT NULL,
    give_up_after_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    start_at_ms INTEGER,
    ended_at_ms INTEGER
  ) STRICT;

  CREATE TABLE em_download_sites (
    download_id TEXT NOT NULL REFERENCES em_downloads (id),
    site_code TEXT NOT NULL,
    municipality TEXT NOT NULL,
    start_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    workstation_id TEXT,
    received_bytes INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    retries INTEGER NOT NULL,
    served_bytes INTEGER NOT NULL,
    ended_at_ms INTEGER,
    PRIMARY KEY (download_id, site_code)
  ) STRICT;

  ${updateTables}

  CREATE TABLE forecasts (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    kind TEXT NOT NULL,
    site_code TEXT NOT NULL,
    room_code TEXT NOT NULL,
    horizon TEXT NOT NULL,
    made_at_ms INTEGER NOT NULL,
    low REAL NOT NULL,
    mid REAL NOT NULL,
    high REAL NOT NULL,
    limit_value REAL,
    chance REAL,
    basis TEXT NOT NULL,
    outcome REAL,
    UNIQUE (run, site_code, kind, room_code, horizon)
  ) STRICT;

  CREATE TABLE plan_versions (
    version INTEGER PRIMARY KEY,
    plan_id TEXT NOT NULL,
    applied_by TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    note TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;

  CREATE TABLE incidents (
    id INTEGER PRIMARY KEY,
    is_open INTEGER NOT NULL,
    severity TEXT NOT NULL,
    site_code TEXT,
    opened_at_ms INTEGER NOT NULL,
    resolved_at_ms INTEGER,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX incidents_open ON incidents (is_open, id);
  CREATE INDEX incidents_by_site ON incidents (site_code, id);

  CREATE TABLE incident_faults (
    source_id TEXT NOT NULL,
    check_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (source_id, check_id)
  ) STRICT;

  CREATE TABLE incident_log (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    details TEXT NOT NULL,
    request_id TEXT UNIQUE
  ) STRICT;
  CREATE INDEX incident_log_by_incident ON incident_log (incident_id, id);
  CREATE INDEX incident_log_by_time ON incident_log (at_ms);

  CREATE TABLE silences (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    node TEXT NOT NULL,
    check_id TEXT,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    comment TEXT NOT NULL,
    ended_at_ms INTEGER,
    ended_by TEXT,
    request_id TEXT UNIQUE
  ) STRICT;

  CREATE TABLE handovers (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    note TEXT NOT NULL,
    open_incidents TEXT NOT NULL,
    request_id TEXT UNIQUE
  ) STRICT;

  CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    settings TEXT NOT NULL,
    secrets TEXT NOT NULL,
    is_enabled INTEGER NOT NULL,
    allows_private INTEGER NOT NULL,
    give_up_after_ms INTEGER NOT NULL,
    language TEXT NOT NULL,
    template TEXT,
    created_at_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    removed_at_ms INTEGER,
    request_id TEXT UNIQUE
  ) STRICT;

  CREATE TABLE alert_routing (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE alert_marks (
    incident_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (incident_id, kind, subject)
  ) STRICT;

  CREATE TABLE alert_events (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    incident_id INTEGER,
    at_ms INTEGER NOT NULL,
    is_drill INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alert_events_by_incident ON alert_events (incident_id);

  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL REFERENCES alert_events (id),
    webhook_id INTEGER NOT NULL,
    order_key TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    next_attempt_at_ms INTEGER,
    deadline_at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    last_outcome TEXT,
    last_status INTEGER,
    last_took_ms INTEGER,
    ended_at_ms INTEGER,
    UNIQUE (event_id, webhook_id)
  ) STRICT;
  CREATE INDEX deliveries_due ON deliveries (state, webhook_id, next_attempt_at_ms);
  CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
  CREATE INDEX deliveries_in_order ON deliveries (webhook_id, order_key, id);

  CREATE TABLE delivery_attempts (
    id INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    took_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX delivery_attempts_of ON delivery_attempts (delivery_id, id);
  `,
];
