/** Tables of updates: bundles as they were signed, stages, and how far each workstation is. */
export const updateTables = `
  CREATE TABLE update_bundles (
    version TEXT PRIMARY KEY,
    manifest TEXT NOT NULL,
    signatures TEXT NOT NULL,
    packed TEXT NOT NULL,
    added_at_ms INTEGER NOT NULL,
    added_by TEXT NOT NULL
  ) STRICT;

  CREATE TABLE update_stages (
    id INTEGER PRIMARY KEY,
    version TEXT NOT NULL REFERENCES update_bundles (version),
    scope TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    ended_at_ms INTEGER,
    forgiven INTEGER NOT NULL,
    progress TEXT
  ) STRICT;

  CREATE TABLE update_targets (
    version TEXT NOT NULL REFERENCES update_bundles (version),
    workstation_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    again_at_ms INTEGER,
    PRIMARY KEY (version, workstation_id)
  ) STRICT;
`;
