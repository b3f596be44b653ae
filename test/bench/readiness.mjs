/** Readiness of a country: what one change costs, and what all of them judged anew. */
import { planOf, ReadinessBook } from '../../protocol/dist/index.js';
import { percentile, row } from './bench.mjs';

const SITES = 6_000;
/** With two PCs of the Штаб it makes 102,000 workstations. */
const ROOMS = 15;
/** Changes that are measured, spread over the country. */
const CHANGES = 20_000;
const MINUTE = 60_000;
/** 10:00 of 15 May 2024 in Kuzbass. */
const TEN = Date.parse('2024-05-15T03:00:00Z');

const plan = planOf({
  id: 'bench',
  title: 'bench',
  date: '2024-05-15',
  participants: { kinds: ['ppe-main'] },
  video: { participants: ['ppe-main'] },
  technologies: ['em-internet', 'print-full-set', 'scan-in-room'],
  exams: [{ subject: 'russian', kind: 'written', durationMinutes: 210 }],
});
const versions = { agent: '0.5.0', plan: 1 };

export function run({ short }) {
  const count = short ? SITES / 10 : SITES;
  const region = regionOf(count);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const book = new ReadinessBook();
  book.setRegion(region);
  book.setPlan(plan, versions);
  const stations = stationsOf(region);
  const load = timed(() => {
    for (const each of stations) book.station(each, TEN);
  });
  const full = timed(() => book.tick(TEN));
  book.takeChanged();
  globalThis.gc?.();
  const heldBytes = process.memoryUsage().heapUsed - before;
  const what = `${stations.length} workstations`;

  const beats = stations.map((each) => ({ ...each, heardAtMs: TEN + MINUTE }));
  const quiet = timed(() => {
    for (const each of beats) book.station(each, TEN + MINUTE);
  });
  const costs = changes(book, beats);
  const mean = costs.reduce((sum, each) => sum + each, 0) / costs.length;
  const idle = timed(() => book.tick(TEN + 2 * MINUTE));
  const codes = [...book.codes()];
  const whole = timed(() => {
    for (const code of codes) book.of(code, TEN + 2 * MINUTE);
  });
  const { total } = book.summaryOf(codes[0], TEN + 2 * MINUTE);
  return [
    row(`heartbeat that changes nothing, of ${what}`, (quiet * 1e6) / stations.length, 'ns'),
    row(`one change, of ${what}: mean`, mean * 1e6, 'ns', { atMost: 100_000 }),
    row(`one change, of ${what}: p99`, percentile(costs, 0.99) * 1e6, 'ns'),
    row(`all judged anew, ${total} conditions a ППЭ`, full, 'ms', {
      atMost: 5_000 * (count / SITES),
    }),
    row('all judged anew to one change', full / mean, 'times', {
      atLeast: 10_000 * (count / SITES),
    }),
    row('loading, nothing judged', load, 'ms'),
    row('a tick in which nothing falls due', idle, 'ms', { atMost: 50 }),
    row('the whole of one ППЭ with its ages', (whole * 1e6) / codes.length, 'ns'),
    row('held for a workstation, its state included', heldBytes / stations.length, 'bytes', {
      note: globalThis.gc ? 'after a collection' : 'with garbage',
    }),
  ];
}

/** A printer jams or is cleared; the sites that it changed are taken each time. */
function changes(book, stations) {
  const printing = stations.filter(({ placement }) => placement.role === 'organizer');
  const step = Math.max(1, Math.floor(printing.length / CHANGES)) * 2 + 1;
  const costs = [];
  for (let at = 0; at < CHANGES; at += 1) {
    const station = printing[(at * step) % printing.length];
    const checks = station.checks.map((each) =>
      each.id === 'printer.state' && at % 2 === 0
        ? { ...each, verdict: 'fail', reason: 'jam' }
        : each,
    );
    const next = { ...station, checks };
    costs.push(
      timed(() => {
        book.station(next, TEN + MINUTE);
        book.takeChanged();
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
  return { isSample: true, timeZone: 'Asia/Novokuznetsk', municipalities: [], sites };
}

function siteOf(code, at) {
  const room = (roomCode, purpose, roles) => ({
    code: roomCode,
    purposes: [purpose],
    seats: 15,
    cameras: 2,
    workstations: roles.map((role) => ({
      id: `${code}-${roomCode}-${role}`,
      role,
      duty: 'main',
      number: 1,
      origin: 'imported',
    })),
  });
  const rooms = Array.from({ length: ROOMS }, (_, n) =>
    room(String(n + 1).padStart(4, '0'), 'written', ['organizer']),
  );
  return {
    code,
    kind: 'ppe',
    period: 'main',
    commission: null,
    name: code,
    municipality: 'm',
    address: '',
    timeZone: ['Asia/Omsk', null, 'Asia/Irkutsk'][at % 3],
    isRemote: false,
    provider: null,
    contractBytesPerSecond: 6_250_000,
    dutyPhone: null,
    rooms: [room('7777', 'hq', ['hq', 'video']), ...rooms],
  };
}

/** Each workstation sends about what a real one of its role sends. */
function stationsOf({ sites }) {
  const check = (id, evidence = {}) => ({
    id,
    verdict: 'ok',
    reason: 'ok',
    evidence,
    ageMs: 5_000,
  });
  const common = ['clock.skew', 'pc.cpu', 'pc.ram', 'pc.disk', 'clock.zone', 'pc.screen', 'pc.ups'];
  const cameras = ['camera.1.stream', 'camera.2.stream'];
  const printer = check('printer.state', { proofAgeMs: 3_600_000 });
  const own = {
    hq: [
      check('net.down', { value: 7_000_000, warn: 6_250_000 }),
      ...['net.portal', 'net.reserve', 'net.uplinkHeadroom', ...cameras].map((id) => check(id)),
    ],
    video: cameras.map((id) => check(id)),
    organizer: [printer, ...['scanner.state', 'audio.out', ...cameras].map((id) => check(id))],
  };
  return sites.flatMap(({ code, rooms }) =>
    rooms.flatMap((room) =>
      room.workstations.map(({ id, role, duty }) => ({
        id: `agent-${id}`,
        placement: { siteCode: code, roomCode: room.code, role, duty, simulated: true },
        heartbeat: check('heartbeat'),
        // An array of its own, as every heartbeat brings one.
        checks: [...common.map((each) => check(each)), ...own[role].map((each) => ({ ...each }))],
        metrics: {
          newest: { 'net.em.ratio': 1, 'printer.paper.sheets': 500 },
          newestAtMs: TEN,
          older: new Map(),
        },
        agentVersion: versions.agent,
        planVersion: versions.plan,
        enrolledAtMs: 1_000,
        heardAtMs: TEN,
        carried: null,
      })),
    ),
  );
}
