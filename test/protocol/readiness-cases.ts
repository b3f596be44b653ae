import {
  defaultEmPackage,
  defaultHosts,
  defaultModes,
  defaultPrint,
  defaultStages,
  defaultThroughput,
  matchPlanned,
  plannedWorkstations,
  type CheckVerdict,
  type Claim,
  type Duty,
  type Exam,
  type Metrics,
  type Placement,
  type Plan,
  type ReadinessStation,
  type Role,
  type Room,
  type RoomPurpose,
  type Site,
  type StageId,
  type StageTrack,
} from '@ppe-pulse/protocol';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** 15 May 2024, 07:00 in Kuzbass: everything of the days before is done. */
export const morningMs = Date.parse('2024-05-15T00:00:00Z');

/** A written exam, informatics and speaking, with the test of the video system. */
export const plan: Plan = {
  id: '2024-05-15',
  title: 'Федеральная апробация 15.05.2024',
  date: '2024-05-15',
  timeZone: 'Asia/Novokuznetsk',
  coordinator: '',
  subjects: ['russian', 'english-speaking', 'informatics-kege'],
  technologies: ['em-internet', 'print-full-set', 'scan-in-room', 'speaking', 'kege'],
  participants: { kinds: ['ppe-main', 'rcoi', 'subject-commission'], only: [], except: [] },
  video: { participants: ['ppe-main', 'rcoi', 'subject-commission'], municipal: ['ppe-early'] },
  exams: [exam('russian', 'written'), exam('english', 'speaking'), exam('informatics', 'kege')],
  stages: defaultStages,
  modes: defaultModes,
  thresholds: { all: {}, roles: {} },
  hosts: defaultHosts,
  throughput: defaultThroughput,
  print: defaultPrint,
  emPackage: defaultEmPackage,
};

export function exam(subject: string, kind: Exam['kind']): Exam {
  return { subject, kind, startAt: '10:00', durationMinutes: 210 };
}

/** A ППЭ with all that there can be: a Штаб, written rooms, informatics and speaking. */
export function fullSite(code = '4216', written = 3): Site {
  const room = roomMaker(code);
  return {
    ...bareSite(code),
    rooms: [
      room(
        '7777',
        ['hq'],
        [
          ['hq', 'main', 1],
          ['hq', 'reserve', 1],
          ['video', 'main', 1],
          ['scan', 'main', 1],
          ['scan', 'reserve', 1],
          ['organizer', 'reserve', 1],
        ],
      ),
      ...Array.from({ length: written }, (_, at) =>
        room(String(at + 1).padStart(4, '0'), ['written'], [['organizer', 'main', 1]]),
      ),
      room(
        '0101',
        ['kege'],
        [
          ['kege', 'main', 3],
          ['kege', 'reserve', 1],
        ],
      ),
      room(
        '0102',
        ['speaking'],
        [
          ['speaking', 'main', 2],
          ['speaking', 'reserve', 1],
        ],
      ),
    ],
  };
}

/** A ППЭ of a written exam alone. */
export function writtenSite(code: string, rooms: number): Site {
  const full = fullSite(code, rooms);
  return {
    ...full,
    rooms: full.rooms.filter(({ purposes }) => /hq|written/.test(purposes[0] ?? '')),
  };
}

/** A commission: cameras and a PC that watches them. */
export function commissionSite(code: string): Site {
  const room = roomMaker(code);
  return {
    ...bareSite(code),
    kind: 'commission',
    period: null,
    commission: 'subject',
    rooms: [room('0001', ['video'], [['video', 'main', 1]])],
  };
}

function roomMaker(siteCode: string) {
  return (
    roomCode: string,
    purposes: readonly RoomPurpose[],
    workstations: readonly (readonly [Role, Duty, number])[],
  ): Room => ({
    code: roomCode,
    purposes,
    seats: 15,
    cameras: 2,
    workstations: workstations.flatMap(([role, duty, count]) =>
      plannedWorkstations({ siteCode, roomCode, role, duty }, count),
    ),
  });
}

function bareSite(code: string): Site {
  return {
    code,
    kind: 'ppe',
    period: 'main',
    commission: null,
    name: 'МБОУ «Школа № 1»',
    municipality: 'kemerovo',
    address: '',
    timeZone: null,
    isRemote: false,
    provider: null,
    contractBytesPerSecond: 50_000_000 / 8,
    dutyPhone: null,
    rooms: [],
  };
}

export function check(id: string, change: Partial<CheckVerdict> = {}): CheckVerdict {
  return { id, verdict: 'ok', reason: 'ok', evidence: {}, ageMs: 5_000, ...change };
}

/** Everything that a healthy workstation of a role sends. */
export function healthyChecks(role: Role, isOnlyWatcher = false): CheckVerdict[] {
  const common = ['clock.skew', 'clock.zone', 'pc.cpu', 'pc.ram', 'pc.disk', 'pc.screen'];
  const printer = check('printer.state', { evidence: { proofAgeMs: 2 * HOUR } });
  const line = [
    check('net.down', { evidence: { value: 60_000_000 / 8, warn: 50_000_000 / 8 } }),
    check('net.portal'),
    check('net.reserve', { evidence: { answeredAgeMs: 1_000 } }),
    check('net.uplinkHeadroom', { evidence: { value: 0.5 } }),
  ];
  const cameras = [1, 2].map((n) => check(`camera.${n}.stream`));
  const own: Partial<Record<Role, readonly CheckVerdict[]>> = {
    hq: [...line, check('pc.ups'), printer, ...(isOnlyWatcher ? [] : cameras)],
    organizer: [printer, check('scanner.state'), check('audio.out'), check('pc.ups'), ...cameras],
    scan: [check('scanner.state'), check('pc.ups')],
    kege: [check('pc.software')],
    speaking: [check('audio.headset')],
    // It watches its own room and every room that has no watcher of its own.
    video: Array.from({ length: 64 }, (_, at) => check(`camera.${at + 1}.stream`)),
  };
  return [...common.map((id) => check(id)), ...(own[role] ?? [])];
}

/** A workstation that is well and is heard. */
export function healthyStation(id: string, placement: Placement, nowMs: number): ReadinessStation {
  const isLine = placement.role === 'hq';
  const prints = placement.role === 'organizer';
  return {
    id,
    placement,
    heartbeat: check('heartbeat', { ageMs: 0, evidence: { intervalMs: 5_000 } }),
    checks: healthyChecks(placement.role),
    metrics: metricsOf({
      ...(isLine ? { 'net.em.ratio': 1 } : {}),
      ...(prints ? { 'printer.paper.sheets': 500 } : {}),
    }),
    agentVersion: '0.5.0',
    planVersion: 3,
    enrolledAtMs: 1_000,
    heardAtMs: nowMs,
    carried: null,
  };
}

export function metricsOf(newest: Metrics): ReadinessStation['metrics'] {
  return { newest, newestAtMs: 0, older: new Map() };
}

/** Every planned workstation of a site, well and heard. */
export function healthyStations(site: Site, nowMs: number): ReadinessStation[] {
  return site.rooms.flatMap((room) =>
    room.workstations.map(({ id, role, duty }) => {
      const place = { siteCode: site.code, roomCode: room.code, role, duty, simulated: false };
      return healthyStation(`agent-${id}`, place, nowMs);
    }),
  );
}

/** Workstations by the planned one that they stand for. */
export function placed(
  site: Site,
  stations: readonly ReadinessStation[],
): ReadonlyMap<string, ReadinessStation> {
  const byId = new Map(stations.map((each) => [each.id, each]));
  const { matched } = matchPlanned(site, stations);
  return new Map(
    [...matched].flatMap(([planned, agent]): [string, ReadinessStation][] => {
      const station = byId.get(agent);
      return station ? [[planned, station]] : [];
    }),
  );
}

export function claim(
  stage: StageId,
  change: Partial<Claim> & { readonly track?: StageTrack } = {},
): Claim {
  return {
    id: 1,
    siteCode: '4216',
    roomCode: null,
    track: 'written',
    stage,
    done: null,
    isMade: true,
    by: 'ppe-4216',
    atMs: morningMs - HOUR,
    note: '',
    ...change,
  };
}

/** All that people say when a ППЭ is ready. */
export function allClaims(siteCode = '4216'): Claim[] {
  const said: [StageId, StageTrack][] = [
    ['techControl', 'written'],
    ['actsSent', 'written'],
    ['overlayOk', 'video'],
    ['anglesOk', 'video'],
    ['portalOk', 'video'],
  ];
  return said.map(([stage, track], at) => claim(stage, { id: at + 1, track, siteCode }));
}
