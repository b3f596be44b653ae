import { describe, expect, it } from 'vitest';
import {
  at,
  check,
  Day,
  dayPlan,
  fullPlan,
  regionOf,
  room,
  site,
  writtenSite,
} from './stage-world.ts';

const pages = (value: number) => ({ metrics: { 'printer.pages.count': value } });

/** `done/total ?unknown −late`, as the funnel shows it. */
function left(day: Day, node: string, stage: Parameters<Day['state']>[1]): string {
  const { done, total, unknown, late } = day.state(node, stage);
  return `${done}/${total} ?${unknown} −${late}`;
}

describe('what is missing of a stage', () => {
  it('is not due, then late where it is seen, and unknown where nobody is heard', () => {
    const day = new Day(regionOf(writtenSite('4216', 3)), { ...dayPlan, modes: [] }, '08:00');
    for (const roomCode of ['0001', '0002', '0003'])
      day.see('09:20', `pc-${roomCode}`, { roomCode, ...pages(100) });
    expect(left(day, 'site:4216', 'printing')).toBe('0/3 ?0 −0');
    day.see('10:10', 'pc-0001', { roomCode: '0001', ...pages(400) });
    day.see('10:12', 'pc-0003', { roomCode: '0003', isHeard: false });
    day.tick('10:19');
    expect(left(day, 'site:4216', 'printing')).toBe('1/3 ?1 −0');
    day.tick('10:20');
    expect(left(day, 'room:4216-0002', 'printing')).toBe('0/1 ?0 −1');
    expect(left(day, 'room:4216-0003', 'printing')).toBe('0/1 ?1 −0');
    expect(left(day, 'site:4216', 'printing')).toBe('1/3 ?1 −1');
    // Something that is known to be late says more of a site than what nobody hears there.
    expect(left(day, 'region', 'printing')).toBe('0/1 ?0 −1');
  });

  it('is nothing of the two while a rule lets the room be silent', () => {
    const day = new Day(regionOf(writtenSite('4216', 2)), dayPlan, '08:00');
    day.tick('10:31');
    expect(day.said('site:4216', 'printing')).toBe('0/2 silentByRule silentByRule');
    expect(left(day, 'site:4216', 'printing')).toBe('0/2 ?0 −0');
    expect(left(day, 'region', 'printing')).toBe('0/1 ?0 −0');
  });

  it('is counted in seats where the stage is', () => {
    const seats = room(
      '0002',
      ['kege'],
      [
        ['kege', 'main'],
        ['kege', 'main'],
        ['kege', 'main'],
      ],
    );
    const day = new Day(regionOf(site('4216', [seats])), { ...fullPlan, modes: [] }, '06:00');
    day.see('08:00', 'kege-1', { roomCode: '0002', role: 'kege' });
    const bad = { roomCode: '0002', role: 'kege', checks: [check('app.running', 'fail')] } as const;
    day.see('08:00', 'kege-2', bad);
    day.see('08:00', 'kege-3', bad);
    day.tick('09:00');
    expect(day.state('site:4216', 'stationsUp', 'kege')).toMatchObject({
      done: 1,
      total: 3,
      unknown: 0,
      late: 2,
    });
  });

  it('is less by what a person claims of the whole site, whichever rooms were meant', () => {
    const day = new Day(regionOf(writtenSite('4216', 3)), { ...dayPlan, modes: [] }, '08:00');
    day.tick('10:31');
    expect(left(day, 'site:4216', 'printing')).toBe('0/3 ?3 −0');
    day.claim('10:32', 'printing', { done: 2 });
    expect(left(day, 'site:4216', 'printing')).toBe('2/3 ?1 −0');
    day.claim('10:33', 'printing', { done: 3 });
    expect(left(day, 'site:4216', 'printing')).toBe('3/3 ?0 −0');
    expect(left(day, 'region', 'printing')).toBe('1/1 ?0 −0');
  });

  it('is counted in the region by sites, and again without one that is heard again', () => {
    const region = regionOf(writtenSite('0001', 1), writtenSite('0002', 1), writtenSite('0003', 1));
    const day = new Day(region, { ...dayPlan, modes: [] }, '08:00');
    day.see('09:20', 'a', { siteCode: '0001', ...pages(0) });
    day.see('09:20', 'b', { siteCode: '0002', ...pages(0) });
    day.see('10:10', 'a', { siteCode: '0001', ...pages(300) });
    day.tick('10:31');
    expect(left(day, 'region', 'printing')).toBe('1/3 ?1 −1');
    day.engine.setRegion(regionOf(writtenSite('0001', 1), writtenSite('0003', 1)), at('10:32'));
    expect(left(day, 'region', 'printing')).toBe('1/2 ?1 −0');
  });
});

describe('rooms that have reached the stage in play', () => {
  const done = (day: Day): string => [...day.engine.doneRooms('4216')].join(' ');
  const open = { ...dayPlan, modes: [], video: null };

  it('are those of the latest stage that any room has reached, or that should be done by now', () => {
    const day = new Day(regionOf(writtenSite('4216', 2)), open, '06:00');
    expect(done(day)).toBe('');
    for (const roomCode of ['0001', '0002'])
      day.see('08:30', `pc-${roomCode}`, { roomCode, ...pages(100) });
    // The program runs in both: nobody waits for 09:00 to show it. The Штаб has no such stage.
    expect(done(day)).toBe('0001 0002');
    day.claim('09:45', 'keyLoaded', { roomCode: '0001' });
    expect(done(day)).toBe('0001');
    day.claim('09:50', 'keyLoaded', { roomCode: '0002' });
    expect(done(day)).toBe('0001 0002');
    // Printing begins: what was reached before is yesterday's news.
    day.tick('10:00');
    expect(done(day)).toBe('');
    day.see('10:10', 'pc-0002', { roomCode: '0002', ...pages(400) });
    expect(done(day)).toBe('0002');
  });

  it('are told as a change of their site though its stages stand as they stood', () => {
    const day = new Day(regionOf(writtenSite('4216', 1)), open, '09:00');
    day.claim('09:50', 'keyLoaded', { roomCode: '0001' });
    const moved = {
      ...open,
      stages: open.stages.map((stage) =>
        stage.id === 'keyLoaded' ? { ...stage, due: null, amber: null, red: null } : stage,
      ),
    };
    day.engine.setPlan(moved, at('09:51'));
    day.engine.takeChanged();
    const before = day.engine.siteStages('4216');
    day.tick('10:00');
    expect(day.engine.siteStages('4216')).toBe(before);
    expect([...day.engine.takeChanged()]).toEqual(['site:4216']);
  });

  it('go by the exam of each room', () => {
    const rooms = [
      room('0001', ['written'], [['organizer', 'main']]),
      room('0002', ['kege'], [['kege', 'main']]),
    ];
    const day = new Day(regionOf(site('4216', rooms)), { ...fullPlan, modes: [] }, '09:00');
    day.claim('09:55', 'keyLoaded', { track: 'kege' });
    day.claim('09:55', 'keyLoaded', { track: 'written' });
    expect(done(day)).toBe('0001 0002');
    // Informatics prints nothing: its key is the latest that its rooms have.
    day.tick('10:01');
    expect(done(day)).toBe('0002');
  });

  it('go by the video test only where no exam is held', () => {
    const rooms = [
      room('0001', ['written'], [['organizer', 'main']]),
      room('0002', ['video'], [['video', 'main']]),
    ];
    const day = new Day(regionOf(site('4216', rooms)), { ...dayPlan, modes: [] }, '09:00');
    day.claim('09:10', 'anglesOk', { track: 'video' });
    expect(done(day)).toBe('0002');
  });

  it('are none of a site that takes no part, and none after it leaves the plan', () => {
    const region = regionOf(writtenSite('4216', 1, { period: 'early' }));
    expect(done(new Day(region, open, '11:00'))).toBe('');
    const day = new Day(regionOf(writtenSite('4216', 1)), open, '09:00');
    day.claim('09:50', 'keyLoaded', { roomCode: '0001' });
    expect(done(day)).toBe('0001');
    day.engine.setRegion(region, at('09:55'));
    expect(done(day)).toBe('');
  });
});
