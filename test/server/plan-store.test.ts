import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planChangeText } from '@ppe-pulse/protocol';
import {
  createPlanStore,
  type PlanEdit,
  type PlanStore,
} from '../../server/src/plan/plan-store.ts';
import { createAudit, type Audit } from '../../server/src/state/audit.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { shortPlan } from '../support/plans.ts';
import { tempDir } from '../support/temp-dir.ts';

const nowMs = Date.parse('2026-05-20T09:31:00+07:00');

interface Opened {
  readonly database: StateDatabase;
  readonly audit: Audit;
  readonly plans: PlanStore;
}

function open(path = join(tempDir(), 'state.sqlite')): Opened {
  const database = openState(path);
  const audit = createAudit(database);
  return { database, audit, plans: createPlanStore(database, audit) };
}

const edit = (baseVersion: number, more: Partial<PlanEdit> = {}): PlanEdit => ({
  by: 'admin',
  atMs: nowMs,
  baseVersion,
  nowMs,
  region: null,
  ...more,
});
const later = shortPlan.replace(
  'only: ["0042"]',
  'only: ["0042"]\nstages: { printing: { red: "10:40" } }',
);
const broken = `${shortPlan}stages: { printing: { red: "10:00" } }\n`;

describe('the plan', () => {
  it('is none before the first', () => {
    const { plans } = open();
    expect(plans.current()).toBeNull();
    expect(plans.versions(10)).toEqual([]);
  });

  it('is kept as it was written, comments included, with every version before it', () => {
    const { plans } = open();
    expect(plans.apply(shortPlan, edit(0, { note: 'первый' }))).toMatchObject({
      kind: 'applied',
      version: 1,
    });
    expect(plans.apply(later, edit(1, { by: 'operator' })).kind).toBe('applied');
    expect(plans.current()).toMatchObject({ version: 2, planId: 'short', by: 'operator' });
    expect(plans.current()?.text).toContain('# Один экзамен');
    expect(plans.versions(10)).toEqual([
      { version: 2, planId: 'short', by: 'operator', atMs: nowMs, note: '' },
      { version: 1, planId: 'short', by: 'admin', atMs: nowMs, note: 'первый' },
    ]);
    expect(plans.versions(1)).toHaveLength(1);
    expect(plans.textOf(1)).toBe(shortPlan);
    expect(plans.textOf(3)).toBeUndefined();
  });

  it('says what an edit at 09:31 changes, by path', () => {
    const { plans } = open();
    plans.apply(shortPlan, edit(0));
    const outcome = plans.apply(later, edit(1));
    expect(outcome.kind === 'applied' && outcome.changes.map(planChangeText)).toEqual([
      'stages.printing.red: 10:30 → 10:40',
    ]);
  });

  it('outlives the process', () => {
    const path = join(tempDir(), 'state.sqlite');
    const first = open(path);
    first.plans.apply(shortPlan, edit(0));
    first.database.close();
    const { plans, database } = open(path);
    expect(plans.current()).toMatchObject({ version: 1, planId: 'short', text: shortPlan });
    expect(plans.current()?.plan.participants.only).toEqual(['0042']);
    database.close();
  });

  it('holds on after a year, though it could not be applied then', () => {
    const path = join(tempDir(), 'state.sqlite');
    const first = open(path);
    first.plans.apply(shortPlan, edit(0));
    first.database.close();
    const { plans } = open(path);
    expect(plans.apply(later, edit(1, { nowMs: nowMs + 400 * 86_400_000 })).kind).toBe('refused');
    expect(plans.current()?.version).toBe(1);
  });

  it('is not touched by an edit that has an error', () => {
    const { plans, audit } = open();
    plans.apply(shortPlan, edit(0));
    const before = plans.current();
    const told: unknown[] = [];
    plans.onChange((live) => told.push(live));
    const outcome = plans.apply(broken, edit(1));
    expect(outcome).toMatchObject({
      kind: 'refused',
      problems: [{ reason: 'redBeforeAmber', line: 9 }],
    });
    expect(plans.current()).toBe(before);
    expect(plans.versions(10)).toHaveLength(1);
    expect(audit.list(10)).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('is not touched by an edit of what is not there any more', () => {
    const { plans } = open();
    plans.apply(shortPlan, edit(0));
    plans.apply(later, edit(1));
    expect(plans.apply(shortPlan, edit(1))).toEqual({ kind: 'stale', currentVersion: 2 });
    expect(plans.apply(shortPlan, edit(0))).toEqual({ kind: 'stale', currentVersion: 2 });
    // Not even when the edit has errors of its own: those are of another plan.
    expect(plans.apply(broken, edit(7))).toEqual({ kind: 'stale', currentVersion: 2 });
    expect(plans.current()?.text).toBe(later);
  });

  it('is not touched when the disk does not take it', () => {
    const { plans, database, audit } = open();
    plans.apply(shortPlan, edit(0));
    const told: unknown[] = [];
    plans.onChange((live) => told.push(live));
    database.exec('ALTER TABLE audit RENAME TO audit_away');
    expect(() => plans.apply(later, edit(1))).toThrow('audit');
    expect(plans.current()?.version).toBe(1);
    expect(plans.versions(10)).toHaveLength(1);
    expect(told).toEqual([]);
    database.exec('ALTER TABLE audit_away RENAME TO audit');
    expect(plans.apply(later, edit(1)).kind).toBe('applied');
    expect(audit.list(10)).toHaveLength(2);
  });

  it('is no new version when it is word for word the same', () => {
    const { plans } = open();
    plans.apply(shortPlan, edit(0));
    expect(plans.apply(shortPlan, edit(1))).toEqual({
      kind: 'same',
      version: 1,
      changes: [],
      warnings: [],
    });
    expect(plans.versions(10)).toHaveLength(1);
  });

  it('is a new version when a comment changes, and changes nothing', () => {
    const { plans } = open();
    plans.apply(shortPlan, edit(0));
    expect(plans.apply(`${shortPlan}# проверено\n`, edit(1))).toMatchObject({
      kind: 'applied',
      version: 2,
      changes: [],
    });
  });

  it('shows what a dry run would change, and is not touched', () => {
    const { plans } = open();
    plans.apply(shortPlan, edit(0));
    expect(plans.apply(later, edit(1, { isDryRun: true }))).toMatchObject({
      kind: 'wouldApply',
      version: 1,
      changes: [{ path: 'stages.printing.red', before: '10:30', after: '10:40' }],
    });
    expect(plans.current()?.version).toBe(1);
  });

  it('is told of to those who listen, once it is stored, until they stop', () => {
    const { plans } = open();
    const told: string[] = [];
    const stop = plans.onChange(({ version, plan }) => {
      told.push(`${version} ${plan.id} ${plans.current()?.version}`);
    });
    plans.apply(shortPlan, edit(0));
    plans.apply(later, edit(1));
    stop();
    plans.apply(shortPlan, edit(2));
    expect(told).toEqual(['1 short 1', '2 short 2']);
  });

  it('leaves in the audit who applied which version of what', () => {
    const { plans, audit } = open();
    plans.apply(shortPlan, edit(0));
    plans.apply(later, edit(1, { by: 'operator' }));
    expect(audit.list(10)[0]).toMatchObject({
      atMs: nowMs,
      account: 'operator',
      action: 'plan.apply',
      subject: 'short',
      details: { version: 2, changes: 1 },
    });
  });

  it('that a later version of the program wrote is refused with what to do', () => {
    const { database, audit } = open();
    database.run(
      `INSERT INTO plan_versions (version, plan_id, applied_by, at_ms, note, text)
       VALUES (1, 'x', 'admin', 0, '', ?)`,
      `${shortPlan}weather: fine\n`,
    );
    expect(() => createPlanStore(database, audit)).toThrow(
      /stored plan, version 1, .*plan:9:1: error: weather: unknown key "weather".*restore a backup/,
    );
  });
});
