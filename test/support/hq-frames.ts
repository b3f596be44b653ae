import type { CheckVerdict, HqFrame, HqWorkstation, Role, Verdict } from '@ppe-pulse/protocol';
import { workstationId } from './rows.ts';

/** 10:12 in Кемерово. */
export const HQ_AT_MS = Date.parse('2024-05-15T03:12:00.000Z');
const MIN = 60_000;

type Said = readonly [id: string, verdict?: Verdict, reason?: string, evidence?: object];

/** A check as a relay would hand it on, read two seconds ago. */
export function check([id, verdict = 'ok', reason = 'ok', evidence = {}]: Said): CheckVerdict {
  return { id, verdict, reason, evidence: evidence as CheckVerdict['evidence'], ageMs: 2_000 };
}

const pc: readonly Said[] = [
  ['net.rtt', 'ok', 'ok', { value: 2.1, warn: 150, fail: 600 }],
  ['net.loss', 'ok', 'ok', { value: 0, warn: 0.01, fail: 0.05 }],
  ['clock.skew', 'ok', 'ok', { value: 41, warn: 30_000, fail: 120_000, boundMs: 3 }],
  ['pc.cpu', 'ok', 'ok', { value: 0.12, warn: 0.85, fail: 0.97 }],
  ['pc.ram', 'ok', 'ok', { value: 0.41, warn: 0.9, fail: 0.97 }],
  ['pc.disk', 'ok', 'ok', { value: 84_000_000_000, warn: 10_000_000_000, fail: 2_000_000_000 }],
];
const printer: readonly Said[] = [
  ['printer.state', 'ok', 'ok', { source: 'snmp', state: 'idle', tonerRatio: 0.62 }],
  ['printer.paper', 'unknown', 'noPlan'],
];
const cameras: readonly Said[] = [1, 2].map((number) => [
  `camera.${number}.stream`,
  'ok',
  'ok',
  { value: 25, transport: 'tcp', resolution: '1280x720', picture: 'moving' },
]);
const byRole: Readonly<Partial<Record<Role, readonly Said[]>>> = {
  hq: [...pc, ['net.down', 'ok', 'ok', { value: 9_000_000 }], ['net.portal']],
  organizer: [...pc, ...printer, ['scanner.state'], ['audio.out'], ...cameras],
  print: [...pc, ...printer],
  scan: [...pc, ['scanner.state', 'ok', 'ok', { feeder: 'loaded', test: 'ok' }]],
  speaking: [...pc, ['audio.headset', 'ok', 'ok', { value: 2, decibels: -21.5 }]],
  kege: pc,
};

/** A workstation that is heard and well, changed by `part`; `said` overrides checks by id. */
export function hqWorkstation(
  number: number,
  roomCode: string,
  part: Partial<HqWorkstation> & { readonly role?: Role; readonly said?: readonly Said[] } = {},
): HqWorkstation {
  const { role = 'organizer', said = [], ...rest } = part;
  const changed = new Map(said.map((each) => [each[0], check(each)]));
  const usual = [['heartbeat'] as Said, ...(byRole[role] ?? pc)].map(check);
  const known = usual.map((each) => changed.get(each.id) ?? each);
  const added = [...changed.values()].filter(({ id }) => !usual.some((each) => each.id === id));
  const checks = [...known, ...added];
  const worst =
    checks.find(({ verdict }) => verdict === 'fail') ??
    checks.find(({ verdict }) => verdict === 'warn');
  return {
    id: workstationId(number),
    placement: { siteCode: '0042', roomCode, role, duty: 'main', simulated: false },
    verdict: worst?.verdict ?? 'ok',
    reason: worst?.reason ?? 'ok',
    lastSeenMs: HQ_AT_MS - 2_000,
    agentVersion: '0.1.0',
    isRelay: false,
    checks,
    carried: null,
    clones: 0,
    ...rest,
  };
}

/** A workstation that was last heard so long ago. */
export function silent(
  number: number,
  roomCode: string,
  agoMs: number | null,
  part: Parameters<typeof hqWorkstation>[2] = {},
): HqWorkstation {
  const reason = agoMs === null ? 'notYetHeard' : 'silent';
  const said: Said[] = [['heartbeat', 'unknown', reason, { intervalMs: 5_000 }]];
  const workstation = hqWorkstation(number, roomCode, {
    verdict: 'unknown',
    reason,
    lastSeenMs: agoMs === null ? null : HQ_AT_MS - agoMs,
    said,
    ...part,
  });
  return agoMs === null ? { ...workstation, checks: workstation.checks.slice(0, 1) } : workstation;
}

/** A workstation that was never heard, whose data a flash drive brought: the newest so old. */
export function carried(number: number, roomCode: string, agoMs: number): HqWorkstation {
  return hqWorkstation(number, roomCode, {
    verdict: 'unknown',
    reason: 'notYetHeard',
    lastSeenMs: null,
    said: [['heartbeat', 'unknown', 'notYetHeard']],
    carried: { importedAtMs: HQ_AT_MS - agoMs + 3 * MIN, newestAtMs: HQ_AT_MS - agoMs },
  });
}

export function hqFrame(
  workstations: readonly HqWorkstation[],
  part: Partial<HqFrame> = {},
): HqFrame {
  return {
    type: 'hq',
    atMs: HQ_AT_MS,
    site: '0042',
    uplink: { state: 'live', sinceMs: HQ_AT_MS - 72 * MIN, spooled: 3, dropped: 0 },
    workstations: [...workstations],
    incidents: { atMs: null, isCurrent: false, total: 0, items: [] },
    ...part,
  };
}

const hqRoom = [
  hqWorkstation(1, '7777', { role: 'hq', isRelay: true }),
  hqWorkstation(2, '7777', { role: 'scan' }),
];

/** Twelve workstations and nothing wrong. */
export const calmFrame = hqFrame([
  ...hqRoom,
  ...Array.from({ length: 10 }, (_, at) => hqWorkstation(10 + at, String(at + 1).padStart(4, '0'))),
]);

/** A bad morning with the line outwards cut. */
export const badFrame = hqFrame(
  [
    ...hqRoom,
    hqWorkstation(10, '0001', {
      said: [['printer.state', 'fail', 'jam', { source: 'snmp', state: 'stopped', value: 3 }]],
    }),
    hqWorkstation(11, '0002', {
      said: [
        ['camera.1.stream', 'fail', 'unreachable', { transport: 'tcp' }],
        ['camera.1.outage', 'warn', 'outage', { value: 420, warn: 300, fail: 900 }],
        ['printer.state', 'warn', 'lowToner', { source: 'snmp', state: 'idle', tonerRatio: 0.06 }],
      ],
    }),
    hqWorkstation(12, '0003', {
      said: [
        ['camera.1.stream', 'fail', 'unreachable'],
        ['camera.2.stream', 'fail', 'unreachable'],
      ],
    }),
    silent(13, '0004', 17 * MIN),
    hqWorkstation(14, '0005', {
      said: [['clock.skew', 'fail', 'skewed', { value: 312_000, warn: 30_000, fail: 120_000 }]],
    }),
    hqWorkstation(15, '0006', {
      said: [['scanner.state', 'fail', 'scannerAbsent', { source: 'usb' }]],
    }),
    hqWorkstation(16, '0007', {
      clones: 1,
      verdict: 'fail',
      reason: 'cloned',
    }),
    carried(17, '0008', 12 * MIN),
    ...[18, 19, 20].map((number) =>
      hqWorkstation(number, '0009', {
        role: 'speaking',
        said: number === 20 ? [['audio.headset', 'fail', 'noInput', { value: 0 }]] : [],
      }),
    ),
    hqWorkstation(21, '0010', { verdict: 'silentByRule', reason: 'silentByRule' }),
    silent(22, '0010', null, {
      placement: {
        siteCode: '0042',
        roomCode: '0010',
        role: 'organizer',
        duty: 'reserve',
        simulated: false,
      },
    }),
  ],
  { uplink: { state: 'waiting', sinceMs: HQ_AT_MS - 60 * MIN, spooled: 1_240, dropped: 0 } },
);
