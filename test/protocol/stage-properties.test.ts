import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  StageEngine,
  type Claim,
  type NodeId,
  type Plan,
  type Region,
  type StageState,
} from '@ppe-pulse/protocol';
import {
  at,
  check,
  claimOf,
  facts,
  fullPlan,
  regionOf,
  room,
  site,
  writtenSite,
  type Seen,
} from './stage-world.ts';

const MINUTE = 60_000;

/** Three ППЭ in three zones, the РЦОИ in the video test, and one that takes no part. */
const region: Region = regionOf(
  writtenSite('0001', 2, { municipality: 'west', timeZone: 'Asia/Omsk' }),
  site('0002', [
    room(
      '7777',
      ['hq'],
      [
        ['hq', 'main'],
        ['video', 'main'],
      ],
    ),
    room(
      '0001',
      ['written'],
      [
        ['organizer', 'main'],
        ['organizer', 'main'],
      ],
    ),
    room(
      '0002',
      ['kege'],
      [
        ['kege', 'main'],
        ['kege', 'main'],
      ],
    ),
    room('0003', ['speaking'], [['speaking', 'main']]),
  ]),
  writtenSite('0003', 1, { timeZone: 'Asia/Irkutsk' }),
  writtenSite('0004', 1, { period: 'early' }),
  site('9001', [room('0001', ['video'], [['rcoi', 'main']])], { kind: 'rcoi', period: null }),
);

/** The plan as it is edited at 09:31: deadlines move, and rooms have fewer sets. */
const edited: Plan = {
  ...fullPlan,
  stages: fullPlan.stages.map((stage) =>
    stage.due === '10:15' ? { ...stage, due: '10:45', amber: '10:45', red: '11:00' } : stage,
  ),
  print: { ...fullPlan.print, setsPerRoom: 12 },
};

const stations: readonly (readonly [string, Seen])[] = [
  ['a', { siteCode: '0001', roomCode: '0001', role: 'organizer' }],
  ['b', { siteCode: '0001', roomCode: '0002', role: 'organizer' }],
  ['c', { siteCode: '0001', roomCode: '7777', role: 'hq' }],
  ['d', { siteCode: '0002', roomCode: '0001', role: 'organizer' }],
  ['e', { siteCode: '0002', roomCode: '0001', role: 'organizer' }],
  ['f', { siteCode: '0002', roomCode: '0002', role: 'kege' }],
  ['g', { siteCode: '0002', roomCode: '0002', role: 'kege' }],
  ['h', { siteCode: '0002', roomCode: '0003', role: 'speaking' }],
  ['i', { siteCode: '0002', roomCode: '7777', role: 'video' }],
  ['j', { siteCode: '0003', roomCode: '0001', role: 'organizer' }],
  ['k', { siteCode: '0004', roomCode: '0001', role: 'organizer' }],
  ['l', { siteCode: '9001', roomCode: '0001', role: 'rcoi' }],
];

const verdict = fc.constantFrom('ok', 'fail', 'unknown', 'warn');

/** Anything that a workstation may say; counters grow, stand, and begin again. */
const saying = fc.record({
  kind: fc.constant('see' as const),
  who: fc.nat(stations.length - 1),
  isHeard: fc.boolean(),
  camera: verdict,
  sound: verdict,
  pages: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
  images: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
  em: fc.option(fc.constantFrom(0.3, 1), { nil: undefined }),
  /** The PC believes to be elsewhere: its own check says so, and nothing else may come of it. */
  isInWrongZone: fc.boolean(),
});
const claiming = fc.record({
  kind: fc.constant('claim' as const),
  siteCode: fc.constantFrom('0001', '0002', '0003', '9001'),
  roomCode: fc.constantFrom(null, '0001', '0002', '0003'),
  what: fc.constantFrom(
    ...([
      ['written', 'printing'],
      ['written', 'keyLoaded'],
      ['written', 'examStarted'],
      ['written', 'techControl'],
      ['written', 'videoOn'],
      ['kege', 'stationsUp'],
      ['kege', 'answersExported'],
      ['speaking', 'groups'],
      ['video', 'camsOn'],
      ['video', 'anglesOk'],
      ['video', 'protocol'],
    ] as const),
  ),
  done: fc.option(fc.nat(3), { nil: null }),
  isMade: fc.boolean(),
});
const anyStep = fc.oneof(
  { weight: 6, arbitrary: saying },
  { weight: 3, arbitrary: claiming },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rule' as const),
      who: fc.nat(stations.length - 1),
      isOn: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      who: fc.constantFrom(0, 3),
      roomCode: fc.constantFrom('0001', '0002', '7777'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit' as const), isOn: fc.boolean() }) },
);
/** Steps of a day, each some minutes after the one before. */
const day = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), anyStep), {
  minLength: 5,
  maxLength: 24,
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const nodes: readonly NodeId[] = [
  'region',
  'municipality:west',
  'municipality:kemerovo',
  ...region.sites.map(({ code }) => `site:${code}`),
  ...region.sites.flatMap(({ code, rooms }) => rooms.map((each) => `room:${code}-${each.code}`)),
  ...stations.map(([id]) => `station:${id}`),
];

/** An engine under a day, with all that another one needs to come to the same. */
class Run {
  readonly engine: StageEngine;
  readonly claims: Claim[] = [];
  readonly rules = new Map<string, boolean>();
  readonly #places = new Map<string, Seen>(stations);
  plan: Plan = fullPlan;
  nowMs = at('06:00');

  constructor() {
    this.engine = new StageEngine({ plan: fullPlan, region, nowMs: this.nowMs });
  }

  take(afterMinutes: number, step: Step): void {
    this.nowMs += afterMinutes * MINUTE;
    switch (step.kind) {
      case 'see':
        this.#see(step);
        break;
      case 'claim': {
        const [track, stage] = step.what;
        const { siteCode, roomCode, done, isMade } = step;
        const rest = { siteCode, roomCode, track, done, isMade, atMs: this.nowMs };
        const claim = claimOf(this.claims.length + 1, stage, rest);
        this.claims.push(claim);
        this.engine.claim(claim, this.nowMs);
        break;
      }
      case 'tick':
        this.engine.tick(this.nowMs);
        break;
      case 'rule': {
        const id = stations[step.who]?.[0] ?? '';
        if (this.engine.signalsOf(id)) this.rules.set(id, step.isOn);
        this.engine.rule(id, step.isOn ? 'silentByRule' : null, this.nowMs);
        break;
      }
      case 'move': {
        const [id, seen] = stations[step.who] ?? ['', {}];
        this.#places.set(id, { ...seen, roomCode: step.roomCode });
        this.engine.tick(this.nowMs);
        break;
      }
      case 'edit':
        this.plan = step.isOn ? edited : fullPlan;
        this.engine.setPlan(this.plan, this.nowMs);
        break;
    }
  }

  states(engine = this.engine): Map<NodeId, readonly StageState[]> {
    return new Map(nodes.map((node) => [node, engine.statesOf(node)]));
  }

  /** Rooms of each site that have reached the stage in play. */
  doneRooms(engine = this.engine): Map<NodeId, readonly string[]> {
    return new Map(
      region.sites.map(({ code }) => [`site:${code}`, [...engine.doneRooms(code)].sort()]),
    );
  }

  /** What another engine makes of all that is remembered. */
  fromScratch(): StageEngine {
    const { plan, nowMs } = this;
    const engine = new StageEngine({ plan, region, nowMs });
    const kept = stations.flatMap(([id]) => {
      const signals = this.engine.signalsOf(id);
      return signals ? [[id, structuredClone(signals)] as const] : [];
    });
    engine.restore(kept);
    for (const claim of this.claims) engine.claim(claim, nowMs);
    for (const [id, isOn] of this.rules) engine.rule(id, isOn ? 'silentByRule' : null);
    return engine;
  }

  #see(step: Extract<Step, { kind: 'see' }>): void {
    const [id] = stations[step.who] ?? [''];
    const { isHeard, camera, sound, pages, images, em } = step;
    const seen: Seen = {
      ...this.#places.get(id),
      isHeard,
      checks: [
        check('camera.1.stream', camera),
        check('camera.2.stream', 'ok'),
        check('audio.headset', sound),
        ...(step.isInWrongZone ? [check('clock.zone', 'fail')] : []),
      ],
      metrics: {
        ...(pages === undefined ? {} : { 'printer.pages.count': pages }),
        ...(images === undefined ? {} : { 'scanner.images.count': images }),
        ...(em === undefined ? {} : { 'net.em.ratio': em }),
      },
    };
    this.engine.station(id, facts(id, seen, this.nowMs), this.nowMs);
  }
}

const seed = Number(process.env['PPE_PULSE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const runs = { seed, numRuns: 15 };

/** Runs a day and hands over what every node said before and after each step. */
function live(
  steps: readonly (readonly [number, Step])[],
  look: (run: Run, step: Step, said: { readonly before: Said; readonly after: Said }) => void,
): Run {
  const run = new Run();
  run.engine.takeChanged();
  let before = run.states();
  for (const [minutes, each] of steps) {
    run.take(minutes, each);
    const after = run.states();
    look(run, each, { before, after });
    before = after;
  }
  return run;
}
type Said = ReturnType<Run['states']>;

describe(`stages over random days (seed ${seed})`, () => {
  it('stand at every step as they do when all is judged anew', () => {
    fc.assert(
      fc.property(day, (steps) => {
        live(steps, (run, _, { after }) => {
          const engine = run.fromScratch();
          const anew = run.states(engine);
          expect(run.doneRooms()).toEqual(run.doneRooms(engine));
          // Comparing texts is quick; where they differ the difference is shown.
          if (JSON.stringify([...anew]) !== JSON.stringify([...after])) expect(after).toEqual(anew);
        });
      }),
      { ...runs, numRuns: 8 },
    );
  });

  it('are told as changed exactly where they changed', () => {
    fc.assert(
      fc.property(day, (steps) => {
        let doneBefore = new Map<NodeId, readonly string[]>();
        live(steps, (run, _, { before, after }) => {
          const doneAfter = run.doneRooms();
          const changed = nodes.filter(
            (node) =>
              String(doneBefore.get(node) ?? '') !== String(doneAfter.get(node) ?? '') ||
              (before.get(node) !== after.get(node) &&
                JSON.stringify(before.get(node)) !== JSON.stringify(after.get(node))),
          );
          doneBefore = doneAfter;
          expect([...run.engine.takeChanged()].sort()).toEqual([...changed].sort());
        });
      }),
      runs,
    );
  });

  it('stay reached, whatever comes, but where a person takes a claim back', () => {
    fc.assert(
      fc.property(day, (steps) => {
        live(steps, (_, step, { before, after }) => {
          if (step.kind === 'claim') return;
          for (const [node, states] of before) {
            // A workstation that moves takes its own state with it; its room's stays.
            if (node.startsWith('station:')) continue;
            const lost = states.filter(({ reachedAtMs, stage, track }) => {
              const now = after.get(node)?.find((is) => is.stage === stage && is.track === track);
              return reachedAtMs !== null && now?.reachedAtMs == null;
            });
            expect(lost.map(({ track, stage }) => `${node} ${track}.${stage}`)).toEqual([]);
          }
        });
      }),
      runs,
    );
  });

  it('never count more than there is, nor call anything reached that is not', () => {
    fc.assert(
      fc.property(day, (steps) => {
        const run = live(steps, () => undefined);
        const wrong = [...run.states().values()]
          .flat()
          .filter(
            (state) =>
              state.done + state.unknown + state.late > state.total ||
              Math.min(state.unknown, state.late) < 0 ||
              (state.reachedAtMs === null) !== (state.by === null) ||
              (state.reachedAtMs ?? 0) > run.nowMs ||
              (state.verdict === 'fail' && state.dueAtMs === null),
          );
        expect(wrong).toEqual([]);
      }),
      runs,
    );
  });

  it('are the same whether a PC knows its zone or not', () => {
    fc.assert(
      fc.property(day, (steps) => {
        const inZone = (isInWrongZone: boolean) =>
          live(
            steps.map(([minutes, each]) => [
              minutes,
              each.kind === 'see' ? { ...each, isInWrongZone } : each,
            ]),
            () => undefined,
          ).states();
        expect(inZone(true)).toEqual(inZone(false));
      }),
      { ...runs, numRuns: 8 },
    );
  });
});
