import { describe, expect, it } from 'vitest';
import {
  factsChecks,
  judgeAll,
  reasons,
  roles,
  verdictOf,
  type CheckVerdict,
  type Evidence,
  type Facts,
  type Role,
} from '@ppe-pulse/protocol';
import { domainTexts, formatEvidence, languages } from '@ppe-pulse/protocol/texts';

import { camera, factsCases, printer } from './facts-cases.ts';

const NOW = 1_000_000;
const MINUTE = 60_000;

function judged(facts: Facts, role: Role, ageMs = 0): CheckVerdict[] {
  return judgeAll({
    role,
    readings: new Map(),
    families: new Map(),
    observations: [{ subject: facts.subject, device: 1, last: { facts, atMs: NOW - ageMs } }],
    nowMs: NOW,
  });
}

describe('checks by facts', () => {
  it.each(factsCases)('$id of $facts.facts is $verdict, $reason', (row) => {
    const { id, facts, verdict, reason, role } = row;
    const found = judged(facts, role).find((each) => each.id === id);
    expect([found?.verdict, found?.reason]).toEqual([verdict, reason]);
  });

  it('cover every check, and every verdict has a reason of the list', () => {
    const bare = (id: string): string => id.replace('.1.', '.');
    const covered = new Set(factsCases.map(({ id }) => bare(id)));
    expect(factsChecks.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([
      'camera.outage',
    ]);
    for (const { reason } of factsCases) expect(reasons).toContain(reason);
  });

  it('call stale facts unknown, whatever they said, and a failed look by its reason', () => {
    for (const { id, facts, role } of factsCases) {
      const check = factsChecks.find((each) => each.id === id.replace('.1.', '.'));
      const old = judged(facts, role, (check?.maxAgeMs ?? 0) + 1).find((each) => each.id === id);
      expect([id, old?.verdict, old?.reason]).toEqual([id, 'unknown', 'stale']);
    }
    const failed = judgeAll({
      role: 'organizer',
      readings: new Map(),
      families: new Map(),
      observations: [{ subject: 'printer', device: 2, failure: 'probeQuarantined' }],
      nowMs: NOW,
    });
    expect(failed.find(({ id }) => id === 'printer.2.state')).toMatchObject({
      verdict: 'unknown',
      reason: 'probeQuarantined',
    });
  });

  it.each([
    [4 * MINUTE, 'ok', 'ok'],
    [5 * MINUTE, 'warn', 'outage'],
    [15 * MINUTE, 'fail', 'outage'],
    [20 * MINUTE, 'fail', 'outageCritical'],
  ])('%d ms without video in a room are %s, %s', (outageMs, verdict, reason) => {
    const facts: Facts = { subject: 'camera', facts: { ...camera, outageMs } };
    const found = judged(facts, 'video').find(({ id }) => id === 'camera.1.outage');
    expect([found?.verdict, found?.reason]).toEqual([verdict, reason]);
  });

  it('say that a role’s device is not configured, and no role is asked for what it never has', () => {
    const input = { readings: new Map(), families: new Map(), nowMs: NOW };
    const missing = (role: Role): string[] =>
      judgeAll({ ...input, role })
        .filter(({ reason }) => reason === 'notConfigured')
        .map(({ id }) => id);
    expect(missing('organizer')).toEqual(['printer.state']);
    expect(missing('scan')).toEqual(['scanner.state']);
    expect(missing('video')).toEqual(['camera.1.stream']);
    expect(missing('speaking')).toEqual(['audio.headset']);
    for (const role of roles.filter(
      (each) => !['organizer', 'print', 'scan', 'video', 'speaking'].includes(each),
    ))
      expect([role, missing(role)]).toEqual([role, []]);
  });

  it('wait for the plan without deciding for the workstation', () => {
    const all = judged({ subject: 'printer', facts: printer }, 'organizer').filter(({ id }) =>
      id.startsWith('printer.'),
    );
    expect(all.map(({ reason }) => reason)).toContain('noPlan');
    expect(verdictOf(all)).toBe('ok');
  });
});

describe.each(languages)('evidence in %s', (language) => {
  const { evidence: names, words } = domainTexts(language);
  /** Their words come from configuration or from another list. */
  const free = new Set(['host', 'resolution', 'missing', 'test', 'codec']);

  it('has words for every key and every token that a check may put into it', () => {
    const seen = factsCases.flatMap(({ facts, role }) =>
      judged(facts, role).flatMap(({ evidence }) => Object.entries(evidence)),
    );
    expect(seen.length).toBeGreaterThan(100);
    for (const [key, value] of seen) {
      if (key !== 'value') expect([key, names[key]]).toEqual([key, expect.any(String)]);
      if (typeof value === 'string' && !free.has(key))
        expect([key, value, words[value]]).toEqual([key, value, expect.any(String)]);
    }
  });
});

describe('evidence for people', () => {
  it.each([
    [
      { value: 1, source: 'queue', stuckMs: 125_000, tonerRatio: 0.05 },
      'источник: очередь печати · не движется: 2 мин 05 с · тонер: 5,0 %',
    ],
    [{ test: 'ioError', muted: true }, 'проверка: ошибка обмена · звук выключен: да'],
    [{ futureKey: 'futureWord', count: 3 }, 'futureKey: futureWord · count: 3'],
    [{ neededBytesPerSecond: 2_750_000 }, 'нужно: 22,0 Мбит/с'],
    [{ value: 0.95 }, ''],
  ] satisfies [Evidence, string][])('%j reads %s', (evidence, text) => {
    expect(formatEvidence(evidence, undefined, 'ru')).toBe(text);
  });

  it('shows limits in the unit of the check', () => {
    expect(formatEvidence({ value: 0.95, warn: 0.9, fail: 0.98 }, 'ratio', 'en')).toBe(
      'attention at: 90.0 % · failure at: 98.0 %',
    );
  });
});
