import { describe, expect, it } from 'vitest';
import { agentPlanOf } from '@ppe-pulse/protocol';
import { freezeAt } from '@ppe-pulse/protocol/update';
import { decideEnrolment, type AskedPlace } from '../../server/src/enrolment/decide.ts';
import { shownState, type EnrolmentCode } from '../../server/src/enrolment/enrolment-code.ts';
import { enrolmentValidity } from '../../server/src/enrolment/validity.ts';
import { aPlan, aSite } from '../support/plans.ts';

const [own, other, third] = ['own', 'other', 'third'];
const [fromMs, toMs] = [1_000, 2_000];
const duringMs = 1_500;

const unused: EnrolmentCode = {
  codeId: 'e-00000000000000e1',
  fileId: 'f-00000000000000f1',
  codeHash: '',
  place: { siteCode: '4216', roomCode: '0012', role: 'kege', duty: 'main', number: 1 },
  validFromMs: fromMs,
  validToMs: toMs,
  needsApproval: false,
  createdAtMs: 0,
  createdBy: 'admin',
  state: 'unused',
  holderKey: null,
  enrolledAtMs: null,
  way: null,
  askers: [],
  rejectedKeys: [],
};
const active: EnrolmentCode = { ...unused, state: 'active', holderKey: own };
const askers = [{ publicKey: other, askedAtMs: duringMs, way: 'line' }] as const;
const asked: EnrolmentCode = { ...active, askers };
const pending: EnrolmentCode = { ...unused, state: 'pending', holderKey: own };

function decided(code: EnrolmentCode, part: Partial<AskedPlace> = {}, nowMs = duringMs): string {
  const wanted = { publicKey: own, siteCode: '4216', hasFreeTwin: false, isBarred: false, ...part };
  const decision = decideEnrolment(code, wanted, nowMs);
  return decision.kind === 'refused' ? decision.because : decision.kind;
}

describe('a code', () => {
  it('is used once, by whoever comes first, and by the same one again', () => {
    expect(decided(unused)).toBe('join');
    expect(decided({ ...unused, needsApproval: true })).toBe('hold');
    expect(decided(active)).toBe('again');
    expect(decided(pending)).toBe('again');
  });

  it('that others come with is a question for a person, also while the first one waits', () => {
    expect(decided(active, { publicKey: other })).toBe('ask');
    expect(decided(asked, { publicKey: other })).toBe('ask');
    expect(decided(asked, { publicKey: third })).toBe('ask');
    expect(decided(pending, { publicKey: other })).toBe('ask');
    expect(decided({ ...active, rejectedKeys: [other] }, { publicKey: other })).toBe('rejected');
  });

  it('that is not used lets nobody in by itself whom a person turned away before', () => {
    expect(decided(unused, { isBarred: true })).toBe('hold');
    expect(decided(pending, { isBarred: true })).toBe('again');
    expect(decided(active, { publicKey: other, isBarred: true })).toBe('ask');
  });

  it('of an equal place that is free leads there', () => {
    expect(decided(active, { publicKey: other, hasFreeTwin: true })).toBe('placeTaken');
    expect(decided(active, { hasFreeTwin: true })).toBe('again');
  });

  it('is worth nothing once it was replaced or taken back, whoever comes', () => {
    for (const publicKey of [own, other]) {
      expect(decided({ ...active, state: 'replaced' }, { publicKey })).toBe('codeReplaced');
      expect(decided({ ...active, state: 'revoked' }, { publicKey })).toBe('codeRevoked');
    }
    expect(decided(unused, { siteCode: '4217' })).toBe('otherSite');
  });

  it('holds from its first moment up to its end and not at it', () => {
    for (const code of [unused, active]) {
      expect(decided(code, {}, fromMs - 1)).toBe('tooEarly');
      expect(['join', 'again']).toContain(decided(code, {}, fromMs));
      expect(['join', 'again']).toContain(decided(code, {}, toMs - 1));
      expect(decided(code, {}, toMs)).toBe('tooLate');
    }
  });

  it('is shown as what it is at the moment', () => {
    const shown = (code: EnrolmentCode, nowMs = duringMs): string => shownState(code, nowMs);
    expect([unused, pending, active, asked].map((code) => shown(code))).toEqual([
      'unused',
      'pending',
      'active',
      'replaceAsked',
    ]);
    expect([unused, active, asked].map((code) => shown(code, toMs))).toEqual(
      Array(3).fill('expired'),
    );
    expect(shown({ ...asked, state: 'revoked' }, toMs)).toBe('revoked');
  });
});

describe('the validity of a file', () => {
  const timeZone = 'Asia/Novokuznetsk';
  const plan = aPlan({ date: '2024-05-15' });
  const at = (iso: string): number => Date.parse(iso);
  const of = (from?: string, to?: string, withPlan = true, nowMs = at('2024-05-01T00:00Z')) =>
    enrolmentValidity({ from, to, plan: withPlan ? plan : undefined, timeZone }, nowMs);

  it('is from today to the end of the plan in force, whole days of the region', () => {
    const endMs = at('2024-05-17T00:00+07:00');
    const from = (nowMs: number) => of(undefined, undefined, true, nowMs);
    expect(of()).toEqual({
      kind: 'valid',
      validity: { fromMs: at('2024-05-01T00:00+07:00'), toMs: endMs },
    });
    // It is the second of May there already.
    expect(from(at('2024-05-01T18:00Z'))).toMatchObject({
      validity: { fromMs: at('2024-05-02T00:00+07:00') },
    });
    // Made in its days it holds from the first of them: a PC's clock may be a day behind.
    expect(from(at('2024-05-12T00:00Z'))).toEqual({
      kind: 'valid',
      validity: { fromMs: at('2024-05-08T00:00+07:00'), toMs: endMs },
    });
  });

  it('of a plan that is far ahead begins as early as it may', () => {
    const endMs = at('2024-05-17T00:00+07:00');
    expect(of(undefined, undefined, true, at('2023-11-01T00:00Z'))).toEqual({
      kind: 'valid',
      validity: { fromMs: endMs - 120 * 86_400_000, toMs: endMs },
    });
  });

  it('leaves time to update those that take part before the rehearsal freezes them', () => {
    const made = of();
    const part = agentPlanOf(plan, {
      version: 1,
      agentId: 'w-1',
      placement: {
        siteCode: '4216',
        roomCode: '0001',
        role: 'kege',
        duty: 'main',
        simulated: false,
      },
      site: aSite(),
      regionTimeZone: timeZone,
    });
    expect(part.isInvolved).toBe(true);
    const madeAtMs = made.kind === 'valid' ? made.validity.fromMs : Infinity;
    expect(freezeAt(part, 'prep', madeAtMs)).toMatchObject({ isFrozen: false });
    expect(freezeAt(part, 'prep', part.validFromMs)).toMatchObject({ isFrozen: true });
  });

  it('is that of both days that a person names, the last included', () => {
    expect(of('2024-05-10', '2024-05-10', false)).toEqual({
      kind: 'valid',
      validity: { fromMs: at('2024-05-10T00:00+07:00'), toMs: at('2024-05-11T00:00+07:00') },
    });
  });

  it.each([
    ['no plan', of(undefined, undefined, false), 'noValidity'],
    ['one day without a plan', of('2024-05-10', undefined, false), 'noValidity'],
    ['no such day', of('2024-02-30', '2024-05-10'), 'badValidity'],
    ['an end before the beginning', of('2024-05-10', '2024-05-09'), 'badValidity'],
    ['years', of('2024-05-10', '2026-05-10'), 'validityTooLong'],
    ['a day that is over', of('2024-04-10', '2024-04-30'), 'validityOver'],
    [
      'a plan that is over',
      of(undefined, undefined, true, at('2024-06-01T00:00Z')),
      'validityOver',
    ],
  ])('is refused by name: %s', (_, outcome, reason) => {
    expect(outcome).toMatchObject({ kind: 'refused', reason });
  });
});
