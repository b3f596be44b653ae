import type { UpdateSignature } from '@ppe-pulse/protocol/update';
import type { SqlRow, SqlValue, StateDatabase } from '../state/database.ts';
import type { Stage, StageScope, StageState, Target, TargetState } from './rollout.ts';
import type { Progress } from './standing.ts';

/** A bundle that the collector hands out. */
export interface KeptBundle {
  readonly version: string;
  /** As they were signed. */
  readonly manifest: string;
  readonly signatures: readonly UpdateSignature[];
  readonly addedAtMs: number;
  readonly addedBy: string;
}

/** Bundles, stages and how far each workstation is, in the state database. */
export interface UpdateStore {
  /** Newest added first. */
  bundles(): readonly KeptBundle[];
  find(version: string): KeptBundle | undefined;
  /** What travels. */
  packedOf(version: string): Uint8Array | undefined;
  add(bundle: KeptBundle, packed: Uint8Array): void;
  /** Removes all but the newest `most` bundles, and none that a stage is of. */
  prune(most: number): readonly string[];
  /** Newest first. */
  stages(): readonly Stage[];
  begin(stage: Omit<Stage, 'id'>): Stage;
  saveStage(stage: Stage, progress: Progress): void;
  /** As it was last written; null for a stage of which nothing was. */
  progressOf(stageId: number): Progress | null;
  targets(version: string): readonly Target[];
  saveTargets(version: string, targets: readonly Target[]): void;
  transaction(work: () => void): void;
}

/** Updates in the state database: a backup holds them, and what is half written was never there. */
export function createUpdateStore(database: StateDatabase): UpdateStore {
  const find = (version: string): KeptBundle | undefined =>
    database
      .all(`SELECT ${BUNDLE} FROM update_bundles WHERE version = ?`, version)
      .map(bundleOf)[0];
  return {
    bundles: () =>
      database
        .all(`SELECT ${BUNDLE} FROM update_bundles ORDER BY added_at_ms DESC, version DESC`)
        .map(bundleOf),
    find,
    packedOf: (version) => {
      const row = database.all('SELECT packed FROM update_bundles WHERE version = ?', version)[0];
      return row && Buffer.from(String(row.packed), 'base64');
    },
    add: ({ version, manifest, signatures, addedAtMs, addedBy }, packed) =>
      void database.run(
        `INSERT INTO update_bundles (${BUNDLE}, packed) VALUES (?, ?, ?, ?, ?, ?)`,
        version,
        manifest,
        JSON.stringify(signatures),
        Math.round(addedAtMs),
        addedBy,
        Buffer.from(packed).toString('base64'),
      ),
    prune: (most) => prune(database, most),
    stages: () => database.all('SELECT * FROM update_stages ORDER BY id DESC').map(stageOf),
    begin: (stage) => begin(database, stage),
    saveStage: (stage, progress) => saveStage(database, stage, progress),
    progressOf: (stageId) => {
      const row = database.all('SELECT progress FROM update_stages WHERE id = ?', stageId)[0];
      return typeof row?.progress === 'string' ? (JSON.parse(row.progress) as Progress) : null;
    },
    targets: (version) =>
      database.all('SELECT * FROM update_targets WHERE version = ?', version).map(targetOf),
    saveTargets: (version, targets) => {
      for (const target of targets)
        database.run(SAVE_TARGET, version, target.workstationId, ...valuesOf(target));
    },
    transaction: (work) => database.transaction(work),
  };
}

const BUNDLE = 'version, manifest, signatures, added_at_ms, added_by';
const SAVE_TARGET = `INSERT INTO update_targets
  (version, workstation_id, state, reason, at_ms, tries, again_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (version, workstation_id) DO UPDATE SET state = excluded.state,
    reason = excluded.reason, at_ms = excluded.at_ms, tries = excluded.tries,
    again_at_ms = excluded.again_at_ms`;

function prune(database: StateDatabase, most: number): readonly string[] {
  const tooMany = database
    .all('SELECT version FROM update_bundles ORDER BY added_at_ms DESC, version DESC')
    .slice(most)
    .map((row) => String(row.version));
  const used = new Set(
    database.all('SELECT DISTINCT version FROM update_stages').map((row) => String(row.version)),
  );
  const removed = tooMany.filter((version) => !used.has(version));
  for (const version of removed)
    database.run('DELETE FROM update_bundles WHERE version = ?', version);
  return removed;
}

function begin(database: StateDatabase, stage: Omit<Stage, 'id'>): Stage {
  const { version, scope, state, startedAtMs, startedBy, forgiven } = stage;
  database.run(
    `INSERT INTO update_stages (version, scope, state, started_at_ms, started_by, forgiven)
     VALUES (?, ?, ?, ?, ?, ?)`,
    version,
    JSON.stringify(scope),
    state,
    Math.round(startedAtMs),
    startedBy,
    forgiven,
  );
  const row = database.all('SELECT * FROM update_stages ORDER BY id DESC LIMIT 1')[0];
  if (!row) throw new Error('a stage that was just written is not there');
  return stageOf(row);
}

function saveStage(
  database: StateDatabase,
  { id, state, endedAtMs, forgiven }: Stage,
  progress: Progress,
): void {
  database.run(
    'UPDATE update_stages SET state = ?, ended_at_ms = ?, forgiven = ?, progress = ? WHERE id = ?',
    state,
    endedAtMs === null ? null : Math.round(endedAtMs),
    forgiven,
    JSON.stringify(progress),
    id,
  );
}

function valuesOf({ state, reason, atMs, tries, againAtMs }: Target): SqlValue[] {
  const again = Number.isFinite(againAtMs) ? Math.round(againAtMs) : null;
  return [state, reason, Math.round(atMs), tries, again];
}

function bundleOf(row: SqlRow): KeptBundle {
  return {
    version: String(row.version),
    manifest: String(row.manifest),
    signatures: JSON.parse(String(row.signatures)) as UpdateSignature[],
    addedAtMs: Number(row.added_at_ms),
    addedBy: String(row.added_by),
  };
}

function stageOf(row: SqlRow): Stage {
  return {
    id: Number(row.id),
    version: String(row.version),
    scope: JSON.parse(String(row.scope)) as StageScope,
    state: String(row.state) as StageState,
    startedAtMs: Number(row.started_at_ms),
    startedBy: String(row.started_by),
    endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
    forgiven: Number(row.forgiven),
  };
}

function targetOf(row: SqlRow): Target {
  return {
    workstationId: String(row.workstation_id),
    state: String(row.state) as TargetState,
    reason: String(row.reason),
    atMs: Number(row.at_ms),
    tries: Number(row.tries),
    againAtMs: row.again_at_ms === null ? Number.POSITIVE_INFINITY : Number(row.again_at_ms),
    // Whoever is away is away since this collector began to listen.
    goneAtMs: null,
  };
}
