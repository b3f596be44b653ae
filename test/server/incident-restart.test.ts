import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Fleet, type Placement, type Verdict } from '@ppe-pulse/protocol';
import type { Incidents } from '../../server/src/incidents/book.ts';
import { createIncidents } from '../../server/src/incidents/create-incidents.ts';
import { createLog } from '../../server/src/log.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { beat } from '../support/beats.ts';
import { aRegion } from '../support/plans.ts';
import { workstationId } from '../support/rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { DeskSpy, MINUTE_MS, NINE_MS, done, momentOf } from './incident-world.ts';

const BEAT_MS = 5_000;

/** Three workstations of ППЭ 4216 with a printer each, heard by a collector that may restart. */
class Collector {
  readonly clock = { wallMs: NINE_MS, monotonicMs: 1_000 };
  readonly #database: StateDatabase = openState(join(tempDir(), 'state.db'));
  #seq = 0;
  fleet!: Fleet;
  desk!: DeskSpy;
  book!: Incidents;

  constructor() {
    this.start(false);
    onTestFinished(() => {
      this.book.close();
      this.#database.close();
    });
  }

  start(hasRestarted: boolean): void {
    const now = momentOf(this.clock);
    this.fleet = new Fleet({ now, hasRestarted, intervalMs: BEAT_MS });
    for (const number of [1, 2, 3])
      this.fleet.place(workstationId(number), placement(number), null, now);
    this.desk = new DeskSpy();
    const stored = { region: aRegion(), version: 1, importedAtMs: 0, importedBy: 'admin' };
    this.book = createIncidents({
      database: this.#database,
      audit: createAudit(this.#database),
      plans: { current: () => null },
      region: { current: () => stored },
      fleet: this.fleet,
      speed: 1,
      rehearsalMs: () => this.clock.wallMs,
      collectorProblems: () => [],
      alerts: this.desk,
      now: () => momentOf(this.clock),
      log: createLog('silent'),
    });
  }

  restart(downMs: number): void {
    this.book.close();
    this.clock.wallMs += downMs;
    // Another process: its monotonic clock begins anew.
    this.clock.monotonicMs = 1_000;
    this.start(true);
  }

  /** Time goes by while the first workstation's printer is so. */
  pass(ms: number, verdict: Verdict): void {
    for (let passed = 0; passed < ms; passed += BEAT_MS) {
      this.#seq += 1;
      for (const number of [1, 2, 3]) this.#beat(number, number === 1 ? verdict : 'ok');
      for (let tick = 0; tick < BEAT_MS; tick += 250) {
        this.clock.wallMs += 250;
        this.clock.monotonicMs += 250;
        this.book.tick();
      }
    }
  }

  #beat(number: number, verdict: Verdict): void {
    const { wallMs, monotonicMs } = this.clock;
    const reason = verdict === 'ok' ? 'ok' : 'printerJam';
    const check = { id: 'printer.state', verdict, reason, evidence: {}, ageMs: 0 };
    const at = {
      wallMs,
      monotonicMs,
      atMs: wallMs,
      takenAtMs: wallMs,
      takenMonotonicMs: monotonicMs,
    };
    const workstation = { workstationId: workstationId(number), verdicts: [check] };
    this.fleet.take(beat(this.#seq, { ...at, ...workstation }), momentOf(this.clock));
  }
}

function placement(number: number): Placement {
  const roomCode = String(number).padStart(4, '0');
  return { siteCode: '4216', roomCode, role: 'organizer', duty: 'main', simulated: false };
}

describe('incidents of real workstations', () => {
  it('are one over restarts of the collector, opened once and ended once', () => {
    const collector = new Collector();
    collector.pass(MINUTE_MS, 'ok');
    expect(collector.book.open()).toEqual([]);
    collector.pass(MINUTE_MS, 'fail');
    const [opened] = collector.book.open();
    expect(opened).toMatchObject({
      id: 'i-1',
      kind: 'printer.state',
      siteCode: '4216',
      roomCode: '0001',
      municipality: 'kemerovo',
      children: 1,
    });
    expect(collector.desk.told).toEqual(['opened i-1']);
    const by = { account: 'operator', atMs: collector.clock.wallMs, requestId: null };
    done(collector.book.act('i-1', { kind: 'ack' }, by));

    collector.restart(3 * MINUTE_MS);
    expect(collector.book.open()).toMatchObject([{ id: 'i-1', acknowledgedBy: 'operator' }]);
    collector.pass(MINUTE_MS, 'fail');
    expect(collector.book.open()).toMatchObject([{ id: 'i-1', openedAtMs: opened?.openedAtMs }]);
    expect(collector.desk.told).toEqual([]);

    collector.restart(MINUTE_MS);
    collector.pass(2 * MINUTE_MS, 'ok');
    expect([collector.book.open(), collector.desk.told]).toEqual([[], ['resolved i-1']]);
    expect(collector.book.find('i-1')).toMatchObject({ resolution: 'healed' });
    collector.pass(MINUTE_MS, 'fail');
    expect(collector.book.open()).toMatchObject([{ id: 'i-2' }]);
  });

  it('that a person ended do not open anew before they healed, also over a restart', () => {
    const collector = new Collector();
    collector.pass(MINUTE_MS, 'fail');
    const by = { account: 'operator', atMs: collector.clock.wallMs, requestId: null };
    const resolve = { kind: 'resolve', resolution: 'expected', note: 'так и надо' } as const;
    done(collector.book.act('i-1', resolve, by));
    collector.pass(MINUTE_MS, 'fail');
    collector.restart(MINUTE_MS);
    collector.pass(2 * MINUTE_MS, 'fail');
    expect(collector.book.open()).toEqual([]);
    collector.pass(MINUTE_MS, 'ok');
    collector.pass(MINUTE_MS, 'fail');
    expect(collector.book.open()).toMatchObject([{ id: 'i-2' }]);
  });

  it('can be silenced where the registry has nothing, but agents speak', () => {
    const collector = new Collector();
    const by = { account: 'operator', atMs: NINE_MS, requestId: null };
    const draft = {
      kind: 'silence',
      checkId: null,
      fromMs: NINE_MS,
      toMs: NINE_MS + MINUTE_MS,
      comment: 'ремонт',
    } as const;
    const kinds = [
      'site:4216',
      'site:7777',
      'municipality:kemerovo',
      'municipality:atlantis',
      'provider:никто',
      `station:${workstationId(2)}`,
      `station:${workstationId(9)}`,
      'region',
    ].map((node) => collector.book.addSilence({ ...draft, node }, by).kind);
    expect(kinds).toEqual([
      'done',
      'refused',
      'done',
      'refused',
      'refused',
      'done',
      'refused',
      'done',
    ]);
  });
});
