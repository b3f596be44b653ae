import { readinessConditions, type Condition } from '@ppe-pulse/protocol';
import {
  conditionBasis,
  conditionReason,
  conditionTitle,
  conditionTodo,
  languages,
  missingTitles,
  nounOf,
  readinessCount,
  readinessTexts,
} from '@ppe-pulse/protocol/texts';
import { describe, expect, it } from 'vitest';

describe('texts of readiness', () => {
  it('are there for every condition of the catalogue, and for no other', () => {
    const ids = readinessConditions.map(({ id }) => id).toSorted();
    for (const language of languages)
      expect(Object.keys(readinessTexts(language).conditions).toSorted()).toEqual(ids);
  });

  it('have the same keys in both languages, and none of them is empty', () => {
    expect(keysOf(readinessTexts('en'))).toEqual(keysOf(readinessTexts('ru')));
    for (const language of languages)
      for (const text of leavesOf(readinessTexts(language))) expect(text).not.toBe('');
  });

  it('tell in one sentence what to do', () => {
    for (const language of languages)
      for (const { todo } of Object.values(readinessTexts(language).conditions))
        expect(todo).toMatch(/^[А-ЯЁA-Z][^.]*\.$/);
  });

  it('are in one language each', () => {
    for (const text of leavesOf(readinessTexts('en'))) expect(text).not.toMatch(/[а-яё]/i);
    for (const text of leavesOf(readinessTexts('ru'))) expect(text).toMatch(/[а-яё]/i);
  });
});

describe('a condition in words', () => {
  it('counts in Russian cases: of 1, 2, 11, 12 and 21 rooms', () => {
    const rooms = readinessTexts('ru').conditions.printersReady.of ?? { one: '', many: '' };
    const told = [1, 2, 11, 12, 21, 111].map(
      (count) => `из ${count} ${nounOf(rooms, count, 'ru')}`,
    );
    expect(told).toEqual([
      'из 1 аудитории',
      'из 2 аудиторий',
      'из 11 аудиторий',
      'из 12 аудиторий',
      'из 21 аудитории',
      'из 111 аудиторий',
    ]);
  });

  it('tells apart what is bad, not heard, not measured and silent', () => {
    const found = condition({
      verdict: 'fail',
      reason: 'jam',
      evidence: { met: 6, total: 12, failed: 2, unheard: 2, unmeasured: 1, silent: 1 },
      rooms: ['0002', '0003', '0004', '0005', '0006', '0007'],
    });
    expect(conditionBasis(found, 'ru')).toBe(
      'не готово: 2 из 12 аудиторий · не слышно: 2 · не измерено: 1 · молчит по регламенту: 1 · ' +
        'замятие бумаги · ауд. 0002, 0003, 0004, 0005 и ещё 2',
    );
    expect(conditionBasis(found, 'en')).toBe(
      'not ready: 2 of 12 rooms · not heard: 2 · not measured: 1 · silent by rule: 1 · ' +
        'paper jam · rooms 0002, 0003, 0004, 0005 and 2',
    );
  });

  it('does not list the rooms where all of them miss it', () => {
    const rooms = ['0001', '0002', '0003', '0004', '0005'];
    const evidence = { met: 0, total: 5, failed: 5 };
    const found = condition({ verdict: 'fail', reason: 'offline', evidence, rooms });
    expect(conditionBasis(found, 'en')).toBe(
      'not ready: 5 of 5 rooms · the printer is off or unreachable',
    );
  });

  it('tells what to do by what is known', () => {
    const { phrases, conditions } = readinessTexts('ru');
    const todo = (change: Partial<Condition>) => conditionTodo(condition(change), 'ru');
    expect(todo({})).toBe('');
    expect(todo({ verdict: 'fail', reason: 'jam' })).toBe(conditions.printersReady.todo);
    expect(todo({ verdict: 'silentByRule' })).toBe(phrases.silentTodo);
    expect(todo({ verdict: 'unknown', evidence: { unheard: 1 } })).toBe(phrases.unheardTodo);
    expect(todo({ verdict: 'unknown', evidence: { unmeasured: 1 } })).toBe(phrases.unmeasuredTodo);
    expect(todo({ verdict: 'unknown', reason: 'idleUnproven' })).toBe(phrases.unprovenTodo);
    expect(todo({ id: 'scanHeard', verdict: 'unknown', evidence: { unheard: 1 } })).toBe(
      conditions.scanHeard.todo,
    );
  });

  it('shows ids, reasons and keys of a newer collector as they came, `toString` too', () => {
    const found = condition({
      id: 'toString',
      verdict: 'fail',
      reason: 'constructor',
      evidence: { newKey: 3 },
    });
    expect(conditionTitle(found, 'ru')).toBe('toString');
    expect(conditionReason('constructor', 'ru')).toBe('constructor');
    expect(conditionBasis(found, 'ru')).toBe('constructor · newKey: 3');
    expect(conditionTodo(found, 'ru')).toBe('');
  });

  it('counts conditions and lists what is missing, the worst first', () => {
    const conditions = [
      condition({ id: 'scanHeard', verdict: 'unknown' }),
      condition({ id: 'hqOnline' }),
      condition({ id: 'lineSpeed', verdict: 'fail' }),
    ];
    const readiness = { siteCode: '4216', met: 1, total: 3, verdict: 'fail', conditions } as const;
    expect(readinessCount(readiness, 'ru')).toBe('1 из 3 условий выполнено');
    expect(readinessCount({ ...readiness, total: 21 }, 'ru')).toBe('1 из 21 условия выполнено');
    expect(readinessCount(readiness, 'en')).toBe('1 of 3 conditions met');
    expect(missingTitles(readiness, 'en')).toEqual([
      'Line speed at least the contract’s',
      'Scan stations heard',
    ]);
  });
});

function condition(change: Partial<Condition>): Condition {
  return {
    id: 'printersReady',
    verdict: 'ok',
    reason: 'ok',
    evidence: {},
    ageMs: null,
    sinceMs: 0,
    rooms: [],
    ...change,
  };
}

function keysOf(texts: object, prefix = ''): string[] {
  return Object.entries(texts)
    .flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? keysOf(value, `${prefix}${key}.`)
        : [`${prefix}${key}`],
    )
    .toSorted();
}

function leavesOf(texts: object): string[] {
  return Object.values(texts).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? leavesOf(value) : [String(value)],
  );
}
