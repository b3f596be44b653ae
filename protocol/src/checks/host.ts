import { roles } from '../placement.ts';
import { judgeLower, judgeUpper, type CheckDefinition } from './check.ts';

/** CPU use: a PC that is busy for a minute prints and exports late. */
export const pcCpu: CheckDefinition = {
  id: 'pc.cpu',
  roles,
  family: 'host',
  metrics: ['pc.cpu.ratio'],
  maxAgeMs: 30_000,
  judge: ([ratio = 0], limits) =>
    judgeUpper(ratio, {
      warn: limits.cpuWarnRatio,
      fail: limits.cpuFailRatio,
      warnReason: 'high',
      failReason: 'tooHigh',
    }),
};

/** Memory in use. */
export const pcRam: CheckDefinition = {
  id: 'pc.ram',
  roles,
  family: 'host',
  metrics: ['pc.ram.usedRatio', 'pc.ram.availableBytes'],
  maxAgeMs: 30_000,
  judge: ([ratio = 0, availableBytes = 0], limits) => {
    const judged = judgeUpper(ratio, {
      warn: limits.ramWarnUsedRatio,
      fail: limits.ramFailUsedRatio,
      warnReason: 'high',
      failReason: 'tooHigh',
    });
    return { ...judged, evidence: { ...judged.evidence, availableBytes } };
  },
};

/** Free space of the watched disk. */
export const pcDisk: CheckDefinition = {
  id: 'pc.disk',
  roles,
  family: 'host',
  metrics: ['pc.disk.freeBytes'],
  maxAgeMs: 120_000,
  judge: ([freeBytes = 0], limits) =>
    judgeLower(freeBytes, {
      warn: limits.diskWarnFreeBytes,
      fail: limits.diskFailFreeBytes,
      warnReason: 'low',
      failReason: 'tooLow',
    }),
};

/** The PC's clock against the collector's. `bound.ms` is half the best round trip: the error. */
export const clockSkew: CheckDefinition = {
  id: 'clock.skew',
  roles,
  family: 'host',
  metrics: ['clock.skew.ms', 'clock.bound.ms'],
  maxAgeMs: 180_000,
  judge: ([skewMs = 0, boundMs = 0], limits) => {
    const judged = judgeUpper(Math.abs(skewMs), {
      warn: limits.clockOkMs,
      fail: limits.clockWarnMs,
      warnReason: 'skewed',
      failReason: 'skewed',
    });
    return { ...judged, evidence: { ...judged.evidence, value: skewMs, boundMs } };
  },
};
