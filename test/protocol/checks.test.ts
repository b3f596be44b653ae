import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checks,
  closeCodes,
  defaultThresholds,
  families,
  judgeAll,
  judgeHeartbeat,
  limits,
  metricOf,
  metrics,
  nextHeartbeatChangeMs,
  problemsOf,
  reasons,
  retryPolicyOf,
  roundMetric,
  standingOf,
  thresholdsFor,
  verdicts,
  verdictWeight,
  worstVerdict,
  type CheckVerdict,
  type Family,
  type FamilyState,
  type Reading,
  type Role,
  type Verdict,
} from '@ppe-pulse/protocol';

const NOW = 1_000_000;
const measured = new Map<Family, FamilyState>(
  families.map((family) => [family, { kind: 'measured' }]),
);

/** Readings that every check is content with. */
const good: Record<string, number> = {
  'pc.cpu.ratio': 0.2,
  'pc.ram.usedRatio': 0.4,
  'pc.ram.availableBytes': 4e9,
  'pc.disk.freeBytes': 80e9,
  'clock.skew.ms': 12,
  'clock.bound.ms': 3,
  'net.rtt.ms': 25,
  'net.loss.ratio': 0,
  'net.down.bytesPerSecond': 12_000_000,
  'app.running.count': 1,
};

function judge(
  values: Record<string, number>,
  role: Role = 'hq',
  state = measured,
  ageMs = 0,
): Map<string, CheckVerdict> {
  const readings = new Map<string, Reading>(
    Object.entries(values).map(([id, value]) => [id, { value, atMs: NOW - ageMs }]),
  );
  return new Map(
    judgeAll({ role, readings, families: state, nowMs: NOW }).map((each) => [each.id, each]),
  );
}

describe('catalogue', () => {
  it('names only metrics of the catalogue and each check once', () => {
    for (const check of checks) for (const id of check.metrics) expect(metricOf(id)).toBeDefined();
    expect(new Set(checks.map((check) => check.id)).size).toBe(checks.length);
    expect(new Set(metrics.map((metric) => metric.id)).size).toBe(metrics.length);
  });

  it('spells the unit last in a metric’s id', () => {
    const endings = {
      ratio: /ratio$/i,
      bytes: /bytes$/i,
      bytesPerSecond: /bytesPerSecond$/,
      ms: /\.ms$/,
      seconds: /seconds$/,
      count: /(count|jobs|sheets)$/,
      perSecond: /perSecond$/,
      days: /days$/,
      pagesPerMinute: /pagesPerMinute$/,
      fps: /fps$/,
      pixels: /pixels$/,
      decibels: /decibels$/,
    };
    for (const { id, unit } of metrics) expect(id).toMatch(endings[unit]);
  });

  it('is content with a good workstation', () => {
    for (const [id, verdict] of judge(good))
      expect([id, verdict.verdict, verdict.reason]).toEqual([id, 'ok', 'ok']);
  });
});

describe('judging', () => {
  it.each([
    ['net.rtt', { 'net.rtt.ms': defaultThresholds.rttOkMs }, 'ok', 'ok'],
    ['net.rtt', { 'net.rtt.ms': defaultThresholds.rttOkMs + 1 }, 'warn', 'slowReply'],
    ['net.rtt', { 'net.rtt.ms': defaultThresholds.rttWarnMs + 1 }, 'fail', 'slowReply'],
    ['net.loss', { 'net.loss.ratio': 0.01 }, 'ok', 'ok'],
    ['net.loss', { 'net.loss.ratio': 0.05 }, 'warn', 'lossy'],
    ['net.loss', { 'net.loss.ratio': 0.051 }, 'fail', 'lossy'],
    ['net.down', { 'net.down.bytesPerSecond': 6_250_000 }, 'ok', 'ok'],
    ['net.down', { 'net.down.bytesPerSecond': 6_249_999 }, 'warn', 'belowContract'],
    ['net.down', { 'net.down.bytesPerSecond': 249_999 }, 'fail', 'tooSlow'],
    ['clock.skew', { 'clock.skew.ms': -30_000 }, 'ok', 'ok'],
    ['clock.skew', { 'clock.skew.ms': -30_001 }, 'warn', 'skewed'],
    ['clock.skew', { 'clock.skew.ms': 120_001 }, 'fail', 'skewed'],
    ['pc.cpu', { 'pc.cpu.ratio': 0.95 }, 'warn', 'high'],
    ['pc.ram', { 'pc.ram.usedRatio': 0.98 }, 'fail', 'tooHigh'],
    ['pc.disk', { 'pc.disk.freeBytes': 1e9 }, 'fail', 'tooLow'],
    ['app.running', { 'app.running.count': 0 }, 'fail', 'notRunning'],
  ])('%s with %j is %s', (id, change, verdict, reason) => {
    expect(judge({ ...good, ...change }).get(id)).toMatchObject({ verdict, reason });
  });

  it('calls a missing reading unknown, by the reason of its probe where that failed', () => {
    const { 'net.rtt.ms': _, ...without } = good;
    expect(judge(without).get('net.rtt')).toMatchObject({
      verdict: 'unknown',
      reason: 'notMeasured',
    });
    const failed = new Map(measured).set('net', { kind: 'failed', reason: 'probeDeadline' });
    expect(judge(without, 'hq', failed).get('net.rtt')).toMatchObject({
      verdict: 'unknown',
      reason: 'probeDeadline',
    });
  });

  it('never calls a stale reading ok', () => {
    for (const check of checks) {
      const judged = judge(good, 'hq', measured, check.maxAgeMs + 1).get(check.id);
      expect([check.id, judged?.verdict, judged?.reason]).toEqual([check.id, 'unknown', 'stale']);
    }
  });

  it('leaves a check out where there is nothing to measure or the role has none', () => {
    const nothing = new Map(measured).set('app', { kind: 'nothing' });
    expect(judge(good, 'hq', nothing).has('app.running')).toBe(false);
    expect(judge(good, 'organizer').has('net.down')).toBe(false);
    expect(judge(good, 'rcoi').has('net.down')).toBe(true);
  });

  it('uses a role’s own limits, and configuration over them', () => {
    const twelve = { ...good, 'pc.disk.freeBytes': 12e9 };
    expect(judge(twelve, 'hq').get('pc.disk')?.verdict).toBe('ok');
    expect(judge(twelve, 'speaking').get('pc.disk')?.verdict).toBe('warn');
    expect(thresholdsFor('speaking', { diskWarnFreeBytes: 1 }).diskWarnFreeBytes).toBe(1);
  });
});

describe('silence', () => {
  it('is ok for two periods, a warning for six and then unknown, never a failure', () => {
    const at = (ageMs: number): string =>
      judgeHeartbeat({ lastSeenMs: 0, intervalMs: 5_000, nowMs: ageMs, farewell: null, rule: null })
        .verdict;
    expect([0, 10_000, 10_001, 30_000, 30_001, 1e9].map(at)).toEqual([
      'ok',
      'ok',
      'warn',
      'warn',
      'unknown',
      'unknown',
    ]);
  });

  it('after a goodbye is unknown at once, and says why', () => {
    expect(
      judgeHeartbeat({
        lastSeenMs: 0,
        intervalMs: 5_000,
        nowMs: 1,
        farewell: { reason: 'shutdown', returnDueMs: null },
        rule: null,
      }),
    ).toMatchObject({
      verdict: 'unknown',
      reason: 'saidGoodbye',
    });
  });

  it('is no fault by the plan, and no question where a site takes no part', () => {
    const silence = { lastSeenMs: 0, intervalMs: 5_000, farewell: null };
    const isolated = (nowMs: number) => judgeHeartbeat({ ...silence, nowMs, rule: 'isolated' });
    expect(isolated(1_000).verdict).toBe('ok');
    expect(isolated(20_000)).toMatchObject({ verdict: 'silentByRule', reason: 'isolatedByPlan' });
    expect(isolated(1e9).verdict).toBe('silentByRule');
    for (const lastSeenMs of [null, 0])
      expect(
        judgeHeartbeat({ ...silence, lastSeenMs, nowMs: 0, rule: 'notInvolved' }).verdict,
      ).toBe('notInvolved');
  });

  it('changes exactly when it said it would', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 300_000 }),
        fc.integer({ min: 0, max: 2_000_000 }),
        (intervalMs, ageMs) => {
          const silence = { lastSeenMs: 0, intervalMs, nowMs: ageMs, farewell: null, rule: null };
          const now = judgeHeartbeat(silence).verdict;
          const waitMs = nextHeartbeatChangeMs(silence);
          if (!Number.isFinite(waitMs)) expect(now).toBe('unknown');
          else {
            expect(judgeHeartbeat({ ...silence, nowMs: ageMs + waitMs - 1 }).verdict).toBe(now);
            expect(judgeHeartbeat({ ...silence, nowMs: ageMs + waitMs }).verdict).not.toBe(now);
          }
        },
      ),
      { seed: 930 },
    );
  });
});

describe('rolling up', () => {
  const verdict = fc.constantFrom<Verdict>(...verdicts);

  it('takes the worst, in any order, and unknown for nothing', () => {
    expect(worstVerdict([])).toBe('unknown');
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), (parts) => {
        const worst = worstVerdict(parts);
        expect(parts).toContain(worst);
        for (const part of parts)
          expect(verdictWeight(worst)).toBeGreaterThanOrEqual(verdictWeight(part));
        expect(worstVerdict(parts.toReversed())).toBe(worst);
      }),
      { seed: 7 },
    );
  });

  const heard: CheckVerdict = {
    id: 'heartbeat',
    verdict: 'ok',
    reason: 'ok',
    evidence: {},
    ageMs: 0,
  };
  const check = (id: string, of: Verdict): CheckVerdict => ({
    id,
    verdict: of,
    reason: 'high',
    evidence: {},
    ageMs: 0,
  });

  it('calls a silent workstation unknown whatever its last readings were', () => {
    const silent: CheckVerdict = { ...heard, verdict: 'unknown', reason: 'silent' };
    expect(standingOf(silent, [check('pc.cpu', 'fail')])).toMatchObject({
      verdict: 'unknown',
      reason: 'silent',
    });
    expect(problemsOf(silent, [check('pc.cpu', 'fail')]).map((each) => each.id)).toEqual([
      'heartbeat',
    ]);
  });

  it('lists what is not ok, worst first', () => {
    const parts = [check('a.b', 'warn'), check('c.d', 'ok'), check('e.f', 'fail')];
    expect(standingOf(heard, parts)).toEqual({ verdict: 'fail', reason: 'high' });
    expect(problemsOf(heard, parts).map((each) => each.id)).toEqual(['e.f', 'a.b']);
  });
});

describe('constants', () => {
  it('close codes are unique, and their reasons fit into a close frame', () => {
    const all = Object.values(closeCodes);
    expect(new Set(all.map((each) => each.code)).size).toBe(all.length);
    for (const { reason } of all) {
      expect(reason).toMatch(/^[\x20-\x7e]+$/);
      expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(limits.closeReasonBytes);
    }
    expect(retryPolicyOf(4999)).toBe('backoff');
  });

  it('reasons are tokens and unique', () => {
    expect(new Set(reasons).size).toBe(reasons.length);
    for (const reason of reasons) expect(reason).toMatch(/^[a-z][A-Za-z0-9]*$/);
  });

  it('a rounded metric keeps the digits of the catalogue', () => {
    expect(roundMetric('net.rtt.ms', 12.3456)).toBe(12.35);
    expect(roundMetric('pc.disk.freeBytes', 12.6)).toBe(13);
  });
});
