import { planChanges, type Plan, type PlanChange, type Region } from '@ppe-pulse/protocol';
import { ConfigError } from '../config-error.ts';
import type { Audit } from '../state/audit.ts';
import type { SqlRow, StateDatabase } from '../state/database.ts';
import { checkPlanText, type PlacedProblem } from './check-plan-text.ts';
import { problemLine } from './problem-lines.ts';

/** A version of the plan as it was applied. */
export interface PlanVersion {
  /** From 1, up by one with every edit, over all plans of this collector. */
  readonly version: number;
  readonly planId: string;
  /** Account that applied it. */
  readonly by: string;
  readonly atMs: number;
  readonly note: string;
}

/** The plan that holds now. */
export interface LivePlan extends PlanVersion {
  /** As people wrote it, comments included. */
  readonly text: string;
  readonly plan: Plan;
}

/** An edit of the plan. */
export interface PlanEdit {
  readonly by: string;
  readonly atMs: number;
  /** The version that was edited, 0 where there was none: another edit in between is not lost. */
  readonly baseVersion: number;
  readonly note?: string;
  /** Moment of the rehearsal's clock that the date is judged by. */
  readonly nowMs: number;
  readonly region: Region | null;
  /** Judges and compares, and changes nothing. */
  readonly isDryRun?: boolean;
}

export type PlanEditOutcome =
  | {
      /** `same`: word for word what holds already; `wouldApply`: a dry run. */
      readonly kind: 'applied' | 'same' | 'wouldApply';
      /** That holds now. */
      readonly version: number;
      readonly changes: readonly PlanChange[];
      readonly warnings: readonly PlacedProblem[];
    }
  | { readonly kind: 'stale'; readonly currentVersion: number }
  | { readonly kind: 'refused'; readonly problems: readonly PlacedProblem[] };

/** The plan and its versions. Readers see a whole plan or the one before. */
export interface PlanStore {
  current(): LivePlan | null;
  apply(text: string, edit: PlanEdit): PlanEditOutcome;
  /** Newest first. */
  versions(limit: number): readonly PlanVersion[];
  textOf(version: number): string | undefined;
  /** Calls after every edit; answers the way to stop. */
  onChange(listener: (live: LivePlan) => void): () => void;
}

const COLUMNS = 'version, plan_id, applied_by, at_ms, note';

/** The plans over the state database. Throws a `ConfigError` when the stored one is of no use. */
export function createPlanStore(database: StateDatabase, audit: Audit): PlanStore {
  const listeners = new Set<(live: LivePlan) => void>();
  let live = storedPlan(database);
  return {
    current: () => live,
    apply: (text, edit) => {
      const judged = judge(text, edit, live);
      if (judged.kind !== 'fresh') return judged;
      const { plan, changes, warnings } = judged;
      const version = (live?.version ?? 0) + 1;
      if (edit.isDryRun === true)
        return { kind: 'wouldApply', version: version - 1, changes, warnings };
      const { by, atMs, note = '' } = edit;
      const next: LivePlan = { version, planId: plan.id, by, atMs, note, text, plan };
      database.transaction(() => write(database, audit, next, changes));
      live = next;
      for (const listener of listeners) listener(next);
      return { kind: 'applied', version, changes, warnings };
    },
    versions: (limit) =>
      database
        .all(`SELECT ${COLUMNS} FROM plan_versions ORDER BY version DESC LIMIT ?`, limit)
        .map(versionOf),
    textOf: (version) => {
      const row = database.all('SELECT text FROM plan_versions WHERE version = ?', version)[0];
      return row === undefined ? undefined : String(row.text);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Judged =
  | Exclude<PlanEditOutcome, { kind: 'applied' | 'wouldApply' }>
  | { readonly kind: 'same'; readonly version: number; readonly changes: []; readonly warnings: [] }
  | {
      readonly kind: 'fresh';
      readonly plan: Plan;
      readonly changes: readonly PlanChange[];
      readonly warnings: readonly PlacedProblem[];
    };

function judge(text: string, edit: PlanEdit, live: LivePlan | null): Judged {
  const currentVersion = live?.version ?? 0;
  if (edit.baseVersion !== currentVersion) return { kind: 'stale', currentVersion };
  if (live !== null && text === live.text)
    return { kind: 'same', version: currentVersion, changes: [], warnings: [] };
  const outcome = checkPlanText(text, { nowMs: edit.nowMs, region: edit.region });
  if (!outcome.ok) return { kind: 'refused', problems: outcome.problems };
  const changes = planChanges(live?.plan ?? null, outcome.plan);
  return { kind: 'fresh', plan: outcome.plan, changes, warnings: outcome.problems };
}

function write(
  database: StateDatabase,
  audit: Audit,
  { version, planId, by, atMs, note, text }: LivePlan,
  changes: readonly PlanChange[],
): void {
  database.run(
    `INSERT INTO plan_versions (${COLUMNS}, text) VALUES (?, ?, ?, ?, ?, ?)`,
    version,
    planId,
    by,
    Math.round(atMs),
    note,
    text,
  );
  const details = { version, changes: changes.length };
  audit.add({ atMs, account: by, action: 'plan.apply', subject: planId, details });
}

/** What was applied once holds, also when its date has grown old meanwhile. */
function storedPlan(database: StateDatabase): LivePlan | null {
  const row = database.all('SELECT * FROM plan_versions ORDER BY version DESC LIMIT 1')[0];
  if (row === undefined) return null;
  const text = String(row.text);
  const outcome = checkPlanText(text, { nowMs: null, region: null });
  if (outcome.ok) return { ...versionOf(row), text, plan: outcome.plan };
  const first = outcome.problems[0];
  throw new ConfigError(
    `the stored plan, version ${String(row.version)}, is of no use to this version: ` +
      `${first ? problemLine('plan', first, 'en') : 'it cannot be read'}; run the version that it was applied with, or restore a backup`,
  );
}

function versionOf(row: SqlRow): PlanVersion {
  return {
    version: Number(row.version),
    planId: String(row.plan_id),
    by: String(row.applied_by),
    atMs: Number(row.at_ms),
    note: String(row.note),
  };
}
