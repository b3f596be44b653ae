import { describe, expect, it } from 'vitest';
import {
  involvementIn,
  involvementOf,
  participantKindOf,
  tracksOf,
  type Exam,
  type Site,
} from '@ppe-pulse/protocol';
import { aPlan, aSite } from '../support/plans.ts';

const exam = (kind: Exam['kind']): Exam => ({
  subject: kind,
  kind,
  startAt: '10:00',
  durationMinutes: 200,
});
const exams = [exam('written'), exam('kege'), exam('speaking')];
const rcoi = aSite({ code: '9001', kind: 'rcoi', period: null, rooms: [] });
const commission = (kind: 'subject' | 'appeal'): Site =>
  aSite({ code: '9002', kind: 'commission', period: null, commission: kind, rooms: [] });
const none = { verdict: 'notInvolved', tracks: [], isMunicipalTest: false };

/** 5 March: one early ППЭ, its municipalities test the others' cameras. */
const march = aPlan({
  exams,
  participants: { kinds: ['ppe-early', 'rcoi', 'subject-commission'], only: ['1001'], except: [] },
  video: { participants: ['ppe-early', 'rcoi', 'subject-commission'], municipal: ['ppe-main'] },
});

describe('a site is named in a plan', () => {
  it.each([
    [aSite({ period: 'early' }), 'ppe-early'],
    [aSite({ period: 'main' }), 'ppe-main'],
    [aSite({ period: null }), null],
    [rcoi, 'rcoi'],
    [commission('subject'), 'subject-commission'],
    [commission('appeal'), 'appeal-commission'],
    [aSite({ kind: 'commission', period: null, commission: null }), null],
  ])('%# by its kind and period', (site, kind) => {
    expect(participantKindOf(site)).toBe(kind);
  });
});

describe('a ППЭ that takes part', () => {
  it('goes through the stages of the exams that its rooms are for', () => {
    const plan = aPlan({ exams });
    expect(tracksOf(plan, aSite({}, ['written', 'hq']))).toEqual(['written']);
    expect(tracksOf(plan, aSite({}, ['speaking', 'written']))).toEqual(['written', 'speaking']);
    expect(tracksOf(plan, aSite({}, ['kege']))).toEqual(['kege']);
    expect(involvementOf(plan, aSite({}, ['hq', 'video']))).toEqual({
      verdict: 'takesPart',
      tracks: [],
      isMunicipalTest: false,
    });
  });

  it('goes through no stages of exams that the plan does not hold', () => {
    expect(tracksOf(aPlan(), aSite({}, ['written', 'kege', 'speaking']))).toEqual(['written']);
  });

  it('goes through the video test where the plan tests its kind', () => {
    const video = { participants: ['ppe-main' as const], municipal: [] };
    expect(tracksOf(aPlan({ video }), aSite())).toEqual(['written', 'video']);
    expect(tracksOf(aPlan({ video: { ...video, participants: ['rcoi'] } }), aSite())).toEqual([
      'written',
    ]);
  });
});

describe('only and except', () => {
  const planWith = (only: string[], except: string[] = []) =>
    aPlan({ participants: { kinds: ['ppe-main', 'rcoi'], only, except } });

  it('of no codes leave all in', () => {
    expect(involvementOf(planWith([]), aSite()).verdict).toBe('takesPart');
  });

  it('narrow the ППЭ down to codes', () => {
    expect(involvementOf(planWith(['4216']), aSite()).verdict).toBe('takesPart');
    expect(involvementOf(planWith(['0042']), aSite())).toEqual(none);
  });

  it('never take in a ППЭ of another kind', () => {
    expect(involvementOf(planWith(['4216']), aSite({ period: 'early' }))).toEqual(none);
    expect(involvementOf(planWith(['4216']), aSite({ period: null }))).toEqual(none);
  });

  it('leave the РЦОИ in, unless it is excepted by its code', () => {
    expect(involvementOf(planWith(['0042']), rcoi).verdict).toBe('takesPart');
    expect(involvementOf(planWith(['0042'], ['9001']), rcoi)).toEqual(none);
  });

  it('take a site out of everything, of a municipal test too', () => {
    const plan = { ...march, participants: { ...march.participants, except: ['4216'] } };
    expect(involvementOf(plan, aSite())).toEqual(none);
  });
});

describe('on 5 March', () => {
  it('the one early ППЭ runs the exams of its rooms and the video test', () => {
    const site = aSite({ code: '1001', period: 'early' }, ['written', 'kege']);
    expect(involvementOf(march, site)).toEqual({
      verdict: 'takesPart',
      tracks: ['written', 'kege', 'video'],
      isMunicipalTest: false,
    });
  });

  it('other early ППЭ take no part, not even in the video test', () => {
    expect(involvementOf(march, aSite({ code: '1002', period: 'early' }))).toEqual(none);
  });

  it('main ППЭ take no part, and their municipalities test their cameras', () => {
    expect(involvementOf(march, aSite())).toEqual({
      verdict: 'notInvolved',
      tracks: ['video'],
      isMunicipalTest: true,
    });
  });

  it('РЦОИ and the subject commission are tested for video, the appeal commission is not', () => {
    for (const site of [rcoi, commission('subject')])
      expect(involvementOf(march, site)).toEqual({
        verdict: 'takesPart',
        tracks: ['video'],
        isMunicipalTest: false,
      });
    expect(involvementOf(march, commission('appeal'))).toEqual(none);
  });

  it('85 ППЭ are one that takes part and 84 that do not', () => {
    const involvement = involvementIn(march);
    const sites = Array.from({ length: 85 }, (_, index) =>
      aSite({ code: String(1_001 + index), period: index === 0 ? 'early' : 'main' }),
    );
    const taking = sites.filter((site) => involvement(site).verdict === 'takesPart');
    expect(taking.map(({ code }) => code)).toEqual(['1001']);
  });
});
