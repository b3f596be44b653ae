import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  IncidentChange,
  IncidentChangeKind,
  IncidentCore,
  IncidentEngineParts,
  KeptFault,
  Moment,
  PersonResolution,
  UnsavedFaults,
} from '@ppe-pulse/protocol';
import type { AlertOccasion } from '../../server/src/alerts/alert.ts';
import type { AlertDesk } from '../../server/src/alerts/alerts.ts';
import { Incidents, type BookEngine } from '../../server/src/incidents/book.ts';
import type { DoneBy, Outcome } from '../../server/src/incidents/incident-book.ts';
import type { NamedNode } from '../../server/src/incidents/node-grammar.ts';
import { createLog } from '../../server/src/log.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { workstationId } from '../support/rows.ts';
import { tempDir } from '../support/temp-dir.ts';

/** 20 May 2026, 09:00 in Novokuznetsk. */
export const NINE_MS = Date.parse('2026-05-20T09:00:00+07:00');
export const MINUTE_MS = 60_000;

/** An incident of a printer in room 0012 of ППЭ 4216, and what a test changes. */
export function core(changes: Partial<IncidentCore> = {}): IncidentCore {
  return {
    id: 'i-1',
    kind: 'printer.state',
    reason: 'printerJam',
    verdict: 'fail',
    severity: 'warning',
    level: 'device',
    node: `device:${workstationId(1)}/printer.1`,
    siteCode: '4216',
    roomCode: '0012',
    workstationId: workstationId(1),
    deviceKind: 'printer',
    device: 1,
    municipality: 'kemerovo',
    provider: null,
    children: 1,
    peakChildren: 1,
    sites: 1,
    siteCodes: ['4216'],
    evidence: {},
    openedAtMs: NINE_MS,
    resolvedAtMs: null,
    resolution: null,
    foldedInto: null,
    isUnstable: false,
    isUnheard: false,
    isSimulated: false,
    ...changes,
  };
}

/** Says what a test tells it to say. */
export class ScriptedEngine implements BookEngine {
  readonly parts: IncidentEngineParts;
  readonly seen: string[] = [];
  restored: Parameters<BookEngine['restore']>[0] | undefined;
  #open = new Map<string, IncidentCore>();
  #next: IncidentChange[] = [];
  #unsaved: UnsavedFaults = { changed: [], gone: [] };

  constructor(parts: IncidentEngineParts) {
    this.parts = parts;
  }

  /** What the next tick answers, after what waits already. */
  says(kind: IncidentChangeKind, changes: Partial<IncidentCore> = {}): void {
    const known = this.#open.get(changes.id ?? 'i-1');
    const incident = core({ ...known, ...changes });
    if (kind === 'resolved') this.#open.delete(incident.id);
    else this.#open.set(incident.id, incident);
    this.#next.push({ kind, incident });
  }

  saves(changed: readonly KeptFault[], gone: UnsavedFaults['gone'] = []): void {
    this.#unsaved = { changed, gone };
  }

  see(station: Parameters<BookEngine['see']>[0]): void {
    this.seen.push(station.id);
  }

  forget(stationId: string): void {
    this.seen.push(`gone ${stationId}`);
  }

  seeCollector(): void {}

  tick(): readonly IncidentChange[] {
    return this.#next.splice(0);
  }

  resolve(
    id: string,
    resolution: PersonResolution,
    { wallMs }: { readonly wallMs: number },
  ): readonly IncidentChange[] {
    const known = this.#open.get(id);
    if (!known) return [];
    this.#open.delete(id);
    return [{ kind: 'resolved', incident: { ...known, resolvedAtMs: wallMs, resolution } }];
  }

  open(): readonly IncidentCore[] {
    return [...this.#open.values()];
  }

  takeUnsaved(): UnsavedFaults {
    const unsaved = this.#unsaved;
    this.#unsaved = { changed: [], gone: [] };
    return unsaved;
  }

  restore(kept: Parameters<BookEngine['restore']>[0]): void {
    this.restored = kept;
    this.#open = new Map(kept.incidents.map((incident) => [incident.id, incident]));
  }
}

/** Remembers what it was given. */
export class DeskSpy implements AlertDesk {
  readonly taken: AlertOccasion[] = [];
  ticks = 0;
  /** Incidents whose history has a new line with the next tick. */
  noted: string[] = [];
  wakes = 0;
  /** Called inside the transaction. */
  onTake: () => void = () => {};

  take(occasions: readonly AlertOccasion[]): void {
    this.taken.push(...occasions);
    this.onTake();
  }

  tick(): readonly string[] {
    this.ticks += 1;
    return this.noted.splice(0);
  }

  wake(): void {
    this.wakes += 1;
  }

  /** `opened i-1`, in order; behind one that a silence covers stands so. */
  get told(): string[] {
    return this.taken.map(({ kind, incident }) => {
      const isQuiet = incident.silencedUntilMs !== null;
      return `${kind} ${incident.id}${isQuiet ? ' silenced' : ''}`;
    });
  }
}

/** A book over a real database, with a scripted engine, a spy of a desk and a clock by hand. */
export class BookWorld {
  readonly database: StateDatabase;
  readonly clock = { wallMs: NINE_MS, monotonicMs: 1_000 };
  /** Nothing can be written while it is set. */
  isFull = false;
  /** The registry has everything but these. */
  unknown: readonly string[] = [];
  /** `i-1 open`, as listeners are told. */
  readonly shown: string[] = [];
  silencesTold = 0;
  /** Of this run. */
  desk = new DeskSpy();
  engine!: ScriptedEngine;
  book!: Incidents;

  constructor() {
    const real = openState(join(tempDir(), 'state.db'));
    // No power fails here, and thousands of commits are made.
    real.exec('PRAGMA synchronous=OFF');
    this.database = {
      ...real,
      transaction: (work) => {
        const told = this.desk.taken.length;
        try {
          real.transaction(() => {
            work();
            if (this.isFull) throw new Error('database or disk is full');
          });
        } catch (error) {
          // A decision goes with its transaction.
          this.desk.taken.length = told;
          throw error;
        }
      },
    };
    this.start();
    onTestFinished(() => {
      this.book.close();
      real.close();
    });
  }

  /** The collector starts, also again: what it knew is gone, what it wrote is not. */
  start(): void {
    this.desk = new DeskSpy();
    const { database, clock, desk } = this;
    this.book = new Incidents({
      database,
      audit: createAudit(database),
      fleet: {
        all: () => [].values(),
        get: () => undefined,
        onChange: () => () => {},
        onRemove: () => () => {},
      },
      engineOf: (parts) => (this.engine = new ScriptedEngine(parts)),
      placeOf: (siteCode) =>
        siteCode === '4216' ? { municipality: 'kemerovo', provider: 'Сибирьтелеком' } : undefined,
      phaseOf: () => 'opening',
      knows: (node) => !this.unknown.includes(nameOf(node)),
      collectorProblems: () => [],
      alerts: desk,
      now: () => momentOf(clock),
      log: createLog('silent'),
    });
    this.book.onChange(({ id, resolvedAtMs }) =>
      this.shown.push(`${id} ${resolvedAtMs === null ? 'open' : 'over'}`),
    );
    this.book.onSilences(() => (this.silencesTold += 1));
  }

  /** Dies and starts again. */
  restart(): void {
    this.book.close();
    this.start();
  }

  /** The engine says so, and a quarter of a second goes by. */
  says(kind: IncidentChangeKind, changes: Partial<IncidentCore> = {}): void {
    this.engine.says(kind, changes);
    this.pass(250);
  }

  pass(ms: number): void {
    this.clock.wallMs += ms;
    this.clock.monotonicMs += ms;
    this.book.tick();
  }

  by(requestId: string | null = null, account = 'operator'): DoneBy {
    return { account, atMs: this.clock.wallMs, requestId };
  }

  logOf(id: string): string[] {
    return this.book.logOf(id).map(({ by, kind, note }) => `${by} ${kind} ${note}`.trim());
  }

  /** `account action subject`, oldest first. */
  audited(): string[] {
    return createAudit(this.database)
      .list(1_000)
      .map(({ account, action, subject }) => `${account} ${action} ${subject}`)
      .toReversed();
  }
}

/** The clock now, for keeps. */
export function momentOf({ wallMs, monotonicMs }: Moment): Moment {
  return { wallMs, monotonicMs };
}

/** The value of what was done; throws on a refusal. */
export function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'refused') throw new Error(`${outcome.reason}: ${outcome.detail}`);
  return outcome.value;
}

/** The reason of a refusal; `done` for none. */
export function refusal(outcome: Outcome<unknown>): string {
  return outcome.kind === 'refused' ? outcome.reason : 'done';
}

function nameOf(node: NamedNode): string {
  return Object.values(node).slice(1).join('');
}
