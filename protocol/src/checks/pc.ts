import { roles } from '../placement.ts';
import { factsCheck } from './facts-check.ts';

/** `domain.md`, check 11. */
export const pcUps = factsCheck({
  id: 'pc.ups',
  subject: 'power',
  family: 'host',
  roles,
  expectedBy: [],
  mainMetric: 'pc.battery.ratio',
  maxAgeMs: 120_000,
  judge: (facts, limits) => {
    const evidence = {
      mains: facts.isOnMains,
      ...(facts.chargeRatio === undefined ? {} : { value: facts.chargeRatio }),
      ...(facts.runtimeMs === undefined ? {} : { runtimeMs: Math.round(facts.runtimeMs) }),
      ...(facts.isBatteryUnfit === true ? { batteryUnfit: true } : {}),
    };
    if (!facts.isOnMains) return { verdict: 'fail', reason: 'onBattery', evidence };
    const isLow = facts.chargeRatio !== undefined && facts.chargeRatio < limits.batteryOkRatio;
    const isShort = facts.runtimeMs !== undefined && facts.runtimeMs < limits.batteryOkMs;
    if (isLow || isShort || facts.isBatteryUnfit === true)
      return { verdict: 'warn', reason: 'lowBattery', evidence };
    return { verdict: 'ok', reason: 'ok', evidence };
  },
});

/** `domain.md`, check 9: the speaking program needs 1024×768. */
export const pcScreen = factsCheck({
  id: 'pc.screen',
  subject: 'screen',
  family: 'host',
  roles,
  expectedBy: [],
  mainMetric: 'pc.screen.width.pixels',
  maxAgeMs: 900_000,
  judge: ({ width, height }, limits) => {
    const evidence = { resolution: `${width}x${height}` };
    return width < limits.screenMinWidth || height < limits.screenMinHeight
      ? { verdict: 'fail', reason: 'smallScreen', evidence }
      : { verdict: 'ok', reason: 'ok', evidence };
  },
});

/** `domain.md`, check 10. */
export const pcSoftware = factsCheck({
  id: 'pc.software',
  subject: 'software',
  family: 'host',
  roles,
  expectedBy: [],
  mainMetric: 'pc.uptime.seconds',
  maxAgeMs: 26 * 3_600_000,
  judge: (facts) => {
    const first = facts.missingRequired[0] ?? facts.missingOptional[0];
    const evidence = {
      found: facts.found,
      required: facts.missingRequired.length,
      optional: facts.missingOptional.length,
      ...(first === undefined ? {} : { missing: first }),
    };
    if (facts.missingRequired.length > 0)
      return { verdict: 'fail', reason: 'requiredMissing', evidence };
    if (facts.missingOptional.length > 0)
      return { verdict: 'warn', reason: 'optionalMissing', evidence };
    return { verdict: 'ok', reason: 'ok', evidence };
  },
});

/** `domain.md`, check 8: a zone that differs only in its name keeps the same time and is right. */
export const clockZone = factsCheck({
  id: 'clock.zone',
  subject: 'zone',
  family: 'host',
  roles,
  expectedBy: [],
  mainMetric: 'clock.skew.ms',
  maxAgeMs: 900_000,
  judge: (facts) => {
    const evidence = {
      offsetMinutes: facts.offsetMinutes,
      expectedOffsetMinutes: facts.expectedOffsetMinutes,
    };
    return facts.offsetMinutes === facts.expectedOffsetMinutes
      ? { verdict: 'ok', reason: 'ok', evidence }
      : { verdict: 'fail', reason: 'wrongZone', evidence };
  },
});
