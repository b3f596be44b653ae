import { describe, expect, it } from 'vitest';
import {
  StageEngine,
  stageCatalogue,
  stageIds,
  stageReasons,
  stageTracks,
} from '@ppe-pulse/protocol';
import { stagesEn } from '../../protocol/src/texts/stages-en.ts';
import { stagesRu } from '../../protocol/src/texts/stages-ru.ts';
import {
  at,
  check,
  Day,
  dayPlan,
  facts,
  fullPlan,
  regionOf,
  room,
  site,
  told,
  writtenSite,
} from './stage-world.ts';

const one = regionOf(writtenSite('4216', 1));
const pages = (value: number) => ({ metrics: { 'printer.pages.count': value } });

describe('silence', () => {
  it('is by rule in the quiet hours for what falls due in them, and by none before and after', () => {
    const day = new Day(one, dayPlan, '08:00');
    day.tick('09:10');
    expect(day.said('room:4216-0001', 'stationsUp')).toBe('0/1 unknown notHeard');
    day.tick('10:31');
    expect(day.said('room:4216-0001', 'stationsUp')).toBe('0/1 unknown notHeard');
    expect(day.said('room:4216-0001', 'printing')).toBe('0/1 silentByRule silentByRule');
    expect(day.said('site:4216', 'printing')).toBe('0/1 silentByRule silentByRule');
    day.tick('13:31');
    expect(day.said('site:4216', 'printing')).toBe('0/1 unknown notHeard');
  });

  it('is never a failure, and one that a rule allows is that rule’s', () => {
    const day = new Day(one, { ...dayPlan, modes: [] }, '08:00');
    day.see('09:00', 'pc', pages(100));
    day.see('10:05', 'pc', { isHeard: false });
    day.tick('11:00');
    expect(day.said('site:4216', 'printing')).toBe('0/1 unknown notHeard');
    day.engine.rule('pc', 'silentByRule', at('11:01'));
    expect(day.said('site:4216', 'printing')).toBe('0/1 silentByRule silentByRule');
    day.engine.rule('pc', null, at('11:02'));
    expect(day.said('site:4216', 'printing')).toBe('0/1 unknown notHeard');
  });

  it('ends with the flash drive: pages of the silent time are counted when they come', () => {
    const day = new Day(one, dayPlan, '08:00');
    day.see('09:20', 'pc', pages(100));
    day.see('09:40', 'pc', { isHeard: false });
    const carried = facts('pc', { isHeard: false, ...pages(400) }, at('10:12'));
    day.engine.station('pc', carried, at('11:00'));
    expect(day.state('site:4216', 'printing')).toMatchObject({
      reachedAtMs: at('10:12'),
      reason: 'reached',
    });
  });
});

describe('a printer whose pages nobody counts', () => {
  it('makes the room unknown once it is due, until a person says it', () => {
    const day = new Day(one, dayPlan, '08:00');
    day.see('09:00', 'pc', {});
    expect(day.said('site:4216', 'printing')).toBe('0/1 ok notDue');
    day.tick('10:31');
    expect(day.said('site:4216', 'printing')).toBe('0/1 unknown noPageCounter');
    day.claim('10:32', 'printing', { roomCode: '0001' });
    expect(day.said('site:4216', 'printing')).toBe('1/1 ok reachedLate');
  });
});

describe('claims', () => {
  const printingOf = (value: number): Day => {
    const day = new Day(one, dayPlan, '09:00');
    day.see('09:59', 'pc', pages(100));
    day.see('10:05', 'pc', pages(value));
    return day;
  };

  it('ahead of the measurement are a mismatch until the devices agree', () => {
    const day = printingOf(140);
    day.claim('10:06', 'printing');
    expect(day.said('site:4216', 'printing')).toBe('1/1 warn claimMismatch !');
    expect(day.said('region', 'printing')).toBe('1/1 warn claimMismatch !');
    day.see('10:12', 'pc', pages(400));
    expect(day.said('site:4216', 'printing')).toBe('1/1 ok reached');
    // The counter tells the moment itself, whatever a person said before.
    expect(day.state('site:4216', 'printing')).toMatchObject({
      reachedAtMs: at('10:12'),
      by: 'both',
    });
  });

  it('of a room that is nearly printed contradict nothing: norms are not exact', () => {
    const day = printingOf(385);
    day.claim('10:13', 'printing');
    expect(day.said('site:4216', 'printing')).toBe('1/1 ok reached');
  });

  it('that are taken back leave what the devices show', () => {
    const day = printingOf(140);
    day.claim('10:06', 'printing');
    day.claim('10:07', 'printing', { isMade: false });
    expect(day.said('site:4216', 'printing')).toBe('0/1 ok notDue');
    day.see('10:12', 'pc', pages(400));
    day.claim('10:13', 'printing');
    day.claim('10:14', 'printing', { isMade: false });
    expect(day.state('site:4216', 'printing').by).toBe('measure');
  });

  it('of an older number that come late change nothing, and repeated ones are no later', () => {
    const day = new Day(one, dayPlan, '08:00');
    day.claim('09:29', 'keyDownload');
    day.claim('09:50', 'keyDownload');
    expect(day.state('site:4216', 'keyDownload').reachedAtMs).toBe(at('09:29'));
    const stale = { ...day.engine.claimsOf('4216')[0], id: 1, isMade: false };
    expect(day.engine.claim(stale as never, at('09:51'))).toBe(false);
  });

  it('of a part of the rooms count so many', () => {
    const day = new Day(regionOf(writtenSite('4216', 5)), dayPlan, '09:00');
    day.claim('09:50', 'keyLoaded', { done: 3 });
    expect(day.said('site:4216', 'keyLoaded')).toBe('3/5 ok notDue');
  });
});

describe('a plan that is edited at 09:31', () => {
  const moved = {
    ...dayPlan,
    stages: dayPlan.stages.map((stage) =>
      stage.id === 'keyDownload' ? { ...stage, due: '09:40', amber: '09:50', red: '10:00' } : stage,
    ),
  };

  it('moves deadlines, and what was reached stays reached when it was', () => {
    const day = new Day(one, dayPlan, '08:00');
    day.see('08:50', 'pc', {});
    day.claim('09:31', 'keyDownload');
    expect(day.said('site:4216', 'keyDownload')).toBe('1/1 ok reachedLate');
    day.engine.takeChanged();
    day.engine.setPlan(moved, at('09:31'));
    expect(day.said('site:4216', 'keyDownload')).toBe('1/1 ok reached');
    expect(day.state('site:4216', 'stationsUp').reachedAtMs).toBe(at('08:50'));
    expect([...day.engine.takeChanged()].sort()).toEqual([
      'municipality:kemerovo',
      'region',
      'site:4216',
    ]);
  });

  it('takes an amber back that is no longer due', () => {
    const day = new Day(one, dayPlan, '09:36');
    expect(day.said('site:4216', 'keyDownload')).toBe('0/1 warn overdue');
    day.engine.setPlan(moved, at('09:36'));
    expect(day.said('site:4216', 'keyDownload')).toBe('0/1 ok notDue');
    day.tick('10:00');
    expect(day.said('site:4216', 'keyDownload')).toBe('0/1 fail overdue');
  });

  it('keeps a room printed when sets are added, and refuses the plan of another rehearsal', () => {
    const day = new Day(one, dayPlan, '09:00');
    day.see('09:59', 'pc', pages(100));
    day.see('10:12', 'pc', pages(400));
    day.engine.setPlan({ ...dayPlan, print: { ...dayPlan.print, setsPerRoom: 20 } }, at('10:13'));
    expect(day.state('site:4216', 'printing').reachedAtMs).toBe(at('10:12'));
    expect(() => day.engine.setPlan({ ...dayPlan, id: 'other' }, at('10:14'))).toThrow('other');
  });
});

describe('three zones in one region', () => {
  const zones = regionOf(
    writtenSite('0001', 1, { timeZone: 'Asia/Irkutsk' }),
    writtenSite('0002', 1),
    writtenSite('0003', 1, { timeZone: 'Asia/Omsk', municipality: 'west' }),
  );
  const key = (day: Day) =>
    ['0001', '0002', '0003'].map((code) => day.state(`site:${code}`, 'keyDownload').verdict);

  it('each have their own 09:30, by the site and not by the PC', () => {
    const day = new Day(zones, dayPlan, '08:00');
    day.tick('08:36');
    expect(key(day)).toEqual(['warn', 'ok', 'ok']);
    day.tick('09:46');
    expect(key(day)).toEqual(['fail', 'fail', 'ok']);
    day.tick('10:46');
    expect(key(day)).toEqual(['fail', 'fail', 'fail']);
  });

  it('are due together when the last of them is', () => {
    const day = new Day(zones, dayPlan, '08:00');
    expect(day.state('region', 'keyDownload').dueAtMs).toBe(at('10:30'));
    expect(day.state('municipality:west', 'keyDownload').total).toBe(1);
    expect(day.engine.milestone(at('08:10'))).toEqual({
      id: 'keyDownload',
      dueAtMs: at('08:30'),
    });
  });
});

describe('the test of the video system', () => {
  const region = regionOf(
    writtenSite('4216', 1),
    site('9001', [room('0001', ['video'], [['rcoi', 'main']])], { kind: 'rcoi', period: null }),
    site('9101', [room('0001', ['video'], [['video', 'main']])], {
      kind: 'commission',
      period: null,
      commission: 'subject',
    }),
  );
  const streams = (first: 'ok' | 'fail', picture = 'moving') => ({
    checks: [check('camera.1.stream', first, { picture }), check('camera.2.stream', 'ok')],
  });

  it('finds a frozen camera in the РЦОИ and a dark one at a commission, and says whose word is wrong', () => {
    const day = new Day(region, dayPlan, '07:00');
    day.see('07:50', 'hq', { roomCode: '7777', role: 'hq', ...streams('ok') });
    day.see('07:51', 'pc', streams('ok'));
    day.see('07:52', 'rcoi', { siteCode: '9001', role: 'rcoi', ...streams('fail', 'frozen') });
    day.see('07:53', 'jury', { siteCode: '9101', role: 'video', ...streams('fail', 'black') });
    day.tick('08:31');
    const cams = (code: string) => day.said(`site:${code}`, 'camsOn', 'video');
    expect(cams('4216')).toBe('2/2 ok reached');
    expect([cams('9001'), cams('9101')]).toEqual(['0/1 fail overdue', '0/1 fail overdue']);
    expect(day.said('region', 'camsOn', 'video')).toBe('1/3 fail overdue');
    day.claim('08:32', 'camsOn', { siteCode: '9001', track: 'video' });
    expect(cams('9001')).toBe('1/1 warn claimMismatch !');
    day.see('08:40', 'jury', { siteCode: '9101', role: 'video', ...streams('ok') });
    expect(cams('9101')).toBe('1/1 ok reachedLate');
  });

  it('keeps who confirmed the angles, and when', () => {
    const day = new Day(region, dayPlan, '07:00');
    const angles = { siteCode: '4216', roomCode: '0001', track: 'video' } as const;
    day.claim('08:10', 'anglesOk', { ...angles, by: 'operator' });
    expect(day.said('site:4216', 'anglesOk', 'video')).toBe('1/2 ok noDeadline');
    expect(day.engine.claimsOf('4216')).toMatchObject([{ by: 'operator', atMs: at('08:10') }]);
    day.claim('09:00', 'protocol', { siteCode: '9001', track: 'video' });
    expect(day.said('site:9001', 'protocol', 'video')).toBe('1/1 ok reached');
  });

  it('takes the picture of other rooms from the PC that watches the site', () => {
    const day = new Day(region, dayPlan, '07:00');
    const checks = [1, 2, 3, 4].map((n) => check(`camera.${n}.stream`, n === 3 ? 'fail' : 'ok'));
    day.see('07:50', 'video', { roomCode: '7777', role: 'video', checks });
    expect(day.said('room:4216-7777', 'camsOn', 'video')).toBe('1/1 ok reached');
    expect(day.said('room:4216-0001', 'camsOn', 'video')).toBe('0/1 ok notDue');
  });
});

describe('informatics and speaking', () => {
  const region = regionOf(
    site('4216', [
      room(
        '0001',
        ['kege'],
        [
          ['kege', 'main'],
          ['kege', 'main'],
          ['kege', 'reserve'],
        ],
      ),
      room(
        '0002',
        ['speaking'],
        [
          ['speaking', 'main'],
          ['speaking', 'main'],
        ],
      ),
    ]),
  );

  it('count seats, and know neither printing nor scanning', () => {
    const day = new Day(region, fullPlan, '08:00');
    day.see('08:30', 'k1', { roomCode: '0001', role: 'kege' });
    day.see('08:31', 'k3', { roomCode: '0001', role: 'kege', duty: 'reserve' });
    expect(day.said('site:4216', 'stationsUp', 'kege')).toBe('1/2 ok notDue');
    const down = [check('app.running', 'fail')];
    day.see('08:40', 'k2', { roomCode: '0001', role: 'kege', checks: down });
    day.tick('09:21');
    expect(day.said('site:4216', 'stationsUp', 'kege')).toBe('1/2 fail overdue');
    expect(day.said('station:k2', 'stationsUp', 'kege')).toBe('0/1 fail overdue');
    day.claim('14:00', 'answersExported', { track: 'kege', roomCode: '0001', done: 1 });
    expect(day.said('site:4216', 'answersExported', 'kege')).toBe('1/2 ok notDue');
    expect(() => day.said('site:4216', 'printing', 'kege')).toThrow('kege.printing');
  });

  it('test headsets, and go group by group', () => {
    const day = new Day(region, fullPlan, '08:00');
    const headset = (verdict: 'ok' | 'fail') => [check('audio.headset', verdict)];
    const seat = { roomCode: '0002', role: 'speaking' } as const;
    day.see('08:50', 's1', { ...seat, checks: headset('ok') });
    day.see('08:50', 's2', { ...seat, checks: headset('fail') });
    expect(day.said('site:4216', 'audioTest', 'speaking')).toBe('1/2 ok notDue');
    day.claim('08:55', 'audioTest', { track: 'speaking' });
    expect(day.said('site:4216', 'audioTest', 'speaking')).toBe('2/2 warn claimMismatch !');
    day.see('09:00', 's2', { ...seat, checks: headset('ok') });
    expect(day.said('site:4216', 'audioTest', 'speaking')).toBe('2/2 ok reached');
    day.claim('10:20', 'groups', { track: 'speaking', roomCode: '0002', done: 1 });
    expect(day.said('site:4216', 'groups', 'speaking')).toBe('1/3 ok notDue');
  });
});

describe('the rehearsal of 5 March', () => {
  it('counts the one ППЭ that takes part, and 84 do not', () => {
    const sites = Array.from({ length: 85 }, (_, n) =>
      writtenSite(String(4200 + n), 2, { period: 'early' }),
    );
    const plan = {
      ...dayPlan,
      id: '2024-03-05',
      date: '2024-03-05',
      participants: { kinds: ['ppe-early'], only: ['4216'], except: [] } as const,
      video: null,
    };
    const engine = new StageEngine({ plan, region: regionOf(...sites), nowMs: 0 });
    engine.tick(Date.parse('2024-03-05T03:00:00Z'));
    const verdicts = sites.map(
      ({ code }) => engine.siteStages(code).find(({ stage }) => stage === 'keyDownload')?.verdict,
    );
    expect(verdicts.filter((each) => each === 'notInvolved')).toHaveLength(84);
    const key = engine.regionStages().find(({ stage }) => stage === 'keyDownload');
    expect(key && told(key)).toBe('0/1 fail overdue');
    expect(engine.statesOf('site:4201').every(({ total }) => total === 0)).toBe(true);
  });
});

describe.each([
  ['ru', stagesRu],
  ['en', stagesEn],
])('texts of stages in %s', (_, texts) => {
  it('are there for every stage, track, reason and unit', () => {
    expect(Object.keys(texts.stages).sort()).toEqual([...stageIds].sort());
    expect(Object.keys(texts.tracks).sort()).toEqual([...stageTracks].sort());
    expect(Object.keys(texts.reasons).sort()).toEqual([...stageReasons].sort());
    expect(Object.values({ ...texts.stages, ...texts.reasons })).not.toContain('');
    const units = new Set(Object.values(stageCatalogue).map(({ unit }) => unit));
    for (const unit of units) expect(texts.units[unit]).not.toBe('');
  });
});
