import { describe, expect, it } from 'vitest';
import { MAX_PLAN_CHARACTERS, planReasons } from '@ppe-pulse/protocol';
import { checkPlanText } from '../../server/src/plan/check-plan-text.ts';
import { problemLine } from '../../server/src/plan/problem-lines.ts';
import { aRegion, shortPlan } from '../support/plans.ts';
import { badPlans } from './plan-text-cases.ts';

const nowMs = Date.parse('2026-05-01T09:00:00+07:00');

function linesOf(text: string, language: 'ru' | 'en' = 'en'): string[] {
  const { problems } = checkPlanText(text, { nowMs, region: aRegion() });
  return problems.map((problem) => problemLine('plan.yaml', problem, language));
}

/** Every reason that a case below was refused or warned for. */
const seen = new Set<string>();

describe('a bad plan is refused with its place, what is wrong and what to do', () => {
  it.each(badPlans)('$what', ({ add = '', text, lines }) => {
    const source = text ?? shortPlan + add;
    expect(linesOf(source)).toEqual(lines.map((line) => `plan.yaml:${line}`));
    for (const { reason } of checkPlanText(source, { nowMs, region: aRegion() }).problems)
      seen.add(reason);
  });

  it('a plan of a million characters', () => {
    const text = `${shortPlan}# ${'x'.repeat(1_000_000)}\n`;
    expect(linesOf(text)).toEqual([
      `plan.yaml:1:1: error: the plan is longer than ${MAX_PLAN_CHARACTERS} characters (${text.length}); take out comments and lists that it does not need`,
    ]);
    seen.add('planTooLong');
  });

  it('and no way to be refused is without its case here', () => {
    expect(planReasons.filter((reason) => !seen.has(reason))).toEqual([]);
  });
});

describe('hosts', () => {
  const isHost = (host: string): boolean =>
    checkPlanText(`${shortPlan}hosts: { emPortal: ["${host}"] }\n`, { nowMs, region: null }).ok;

  it.each([
    'localhost',
    'em.example.org',
    '10.0.0.1',
    'em.example.org:1',
    'em:65535',
    'xn--e1afmkfd.xn--p1ai',
  ])('%s is one', (host) => expect(isHost(host)).toBe(true));

  it.each([
    '',
    'a b',
    'em.example.org/',
    'em..org',
    '.org',
    'em:',
    'em:0',
    'em:65536',
    'user@em',
    '[::1]:80',
    'a'.repeat(300),
  ])('%s is none', (host) => expect(isHost(host)).toBe(false));
});

describe('the text of a plan', () => {
  it('is enough when it is short', () => {
    const outcome = checkPlanText(shortPlan, { nowMs, region: aRegion() });
    expect(outcome.problems).toEqual([]);
    expect(outcome.ok && outcome.plan).toMatchObject({
      id: 'short',
      timeZone: 'Asia/Novokuznetsk',
      subjects: ['russian'],
      participants: { kinds: ['ppe-main', 'rcoi'], only: ['0042'], except: [] },
      exams: [{ startAt: '10:00', durationMinutes: 210 }],
      modes: [{ mode: 'quiet', from: '09:30', to: 'end' }],
      throughput: { closedFrom: '09:15', closedTo: '10:30' },
      print: { setsPerRoom: 15, pagesPerSet: 20, pagesPerMinute: 30 },
    });
  });

  it('changes of a stage only what it names', () => {
    const outcome = checkPlanText(`${shortPlan}stages: { printing: { red: "10:40" } }\n`, {
      nowMs,
      region: null,
    });
    const stage = outcome.ok && outcome.plan.stages.find(({ id }) => id === 'printing');
    expect(stage).toEqual({
      id: 'printing',
      due: '10:15',
      amber: '10:20',
      red: '10:40',
      target: 1,
    });
  });

  it('that takes a stage’s deadline away takes its limits along', () => {
    const text = `${shortPlan}stages: { printing: { due: null } }\n`;
    const outcome = checkPlanText(text, { nowMs, region: null });
    const stage = outcome.ok && outcome.plan.stages.find(({ id }) => id === 'printing');
    expect(stage).toMatchObject({ due: null, amber: null, red: null });
  });

  it('is of a past day when it says so, or when the reader does', () => {
    const old = shortPlan.replace('2026-05-20', '2024-05-15');
    expect(checkPlanText(old, { nowMs, region: null }).ok).toBe(false);
    expect(checkPlanText(old, { nowMs, region: null, allowOld: true }).ok).toBe(true);
    expect(checkPlanText(`${old}archive: true\n`, { nowMs, region: null }).ok).toBe(true);
    // It was applied when it was young.
    expect(checkPlanText(old, { nowMs: null, region: null }).ok).toBe(true);
  });

  it('names all that is wrong at once, in the order of the lines', () => {
    const text = `${shortPlan}print: { setsPerRoom: x }\nhosts: { emPortal: [/] }\nfoo: 1\n`;
    expect(linesOf(text).map((line) => line.split(':')[1])).toEqual(['9', '10', '11']);
  });

  it('is judged in Russian as well', () => {
    expect(linesOf(`${shortPlan}stages: { printing: { red: "10:10" } }\n`, 'ru')).toEqual([
      'plan.yaml:9:28: ошибка: stages.printing.red: этап printing: red 10:10 раньше amber 10:20; сдвиньте red на 10:20 или позже',
    ]);
    expect(linesOf(`${shortPlan}prnt: {}\n`, 'ru')).toEqual([
      'plan.yaml:9:1: ошибка: prnt: неизвестный ключ "prnt"; может быть, "print"?',
    ]);
  });
});
