import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  documentOf,
  MAX_PLAN_CHARACTERS,
  planChangeText,
  planChanges,
  PlanDocumentSchema,
  planExpectations,
  planOf,
  planProblems,
  planReasons,
  stageIds,
  type PlanDocument,
} from '@ppe-pulse/protocol';
import { languages, planProblemText, planTexts } from '@ppe-pulse/protocol/texts';
import { fuzzSeed } from '../support/fuzz.ts';
import { aPlan } from '../support/plans.ts';
import { arbitraryOf } from '../support/schema-arbitrary.ts';

describe('the default plan', () => {
  it('has every stage in the order of the day', () => {
    expect(aPlan().stages.map(({ id }) => id)).toEqual([...stageIds]);
  });

  it('contradicts itself nowhere, with exams of every kind and the video test', () => {
    const exam = { startAt: '10:00', durationMinutes: 235 };
    const plan = aPlan({
      technologies: ['kege', 'speaking'],
      exams: [
        { ...exam, subject: 'a', kind: 'written' },
        { ...exam, subject: 'b', kind: 'kege' },
        { ...exam, subject: 'c', kind: 'speaking' },
      ],
      video: { participants: ['ppe-main'], municipal: ['ppe-early'] },
    });
    expect(planProblems(plan, { nowMs: null, isArchive: false, region: null })).toEqual([]);
  });

  it('contradicts itself nowhere without exams either', () => {
    const plan = aPlan({
      exams: [],
      technologies: [],
      video: { participants: ['ppe-main'], municipal: [] },
    });
    expect(planProblems(plan, { nowMs: null, isArchive: false, region: null })).toEqual([]);
  });
});

describe('documents of the right shape, whatever is in them', () => {
  it('become plans that can be judged: nothing throws', () => {
    const seed = fuzzSeed('plan documents');
    const known = new Map<string, fc.Arbitrary<string>>();
    fc.assert(
      fc.property(arbitraryOf(PlanDocumentSchema, known), (document) => {
        const outcome = documentOf(document);
        if (!outcome.ok) return;
        const plan = planOf(outcome.document);
        for (const problem of planProblems(plan, { nowMs: 0, isArchive: false, region: null }))
          expect(planReasons).toContain(problem.reason);
      }),
      { seed, numRuns: 100 },
    );
  });

  it('and of any shape are read or refused', () => {
    const seed = fuzzSeed('plan shapes');
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const outcome = documentOf(value);
        if (!outcome.ok) expect(outcome.problems.length).toBeGreaterThan(0);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('of a thousand unknown keys name a hundred problems', () => {
    const value = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`k${at}`, at]));
    const outcome = documentOf(value);
    expect(!outcome.ok && outcome.problems.length).toBeLessThanOrEqual(100);
  });
});

describe('what an edit changes', () => {
  const before = aPlan();
  const document: PlanDocument = {
    id: 'test',
    title: 'Апробация',
    date: '2026-05-20',
    participants: { kinds: ['ppe-main', 'rcoi'] },
    technologies: ['print-full-set'],
    exams: [{ subject: 'russian', kind: 'written', durationMinutes: 210 }],
  };
  const linesOf = (changes: Partial<PlanDocument>): string[] =>
    planChanges(before, planOf({ ...document, ...changes })).map(planChangeText);

  it('is nothing between a plan and itself', () => {
    expect(linesOf({})).toEqual([]);
  });

  it('is named by path, as people write it', () => {
    expect(linesOf({ stages: { printing: { red: '10:40' } } })).toEqual([
      'stages.printing.red: 10:30 → 10:40',
    ]);
    expect(linesOf({ stages: { printing: { due: null } } })).toEqual([
      'stages.printing.due: 10:15 → –',
      'stages.printing.amber: 10:20 → –',
      'stages.printing.red: 10:30 → –',
    ]);
    expect(
      linesOf({ participants: { kinds: ['ppe-main', 'rcoi'], only: ['0042', '4216'] } }),
    ).toEqual(['participants.only:  → 0042, 4216']);
    expect(linesOf({ thresholds: { roles: { hq: { rttOkMs: 100 } } } })).toEqual([
      'thresholds.roles.hq.rttOkMs: – → 100',
    ]);
    expect(linesOf({ video: { participants: ['rcoi'] } })).toEqual([
      'video.participants: – → rcoi',
      'video.municipal: – → ',
    ]);
  });

  it('of lists of thousands is cut, and found however late they differ', () => {
    const codes = Array.from({ length: 2_000 }, (_, at) => String(at).padStart(4, '0'));
    const kinds = ['ppe-main'] as const;
    const [a, b] = [codes, [...codes.slice(1), '9999']].map((only) =>
      planOf({ ...document, participants: { kinds: [...kinds], only } }),
    );
    const changes = a && b ? planChanges(a, b) : [];
    expect(changes.map(({ path }) => path)).toEqual(['participants.only']);
    expect(planChangeText(changes[0] ?? { path: '', before: '', after: '' }).length).toBeLessThan(
      500,
    );
  });

  it('from no plan is all of it', () => {
    expect(planChanges(null, before).length).toBeGreaterThan(50);
  });
});

describe('the words of problems', () => {
  it.each(languages)('are there for every reason in %s, with what to do', (language) => {
    const texts = planTexts(language);
    const isBlank = (text: string): boolean => text.trim() === '';
    expect(planReasons.filter((reason) => texts.problems[reason].some(isBlank))).toEqual([]);
    expect(planExpectations.filter((each) => isBlank(texts.expectations[each]))).toEqual([]);
    expect(Object.keys(texts.problems).sort()).toEqual([...planReasons].sort());
  });

  it('speak of the same values in both languages', () => {
    const namesIn = (texts: readonly string[]): string[] =>
      [...new Set(texts.join(' ').match(/\{\w+\}/g))].sort();
    const differ = planReasons.filter(
      (reason) =>
        namesIn(planTexts('ru').problems[reason]).join() !==
        namesIn(planTexts('en').problems[reason]).join(),
    );
    expect(differ).toEqual([]);
  });

  it('leave no value out and put nothing in twice', () => {
    const text = planProblemText(
      {
        severity: 'error',
        path: [],
        at: 'value',
        reason: 'wrongValue',
        values: { got: '{expected}', expected: 'choice', known: 'a, b' },
      },
      'en',
    );
    expect(text).toEqual({ wrong: '{expected} does not fit', toDo: 'expected: one of a, b' });
    expect(MAX_PLAN_CHARACTERS).toBeGreaterThan(6_000 * 8);
  });
});
