import type { PortalHandshake, PortalFacts, UplinkFacts } from '../facts/line.ts';
import { roles } from '../placement.ts';
import { judgeUpper, type Judgement } from './check.ts';
import { factsCheck, noPlanYet } from './facts-check.ts';
import type { Thresholds } from './thresholds.ts';

/** `domain.md`, check 6. */
export const netPortal = factsCheck({
  id: 'net.portal',
  subject: 'portal',
  family: 'net',
  roles: ['hq', 'video', 'rcoi'],
  expectedBy: [],
  mainMetric: 'net.portal.ms',
  maxAgeMs: 180_000,
  judge: judgePortal,
});

/** `domain.md`, check 4. */
export const netReserve = factsCheck({
  id: 'net.reserve',
  subject: 'reserveRoute',
  family: 'net',
  roles: ['hq', 'rcoi'],
  expectedBy: [],
  mainMetric: 'net.reserve.ms',
  maxAgeMs: 900_000,
  judge: (facts, limits) => {
    const age = facts.answeredAgeMs;
    const evidence = age === undefined ? {} : { answeredAgeMs: Math.round(age) };
    if (facts.isAlive) return { verdict: 'ok', reason: 'ok', evidence };
    if (age === undefined || age > limits.reserveWarnMs)
      return { verdict: 'fail', reason: 'reserveDead', evidence };
    return { verdict: 'fail', reason: facts.failure ?? 'reserveDead', evidence };
  },
});

/** `domain.md`, check 3: the deadline is the plan's. */
export const netEmEta = factsCheck({
  id: 'net.emEta',
  subject: 'emPackage',
  family: 'net',
  roles: ['hq', 'rcoi'],
  expectedBy: [],
  mainMetric: 'net.em.bytesPerSecond',
  maxAgeMs: 60_000,
  judge: noPlanYet,
});

/** `domain.md`, check 5: video and exam materials share one line. */
export const netUplinkHeadroom = factsCheck({
  id: 'net.uplinkHeadroom',
  subject: 'uplink',
  family: 'net',
  roles: ['hq'],
  expectedBy: [],
  mainMetric: 'net.uplink.ratio',
  maxAgeMs: 300_000,
  judge: judgeUplink,
});

/** `domain.md`, check 21. Whether the exam window is open is the plan's to say. */
export const isoInternet = factsCheck({
  id: 'iso.internet',
  subject: 'isolation',
  family: 'net',
  roles: roles.filter((role) => !['hq', 'video', 'rcoi'].includes(role)),
  expectedBy: [],
  mainMetric: 'net.tcp.ms',
  maxAgeMs: 900_000,
  judge: ({ isReachable }) =>
    isReachable
      ? { verdict: 'fail', reason: 'internetReachable', evidence: { reachable: true } }
      : { verdict: 'ok', reason: 'ok', evidence: { reachable: false } },
});

function judgeUplink(facts: UplinkFacts, limits: Thresholds): Judgement {
  const { neededBytesPerSecond: needed, measuredBytesPerSecond: measured } = facts;
  const ageMs = facts.measuredAgeMs ?? Number.POSITIVE_INFINITY;
  if (needed === undefined) return noPlanYet();
  const evidence = {
    neededBytesPerSecond: Math.round(needed),
    ...(measured === undefined
      ? {}
      : { measuredBytesPerSecond: Math.round(measured), measuredAgeMs: Math.round(ageMs) }),
  };
  if (measured === undefined || measured <= 0)
    return { verdict: 'unknown', reason: 'notMeasured', evidence };
  if (ageMs > limits.uplinkMaxAgeMs) return { verdict: 'unknown', reason: 'stale', evidence };
  const judged = judgeUpper(Math.round((needed / measured) * 1e4) / 1e4, {
    warn: limits.uplinkOkRatio,
    fail: limits.uplinkWarnRatio,
    warnReason: 'lineNearlyFull',
    failReason: 'lineTooSmall',
  });
  return { ...judged, evidence: { ...judged.evidence, ...evidence } };
}

function judgePortal(facts: PortalFacts, limits: Thresholds): Judgement {
  const judged = facts.hosts.map((host) => judgeHost(host, limits));
  const worst =
    judged.find(({ verdict }) => verdict === 'fail') ??
    judged.find(({ verdict }) => verdict === 'warn') ??
    judged[0];
  return worst ?? { verdict: 'unknown', reason: 'notConfigured', evidence: {} };
}

function judgeHost(host: PortalHandshake, limits: Thresholds): Judgement {
  const evidence = {
    host: host.host,
    ...(host.totalMs === undefined ? {} : { value: Math.round(host.totalMs) }),
    ...(host.certificateDays === undefined
      ? {}
      : { certificateDays: Math.floor(host.certificateDays) }),
  };
  if (host.failure !== undefined) return { verdict: 'fail', reason: host.failure, evidence };
  if (host.certificateDays !== undefined && host.certificateDays < limits.certificateWarnDays)
    return { verdict: 'warn', reason: 'certificateSoon', evidence };
  if (host.totalMs !== undefined && host.totalMs > limits.portalOkMs)
    return { verdict: 'warn', reason: 'slowHandshake', evidence };
  return { verdict: 'ok', reason: 'ok', evidence };
}
