import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LiveFeed,
  TREND_EVERY_MS,
  noIncidents,
  nothingKnown,
  overviewOf,
  reduceLive,
  unheard,
  type CheckVerdict,
  type LiveMunicipality,
  type LiveSite,
  type LiveState,
  type ToBoard,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { beat, check, foldHeartbeat, placement } from '../support/beats.ts';
import { REHEARSAL_MS, workstationId } from '../support/rows.ts';

const anyStep = fc.oneof(
  fc.record({
    kind: fc.constant('beat' as const),
    who: fc.nat(4),
    verdict: fc.constantFrom<CheckVerdict['verdict']>('ok', 'warn', 'fail'),
    rxBytesPerSecond: fc.nat(1_000),
  }),
  fc.record({
    kind: fc.constant('site' as const),
    code: fc.constantFrom('0042', '0043', '0044'),
    done: fc.nat(3),
    unknown: fc.nat(2),
    rooms: fc.nat(3),
  }),
  fc.record({ kind: fc.constant('leave' as const), who: fc.nat(4) }),
  fc.record({ kind: fc.constant('noSite' as const), code: fc.constantFrom('0042', '0043') }),
  fc.record({ kind: fc.constant('map' as const), count: fc.nat(3) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(40_000) }),
  fc.record({ kind: fc.constant('tick' as const) }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

function siteOf({ code, done, unknown, rooms }: Extract<Step, { kind: 'site' }>): LiveSite {
  return {
    code,
    kind: 'ppe',
    name: `Школа ${code}`,
    municipality: 'Кемерово',
    municipalitySlug: 'kemerovo',
    timeZone: 'Asia/Novokuznetsk',
    isInvolved: true,
    planned: 3,
    notYetHeard: 1,
    unplanned: 0,
    met: 17,
    conditions: 19,
    readiness: 'warn',
    stages: [
      {
        stage: 'printing',
        track: 'written',
        done,
        total: 6,
        unknown,
        late: 1,
        verdict: 'warn',
        reason: 'overdue',
        reachedAtMs: null,
        dueAtMs: REHEARSAL_MS,
        isMismatch: false,
      },
    ],
    rooms: Array.from({ length: rooms }, (_, at) => ({ code: `000${at}`, isDone: at < done })),
  };
}

function mapOf(count: number): LiveMunicipality[] {
  return Array.from({ length: count }, (_, at) => ({
    slug: `m-${at}`,
    name: 'Кемерово',
    kind: 'ГО',
    tile: at === 0 ? null : { col: at, row: 2 },
  }));
}

/** A collector's feed under a day, and a board that follows it from the start. */
class Stage {
  nowMs = REHEARSAL_MS;
  board: LiveState;
  readonly feed: LiveFeed;
  readonly #states = new Map<string, WorkstationState>(
    Array.from({ length: 5 }, (_, at) => {
      const where = { ...placement, role: at === 0 ? ('hq' as const) : placement.role };
      return [workstationId(at + 1), unheard(workstationId(at + 1), where)];
    }),
  );
  readonly #sites = new Map<string, LiveSite>();
  #municipalities = mapOf(0);
  #seq = 0;

  constructor() {
    this.feed = new LiveFeed({
      all: () => this.#states.values(),
      overview: () =>
        overviewOf(this.#states.values(), {
          nowMs: this.nowMs,
          dataAgeMs: null,
          heartbeatsPerSecond: 0,
          backlog: 0,
          warnings: [],
          incidents: noIncidents,
          planEditing: null,
          rehearsal: null,
        }),
      sites: () => [...this.#sites.values()],
      municipalities: () => this.#municipalities,
      incidents: () => ({ open: [], silences: [] }),
      wallMs: () => this.nowMs,
      dataAgeMs: () => 1,
    });
    this.board = this.newcomer();
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'beat': {
        const id = workstationId(step.who + 1);
        this.#seq += 1;
        const taken = beat(this.#seq, {
          workstationId: id,
          takenAtMs: this.nowMs - 5,
          metrics: { 'net.rx.bytesPerSecond': step.rxBytesPerSecond },
          verdicts: [check('net.rtt', step.verdict)],
        });
        // One that left comes back as it came first.
        const state = foldHeartbeat(this.#states.get(id) ?? unheard(id, placement), taken);
        this.#states.set(id, state);
        this.feed.change(state);
        break;
      }
      case 'leave':
        this.#states.delete(workstationId(step.who + 1));
        this.feed.remove(workstationId(step.who + 1));
        break;
      case 'site':
        this.#sites.set(step.code, siteOf(step));
        this.feed.changeSite(step.code, siteOf(step));
        break;
      case 'noSite':
        this.#sites.delete(step.code);
        this.feed.changeSite(step.code, null);
        break;
      case 'map':
        this.#municipalities = mapOf(step.count);
        this.feed.changeMunicipalities();
        break;
      case 'wait':
        this.nowMs += step.ms;
        this.follow(this.feed.nextBeat(true));
        break;
      case 'tick':
        this.follow(this.feed.nextDelta(true));
        break;
    }
  }

  follow(frame: string | undefined): void {
    if (frame === undefined) return;
    const { state, resync } = reduceLive(this.board, JSON.parse(frame) as ToBoard);
    // A beat that comes before the delta of its number asks for a snapshot; this board has it next.
    if (!resync) this.board = state;
  }

  /** What a board that comes now is told. */
  newcomer(): LiveState {
    return reduceLive(nothingKnown, JSON.parse(this.feed.snapshot()) as ToBoard).state;
  }
}

/** Each workstation knows its number: nobody looks at the holes of those that left. */
function picture(board: LiveState): object {
  return { ...board, workstations: board.workstations.filter((each) => each !== undefined) };
}

describe('live feed', () => {
  it('gives a board that follows deltas and beats the same picture as a new snapshot', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const stage = new Stage();
        for (const step of steps) stage.take(step);
        stage.follow(stage.feed.nextDelta(true));
        stage.follow(stage.feed.nextBeat(true));
        expect(picture(stage.board)).toEqual(picture(stage.newcomer()));
      }),
      { seed: 4_2, numRuns: 150 },
    );
  });

  it('goes on with the trend while nobody listens, and tells it to whoever comes', () => {
    const stage = new Stage();
    stage.take({ kind: 'beat', who: 0, verdict: 'ok', rxBytesPerSecond: 500 });
    for (let second = 0; second <= 60; second += 1) {
      expect(stage.feed.nextBeat(false)).toBeUndefined();
      stage.nowMs += 1_000;
    }
    const { trend } = stage.newcomer();
    const at = (points: number): number => REHEARSAL_MS + points * TREND_EVERY_MS;
    expect(trend.points).toEqual(
      [0, 1, 2, 3, 4].map((points) => ({ atMs: at(points), rxBytesPerSecond: 500 })),
    );
  });

  it('tells of municipalities only when they changed', () => {
    const stage = new Stage();
    stage.take({ kind: 'beat', who: 1, verdict: 'ok', rxBytesPerSecond: 0 });
    expect(JSON.parse(stage.feed.nextDelta(true) ?? '')).toMatchObject({ municipalities: null });
    stage.take({ kind: 'map', count: 2 });
    expect(JSON.parse(stage.feed.nextDelta(true) ?? '')).toMatchObject({
      municipalities: mapOf(2),
    });
    expect(stage.feed.nextDelta(true)).toBeUndefined();
  });
});
