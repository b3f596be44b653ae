/** Stages of a country: what one change costs, what all of them judged anew, and how much is held. */
import { planOf, StageEngine } from '../../protocol/dist/index.js';
import { percentile, row } from './bench.mjs';

const SITES = 6_000;
const ROOMS = 15;
/** Flips that are measured, spread over the country. */
const FLIPS = 20_000;
const MINUTE = 60_000;
/** 10:00 of 15 May 2024 in Kuzbass. */
const TEN = Date.parse('2024-05-15T03:00:00Z');

const plan = planOf({
  id: 'bench',
  title: 'bench',
  date: '2024-05-15',
  participants: { kinds: ['ppe-main'] },
  video: { participants: ['ppe-main'] },
  technologies: ['print-full-set'],
  exams: [{ subject: 'russian', kind: 'written', durationMinutes: 210 }],
});

export function run({ short }) {
  const sites = short ? SITES / 10 : SITES;
  const region = regionOf(sites);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const engine = new StageEngine({ plan, region, nowMs: TEN - 70 * MINUTE });
  const stations = stationsOf(region);
  for (const facts of stations) engine.station(facts.id, facts, TEN - 65 * MINUTE);
  engine.takeChanged();
  engine.takeUnsaved();
  globalThis.gc?.();
  const heldBytes = process.memoryUsage().heapUsed - before;
  const what = `${stations.length} workstations`;

  const quiet = timed(() => {
    for (const facts of stations) engine.station(facts.id, facts, TEN - 64 * MINUTE);
  });
  engine.tick(TEN);
  engine.takeChanged();
  const costs = flips(engine, stations);
  const mean = costs.reduce((sum, each) => sum + each, 0) / costs.length;
  const full = timed(() => engine.setPlan({ ...plan, title: 'edited' }, TEN + MINUTE));
  const moment = timed(() => engine.tick(TEN + 20 * MINUTE));
  return [
    row(`heartbeat that changes nothing, of ${what}`, (quiet * 1e6) / stations.length, 'ns'),
    row(`one flip, of ${what}: mean`, mean * 1e6, 'ns', { atMost: 100_000 }),
    row(`one flip, of ${what}: p99`, percentile(costs, 0.99) * 1e6, 'ns'),
    row('all judged anew', full, 'ms', { atMost: 5_000 * (sites / SITES) }),
    row('all judged anew to one flip', full / mean, 'times', { atLeast: 10_000 * (sites / SITES) }),
    row('a deadline of every site passes', moment, 'ms', { atMost: 5_000 * (sites / SITES) }),
    row('held for a workstation', heldBytes / stations.length, 'bytes', {
      note: globalThis.gc ? 'after a collection' : 'with garbage',
    }),
  ];
}

/** A workstation falls silent or is heard again; the nodes that it changed are taken each time. */
function flips(engine, stations) {
  const step = Math.max(1, Math.floor(stations.length / FLIPS)) * 2 + 1;
  const costs = [];
  for (let at = 0; at < FLIPS; at += 1) {
    const facts = stations[(at * step) % stations.length];
    const flipped = { ...facts, isHeard: at % 2 === 1 };
    costs.push(
      timed(() => {
        engine.station(facts.id, flipped, TEN);
        engine.takeChanged();
      }),
    );
  }
  return costs;
}

function timed(what) {
  const from = performance.now();
  what();
  return performance.now() - from;
}

function regionOf(count) {
  const sites = Array.from({ length: count }, (_, at) =>
    siteOf(String(at + 1).padStart(4, '0'), at),
  );
  const municipalities = Array.from({ length: 34 }, (_, at) => ({
    slug: `m${at}`,
    name: `m${at}`,
    kind: 'ГО',
    tile: null,
  }));
  return { isSample: true, timeZone: 'Asia/Novokuznetsk', municipalities, sites };
}

function siteOf(code, at) {
  const room = (roomCode, purpose, role) => ({
    code: roomCode,
    purposes: [purpose],
    seats: 15,
    cameras: 2,
    workstations: [
      { id: `${code}-${roomCode}`, role, duty: 'main', number: 1, origin: 'imported' },
    ],
  });
  const rooms = Array.from({ length: ROOMS }, (_, n) =>
    room(String(n + 1).padStart(4, '0'), 'written', 'organizer'),
  );
  return {
    code,
    kind: 'ppe',
    period: 'main',
    commission: null,
    name: code,
    municipality: `m${at % 34}`,
    address: '',
    timeZone: ['Asia/Omsk', null, 'Asia/Irkutsk'][at % 3],
    isRemote: false,
    provider: null,
    contractBytesPerSecond: null,
    dutyPhone: null,
    rooms: [room('7777', 'hq', 'hq'), ...rooms],
  };
}

/** Each PC with two cameras and a page counter; the Штаб has one more that watches the site. */
function stationsOf({ sites }) {
  const checks = ['camera.1.stream', 'camera.2.stream', 'printer.state', 'clock.zone'].map(
    (id) => ({ id, verdict: 'ok', reason: 'ok', evidence: {} }),
  );
  return sites.flatMap(({ code, rooms }) => {
    const station = (roomCode, role) => ({
      id: `${code}-${roomCode}-${role}`,
      siteCode: code,
      roomCode,
      role,
      duty: 'main',
      isHeard: true,
      mode: 'prep',
      checks,
      metric: (id) =>
        id === 'printer.pages.count' ? { value: 700, atMs: TEN - 65 * MINUTE } : undefined,
    });
    return [
      station('7777', 'video'),
      ...rooms.map((room) => station(room.code, room.workstations[0].role)),
    ];
  });
}
