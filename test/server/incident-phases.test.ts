import { describe, expect, it } from 'vitest';
import { planOf, type Phase, type Plan, type Region } from '@ppe-pulse/protocol';
import { createSitePhases } from '../../server/src/incidents/site-phases.ts';
import { aPlan, aRegion, aSite } from '../support/plans.ts';

/** A moment of the plan's week, ППЭ's time. */
function local(text: string): number {
  return Date.parse(`2026-${text}:00+07:00`);
}

/** Phases of a site at moments, by a plan. */
function phasesOf(
  plan: Plan | null,
  moments: readonly string[],
  { region = aRegion(), siteCode = '4216' }: { region?: Region; siteCode?: string } = {},
): Phase[] {
  let nowMs = 0;
  const phaseOf = createSitePhases({ plan: () => plan, region: () => region, nowMs: () => nowMs });
  return moments.map((moment) => {
    nowMs = local(moment);
    return phaseOf(siteCode);
  });
}

describe('the phase of a site’s day', () => {
  it('follows the plan from preparation to the evening', () => {
    const day = ['05-19T19:00', '05-20T09:40', '05-20T11:00', '05-20T14:30', '05-21T09:00'];
    expect(phasesOf(aPlan(), day)).toEqual([
      'preparation',
      'opening',
      'exam',
      'collection',
      'closed',
    ]);
  });

  it('changes at the minute', () => {
    const edges = [
      ['05-12T23:59', '05-13T00:00'],
      ['05-20T06:59', '05-20T07:00'],
      ['05-20T10:29', '05-20T10:30'],
      ['05-20T13:29', '05-20T13:30'],
      ['05-20T16:29', '05-20T16:30'],
    ] as const;
    expect(edges.map((edge) => phasesOf(aPlan(), edge))).toEqual([
      ['idle', 'preparation'],
      ['preparation', 'opening'],
      ['opening', 'exam'],
      ['exam', 'collection'],
      ['collection', 'closed'],
    ]);
  });

  it('is idle without a plan, for strangers and for those who take no part', () => {
    const now = ['05-20T09:40'];
    expect(phasesOf(null, now)).toEqual(['idle']);
    expect(phasesOf(aPlan(), now, { siteCode: '7000' })).toEqual(['idle']);
    expect(phasesOf(aPlan(), now, { siteCode: '1001' })).toEqual(['idle']);
  });

  it('goes by the exams that the site holds, and of the РЦОИ by all', () => {
    const plan = planOf({
      id: 'two',
      title: 'Апробация',
      date: '2026-05-20',
      participants: { kinds: ['ppe-main', 'rcoi'] },
      exams: [
        { subject: 'russian', kind: 'written', durationMinutes: 210 },
        { subject: 'english', kind: 'speaking', startAt: '12:00', durationMinutes: 180 },
      ],
    });
    const region = {
      ...aRegion(),
      sites: [...aRegion().sites, aSite({ code: '5000' }, ['speaking'])],
    };
    const now = ['05-20T11:00', '05-20T13:40'];
    expect(phasesOf(plan, now, { region })).toEqual(['exam', 'collection']);
    expect(phasesOf(plan, now, { region, siteCode: '5000' })).toEqual(['opening', 'exam']);
    expect(phasesOf(plan, now, { region, siteCode: '9001' })).toEqual(['opening', 'exam']);
  });

  it('is of the zone that the site is in', () => {
    const region = { ...aRegion(), sites: [aSite({ timeZone: 'Asia/Omsk' })] };
    expect(phasesOf(aPlan(), ['05-20T10:45'], { region })).toEqual(['opening']);
    expect(phasesOf(aPlan(), ['05-20T10:45'])).toEqual(['exam']);
  });

  it('is of the video’s morning alone where the plan has no exams', () => {
    const plan = planOf({
      id: 'video',
      title: 'Проверка видео',
      date: '2026-05-20',
      participants: { kinds: [] },
      video: { participants: ['ppe-main'], municipal: ['ppe-early'] },
    });
    const now = ['05-20T06:00', '05-20T08:00', '05-20T11:00'];
    expect(phasesOf(plan, now)).toEqual(['preparation', 'opening', 'closed']);
    expect(phasesOf(plan, now, { siteCode: '1001' })).toEqual(['idle', 'idle', 'idle']);
  });

  it('is another at once when the plan or the region changes', () => {
    let plan: Plan | null = null;
    let region = aRegion();
    const nowMs = (): number => local('05-20T09:40');
    const phaseOf = createSitePhases({ plan: () => plan, region: () => region, nowMs });
    const phases = [phaseOf('4216')];
    plan = aPlan();
    phases.push(phaseOf('4216'));
    region = { ...region, sites: region.sites.filter(({ code }) => code !== '4216') };
    phases.push(phaseOf('4216'));
    expect(phases).toEqual(['idle', 'opening', 'idle']);
  });
});
