/** Incidents: flips through the engine, 3,000 workstations lost at once, and what open faults hold. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { IncidentEngine, problemsOf } from '../../protocol/dist/index.js';
import { percentile, row } from './bench.mjs';
import { deliveries } from './incidents-outbox.mjs';

const WALL_MS = Date.parse('2024-05-15T02:20:00Z');
const LOST = 3_000;
const OPEN_FLIPS = 10_000;
const TICK_MS = 250;
const CHECKS = ['clock.skew', 'pc.ram', 'printer.state', 'scanner.state', 'camera.1.stream'];

export async function run({ short }) {
  return [...flips(short), ...lost(), ...held(), ...(await deliveries({ short }))];
}

/** A printer jams and works again, one workstation after the other: every change is a flip. */
function flips(short) {
  const world = new World(LOST);
  world.tick(0);
  const rounds = short ? 4 : 20;
  let count = 0;
  const from = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    for (const station of world.stations) {
      world.see(station, round % 2 === 0 ? { 'printer.state': 'jam' } : {});
      count += 1;
      if (count % 150 === 0) world.tick(TICK_MS);
    }
    world.tick(60_000);
  }
  const tookMs = performance.now() - from;
  return [row('flips through the engine', (count / tookMs) * 1_000, 'per second')];
}

/** The region's line is cut: all are called silent within a second, and told as one. */
function lost() {
  const costs = [];
  let incidents = 0;
  for (let round = 0; round < 5; round += 1) {
    const world = new World(LOST);
    world.tick(0);
    let spent = 0;
    for (const [at, station] of world.stations.entries()) {
      spent += timed(() => world.see(station, 'silent'));
      if (at % (LOST / 4) === 0) spent += timed(() => world.tick(TICK_MS));
    }
    let opened = [];
    for (let waitedMs = 0; opened.length === 0 && waitedMs < 60_000; waitedMs += TICK_MS)
      spent += timed(() => (opened = world.tick(TICK_MS)));
    incidents = opened.filter(({ kind }) => kind === 'opened').length;
    costs.push(spent);
  }
  return [
    row(
      `${LOST} workstations lost in a second: engine time to the incident`,
      percentile(costs, 0.5),
      'ms',
      {
        atMost: 1_000,
        note: `${incidents} incident, 5 times`,
      },
    ),
  ];
}

/** The figure is of what is held: without a collection it is of garbage. */
function collect() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** So many open faults that nothing folds: each is an incident of its own. */
function held() {
  const world = new World(OPEN_FLIPS, { rooms: 1 });
  world.tick(0);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (const station of world.stations) world.see(station, { 'scanner.state': 'scannerAbsent' });
  world.tick(60_000);
  const open = world.engine.open().length;
  world.engine.takeUnsaved();
  collect();
  const heldBytes = process.memoryUsage().heapUsed - before;
  return [
    row(`${OPEN_FLIPS} open flips hold`, heldBytes / 1e6, 'MB', {
      atMost: 50,
      note: `${open} incidents, after a collection`,
    }),
  ];
}

/** Workstations of ППЭ with so many rooms, and the engine that looks at them. */
class World {
  #nowMs = 0;
  #number = 0;

  constructor(count, { rooms = 15 } = {}) {
    this.engine = new IncidentEngine({
      placeOf: (code) => ({
        municipality: `m${Number(code) % 34}`,
        provider: `p${Number(code) % 4}`,
      }),
      phaseOf: () => 'opening',
      nextNumber: () => (this.#number += 1),
    });
    this.stations = Array.from({ length: count }, (_, at) => ({
      id: `w-${at.toString(16).padStart(16, '0')}`,
      placement: {
        siteCode: String(Math.floor(at / rooms)).padStart(4, '0'),
        roomCode: String((at % rooms) + 1).padStart(4, '0'),
        role: 'organizer',
        duty: 'main',
        simulated: false,
      },
    }));
    for (const station of this.stations) this.see(station, {});
  }

  get now() {
    return { wallMs: WALL_MS + this.#nowMs, monotonicMs: this.#nowMs };
  }

  see(station, faults) {
    const isSilent = faults === 'silent';
    const heartbeat = verdict('heartbeat', isSilent ? 'unknown' : 'ok', isSilent ? 'silent' : 'ok');
    const checks = CHECKS.map((id) =>
      isSilent || faults[id] === undefined
        ? verdict(id, 'ok', 'ok')
        : verdict(id, 'fail', faults[id]),
    );
    const problems = problemsOf(heartbeat, checks);
    this.engine.see({ ...station, heartbeat, checks, clone: null, problems }, this.now);
  }

  tick(ms) {
    this.#nowMs += ms;
    return this.engine.tick(this.now);
  }
}

function verdict(id, value, reason) {
  return { id, verdict: value, reason, evidence: {}, ageMs: 0 };
}

function timed(what) {
  const from = performance.now();
  what();
  return performance.now() - from;
}
