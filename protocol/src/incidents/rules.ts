import type { Phase } from './phase.ts';

/** How a check's verdicts become incidents. One line a check in `alertRules`. */
export interface AlertRule {
  /** Id of the check without a device's number; `collector.…` for the collector's own. */
  readonly kind: string;
  /** A fault must last so long before it opens anything, ms. */
  readonly openAfterMs: number;
  /** And must be over for so long before its incident ends. */
  readonly resolveAfterMs: number;
  /** False: an amber verdict is a state to be seen, not a call to be made. */
  readonly opensOnWarn: boolean;
  /** Phases in which a red verdict (of `heartbeat`: silence) is critical; in others it is a warning. */
  readonly criticalIn: readonly Phase[];
  /** Faults of devices and PCs have a cause in their own site at most; the line's have one outside. */
  readonly foldsUpTo: 'site' | 'region';
}

const SECOND = 1_000;
const MINUTE = 60_000;

/** A check that cannot be measured any more is told after this: by then it did not pass by itself. */
export const BLIND_AFTER_MS = 5 * MINUTE;
/** A PC that left in order while it is needed is told after this: a restart is over by then. */
export const AWAY_AFTER_MS = 2 * MINUTE;

/** From the first deadline of the day until the materials are sent. */
const day: readonly Phase[] = ['opening', 'exam', 'collection'];
const video: readonly Phase[] = ['opening', 'exam'];

type Rest = Partial<Omit<AlertRule, 'kind'>>;

const rule = (kind: string, rest: Rest = {}): AlertRule => ({
  kind,
  openAfterMs: 30 * SECOND,
  resolveAfterMs: 30 * SECOND,
  opensOnWarn: true,
  criticalIn: [],
  foldsUpTo: 'site',
  ...rest,
});

/**
 * Every rule. Amber of what only has to be watched opens nothing: an alarm is what somebody must act on
 * (EEMUA 191). Checks that wait for a probe's minute wait longer, so that a common cause is seen whole.
 */
export const alertRules: readonly AlertRule[] = [
  // Six periods of silence are over already.
  rule('heartbeat', { openAfterMs: 15 * SECOND, criticalIn: day, foldsUpTo: 'region' }),
  rule('clone', { openAfterMs: 0, resolveAfterMs: MINUTE, criticalIn: ['opening'] }),
  rule('net.down', {
    openAfterMs: 2 * MINUTE,
    resolveAfterMs: 2 * MINUTE,
    opensOnWarn: false,
    criticalIn: ['opening', 'collection'],
    foldsUpTo: 'region',
  }),
  rule('net.rtt', {
    openAfterMs: 2 * MINUTE,
    resolveAfterMs: 2 * MINUTE,
    opensOnWarn: false,
    foldsUpTo: 'region',
  }),
  rule('net.loss', {
    openAfterMs: MINUTE,
    resolveAfterMs: MINUTE,
    opensOnWarn: false,
    criticalIn: ['opening', 'collection'],
    foldsUpTo: 'region',
  }),
  rule('net.portal', {
    openAfterMs: 90 * SECOND,
    resolveAfterMs: MINUTE,
    criticalIn: ['opening', 'collection'],
    foldsUpTo: 'region',
  }),
  rule('net.reserve', { openAfterMs: 2 * MINUTE, resolveAfterMs: MINUTE, foldsUpTo: 'region' }),
  rule('net.emEta', {
    openAfterMs: 5 * MINUTE,
    resolveAfterMs: 5 * MINUTE,
    criticalIn: ['preparation'],
    foldsUpTo: 'region',
  }),
  rule('net.uplinkHeadroom', {
    openAfterMs: 2 * MINUTE,
    resolveAfterMs: 2 * MINUTE,
    opensOnWarn: false,
  }),
  rule('iso.internet', { openAfterMs: 0, resolveAfterMs: MINUTE, criticalIn: video }),
  rule('clock.skew', {
    openAfterMs: MINUTE,
    opensOnWarn: false,
    criticalIn: ['opening'],
    foldsUpTo: 'region',
  }),
  rule('clock.zone', { openAfterMs: MINUTE, criticalIn: ['opening'] }),
  rule('pc.cpu', { openAfterMs: 5 * MINUTE, resolveAfterMs: 2 * MINUTE, opensOnWarn: false }),
  rule('pc.ram', { openAfterMs: 5 * MINUTE, resolveAfterMs: 2 * MINUTE, opensOnWarn: false }),
  rule('pc.disk', { openAfterMs: MINUTE, resolveAfterMs: MINUTE, criticalIn: ['opening'] }),
  rule('pc.screen', { openAfterMs: MINUTE }),
  rule('pc.software', { openAfterMs: MINUTE, opensOnWarn: false }),
  rule('pc.ups', { openAfterMs: 15 * SECOND, resolveAfterMs: MINUTE, criticalIn: day }),
  rule('app.running', { openAfterMs: MINUTE, criticalIn: ['opening', 'exam'] }),
  rule('printer.state', { openAfterMs: 20 * SECOND, criticalIn: ['opening'] }),
  rule('printer.paper', { openAfterMs: MINUTE, criticalIn: ['opening'] }),
  rule('printer.eta', { openAfterMs: 2 * MINUTE, opensOnWarn: false, criticalIn: ['opening'] }),
  rule('printer.testPage', { openAfterMs: MINUTE }),
  rule('scanner.state', { openAfterMs: 20 * SECOND, criticalIn: ['collection'] }),
  rule('audio.out', { openAfterMs: 30 * SECOND, criticalIn: ['opening'] }),
  rule('audio.headset', { openAfterMs: 30 * SECOND, criticalIn: ['opening', 'exam'] }),
  // How bad a dark room is, its outage says: `severity.ts`.
  rule('camera.stream', { openAfterMs: 45 * SECOND, foldsUpTo: 'region' }),
  rule('camera.overlay', { openAfterMs: MINUTE }),
  rule('collector.line', { openAfterMs: 0, resolveAfterMs: 10 * SECOND, criticalIn: [] }),
  rule('collector.store', { openAfterMs: 10 * SECOND, resolveAfterMs: 30 * SECOND }),
];

const byKind: ReadonlyMap<string, AlertRule> = new Map(alertRules.map((each) => [each.kind, each]));

/**
 * The rule of a check, undefined for one that opens nothing: `camera.outage` counts what the streams'
 * incident tells, and checks of a newer peer.
 */
export function alertRuleOf(kind: string): AlertRule | undefined {
  return byKind.get(kind);
}
