import type {
  AudioFacts,
  CameraFacts,
  Facts,
  PrinterFacts,
  Role,
  ScannerFacts,
} from '@ppe-pulse/protocol';

const MINUTE = 60_000;

/** A check, facts as a device shows them, and what must be said of them, by which role. */
export interface FactsCase {
  readonly id: string;
  readonly facts: Facts;
  readonly verdict: string;
  readonly reason: string;
  readonly role: Role;
}

export const printer: PrinterFacts = {
  state: 'idle',
  conditions: [],
  source: 'ipp',
  isDeviceHeard: true,
  queueJobs: 0,
  stuckMs: 0,
  isStuck: false,
  abortedJobs: 0,
  tonerRatio: 0.5,
  proofAgeMs: 5 * MINUTE,
};
const scanner: ScannerFacts = {
  source: 'escl',
  isPresent: true,
  state: 'idle',
  feeder: 'loaded',
  test: { ageMs: MINUTE, reason: 'ok' },
};
export const camera: CameraFacts = {
  transport: 'tcp',
  state: 'streaming',
  fps: 25,
  width: 1_280,
  height: 720,
  hasAudio: true,
  lossRatio: 0.001,
  lastFrameAgeMs: 30,
  picture: 'moving',
  outageMs: 0,
  isOtherStreaming: true,
};
const audio: AudioFacts = {
  outputs: 1,
  inputs: 1,
  isOutputMuted: false,
  isInputMuted: false,
  level: { decibels: -20, ageMs: MINUTE },
};
const quietQueue = { source: 'queue', isDeviceHeard: false } as const;
const portal = { host: 'video.example', totalMs: 300, certificateDays: 90 };
const zone = {
  zone: 'Asia/Novokuznetsk',
  offsetMinutes: 420,
  expectedZone: 'Asia/Novokuznetsk',
  expectedOffsetMinutes: 420,
};
const need = { neededBytesPerSecond: 2_750_000 };
const hour = 60 * MINUTE;

type Row = readonly [string, Facts, string, string, Role?];

const rows: readonly Row[] = [
  ['printer.state', { subject: 'printer', facts: printer }, 'ok', 'ok'],
  ...(
    [
      ['jam', 'fail'],
      ['coverOpen', 'fail'],
      ['noPaper', 'fail'],
      ['noToner', 'fail'],
      ['offline', 'fail'],
      ['spoolerDown', 'fail'],
      ['paused', 'fail'],
      ['trayMissing', 'fail'],
      ['outputFull', 'fail'],
      ['serviceNeeded', 'fail'],
      ['printerError', 'fail'],
      ['notAccepting', 'fail'],
      ['lowPaper', 'warn'],
      ['lowToner', 'warn'],
    ] as const
  ).map(([condition, verdict]): Row => [
    'printer.state',
    { subject: 'printer', facts: { ...printer, conditions: [condition] } },
    verdict,
    condition,
  ]),
  [
    'printer.state',
    {
      subject: 'printer',
      facts: { ...printer, ...quietQueue, state: 'printing', stuckMs: 61_000, isStuck: true },
    },
    'fail',
    'stuckQueue',
  ],
  [
    'printer.state',
    { subject: 'printer', facts: { ...printer, abortedJobs: 2 } },
    'warn',
    'jobsAborted',
  ],
  [
    'printer.state',
    { subject: 'printer', facts: { ...printer, ...quietQueue, proofAgeMs: 13 * hour } },
    'unknown',
    'idleUnproven',
  ],
  ['printer.state', { subject: 'printer', facts: { ...printer, ...quietQueue } }, 'ok', 'ok'],
  ['printer.paper', { subject: 'printer', facts: printer }, 'unknown', 'noPlan'],
  ['printer.testPage', { subject: 'printer', facts: printer }, 'unknown', 'noPlan'],
  ['printer.eta', { subject: 'printer', facts: printer }, 'unknown', 'noPlan'],
  ['scanner.state', { subject: 'scanner', facts: scanner }, 'ok', 'ok'],
  ...(
    [
      [{ isPresent: false }, 'fail', 'scannerAbsent'],
      [{ isServiceUp: false }, 'fail', 'serviceDown'],
      [{ state: 'stopped' }, 'fail', 'scannerStopped'],
      [{ feeder: 'jam' }, 'fail', 'scannerJam'],
      [{ feeder: 'coverOpen' }, 'fail', 'scannerCoverOpen'],
      [{ test: { ageMs: 1, reason: 'ioError' } }, 'fail', 'ioError'],
      [{ test: { ageMs: 25 * hour, reason: 'ok' } }, 'warn', 'testOld'],
    ] as const
  ).map(([change, verdict, reason]): Row => [
    'scanner.state',
    { subject: 'scanner', facts: { ...scanner, ...change } },
    verdict,
    reason,
  ]),
  ['camera.1.stream', { subject: 'camera', facts: camera }, 'ok', 'ok'],
  ...(
    [
      [{ state: 'none', failure: 'refused', isOtherStreaming: false }, 'fail', 'refused'],
      [{ state: 'none', failure: 'unauthorised' }, 'warn', 'unauthorised'],
      [{ state: 'stalled', isOtherStreaming: false }, 'fail', 'stalled'],
      [{ picture: 'frozen' }, 'fail', 'frozen'],
      [{ picture: 'black' }, 'fail', 'black'],
      [{ picture: 'frozenSuspected' }, 'warn', 'frozen'],
      [{ picture: 'blackSuspected' }, 'warn', 'black'],
      [{ fps: 9 }, 'warn', 'lowFps'],
      [{ width: 320, height: 240 }, 'warn', 'lowResolution'],
      [{ hasAudio: false }, 'warn', 'noSound'],
      [{ lossRatio: 0.2 }, 'warn', 'lossy'],
    ] as const
  ).map(([change, verdict, reason]): Row => [
    'camera.1.stream',
    { subject: 'camera', facts: { ...camera, ...change } },
    verdict,
    reason,
  ]),
  ['camera.1.overlay', { subject: 'camera', facts: camera }, 'unknown', 'noPlan'],
  ['audio.out', { subject: 'audio', facts: audio }, 'ok', 'ok'],
  ['audio.out', { subject: 'audio', facts: { ...audio, outputs: 0 } }, 'fail', 'noOutput'],
  ['audio.out', { subject: 'audio', facts: { ...audio, isOutputMuted: true } }, 'fail', 'muted'],
  ['audio.headset', { subject: 'audio', facts: audio }, 'ok', 'ok', 'speaking'],
  [
    'audio.headset',
    { subject: 'audio', facts: { ...audio, inputs: 0 } },
    'fail',
    'noInput',
    'speaking',
  ],
  [
    'audio.headset',
    { subject: 'audio', facts: { ...audio, isInputMuted: true } },
    'fail',
    'muted',
    'speaking',
  ],
  [
    'audio.headset',
    { subject: 'audio', facts: { ...audio, level: { decibels: -70, ageMs: 0 } } },
    'warn',
    'tooQuiet',
    'speaking',
  ],
  ['net.portal', { subject: 'portal', facts: { hosts: [portal] } }, 'ok', 'ok', 'hq'],
  ...(
    [
      [{ totalMs: 3_001 }, 'warn', 'slowHandshake'],
      [{ certificateDays: 13 }, 'warn', 'certificateSoon'],
      [{ failure: 'dnsFailed' }, 'fail', 'dnsFailed'],
    ] as const
  ).map(([change, verdict, reason]): Row => [
    'net.portal',
    { subject: 'portal', facts: { hosts: [portal, { ...portal, ...change }] } },
    verdict,
    reason,
    'hq',
  ]),
  [
    'net.reserve',
    { subject: 'reserveRoute', facts: { isAlive: true, answeredAgeMs: 0 } },
    'ok',
    'ok',
    'hq',
  ],
  [
    'net.reserve',
    { subject: 'reserveRoute', facts: { isAlive: false, failure: 'unreachable' } },
    'fail',
    'reserveDead',
    'hq',
  ],
  ['net.uplinkHeadroom', { subject: 'uplink', facts: {} }, 'unknown', 'noPlan', 'hq'],
  ['net.uplinkHeadroom', { subject: 'uplink', facts: need }, 'unknown', 'notMeasured', 'hq'],
  ...(
    [
      [4_000_000, 'ok', 'ok', 0],
      [3_500_000, 'warn', 'lineNearlyFull', 0],
      [3_000_000, 'fail', 'lineTooSmall', 0],
      [4_000_000, 'unknown', 'stale', 4 * hour],
    ] as const
  ).map(([measuredBytesPerSecond, verdict, reason, measuredAgeMs]): Row => [
    'net.uplinkHeadroom',
    { subject: 'uplink', facts: { ...need, measuredBytesPerSecond, measuredAgeMs } },
    verdict,
    reason,
    'hq',
  ]),
  [
    'net.emEta',
    { subject: 'emPackage', facts: { state: 'done', receivedBytes: 1 } },
    'unknown',
    'noPlan',
    'hq',
  ],
  ['iso.internet', { subject: 'isolation', facts: { isReachable: false } }, 'ok', 'ok'],
  [
    'iso.internet',
    { subject: 'isolation', facts: { isReachable: true } },
    'fail',
    'internetReachable',
  ],
  ['clock.zone', { subject: 'zone', facts: zone }, 'ok', 'ok'],
  [
    'clock.zone',
    { subject: 'zone', facts: { ...zone, zone: 'Europe/Moscow', offsetMinutes: 180 } },
    'fail',
    'wrongZone',
  ],
  ['pc.screen', { subject: 'screen', facts: { width: 1_024, height: 768 } }, 'ok', 'ok'],
  ['pc.screen', { subject: 'screen', facts: { width: 1_366, height: 700 } }, 'fail', 'smallScreen'],
  [
    'pc.ups',
    { subject: 'power', facts: { isOnMains: true, chargeRatio: 1, runtimeMs: 25 * MINUTE } },
    'ok',
    'ok',
  ],
  [
    'pc.ups',
    { subject: 'power', facts: { isOnMains: true, chargeRatio: 0.8 } },
    'warn',
    'lowBattery',
  ],
  ['pc.ups', { subject: 'power', facts: { isOnMains: false } }, 'fail', 'onBattery'],
  [
    'pc.software',
    { subject: 'software', facts: { missingRequired: [], missingOptional: [], found: 3 } },
    'ok',
    'ok',
  ],
  [
    'pc.software',
    { subject: 'software', facts: { missingRequired: ['kumir'], missingOptional: [], found: 2 } },
    'fail',
    'requiredMissing',
  ],
  [
    'pc.software',
    { subject: 'software', facts: { missingRequired: [], missingOptional: ['idle'], found: 2 } },
    'warn',
    'optionalMissing',
  ],
];

/** Faults as devices show them. */
export const factsCases: readonly FactsCase[] = rows.map(
  ([id, facts, verdict, reason, role = 'organizer']) => ({ id, facts, verdict, reason, role }),
);
