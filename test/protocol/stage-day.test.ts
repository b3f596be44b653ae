import { describe, expect, it } from 'vitest';
import { currentMilestone } from '@ppe-pulse/protocol';
import { at, check, Day, dayPlan, regionOf, writtenSite } from './stage-world.ts';

const cameras = (first: 'ok' | 'fail' = 'ok') => [
  check('camera.1.stream', first),
  check('camera.2.stream', 'ok'),
];
const hq = { roomCode: '7777', role: 'hq' } as const;

describe('the written exam of one ППЭ of three rooms, from the day before to the answer of the РЦОИ', () => {
  const day = new Day(regionOf(writtenSite('4216', 3)), dayPlan, '00:00');
  const rooms = ['0001', '0002', '0003'] as const;
  const seeAll = (time: string, metrics: Record<string, number> = {}): void => {
    for (const roomCode of rooms) day.see(time, `pc-${roomCode}`, { roomCode, metrics });
  };

  it('begins with what is due the day before: a person must say it', () => {
    expect(day.said('site:4216', 'techControl')).toBe('0/1 ok overdue');
    day.claim('00:01', 'techControl');
    expect(day.said('site:4216', 'techControl')).toBe('1/1 ok reachedLate');
  });

  it('knows the exam materials from the Штаб, and not before the Штаб is heard', () => {
    expect(day.said('site:4216', 'emDownload')).toBe('0/1 unknown notHeard');
    day.see('07:00', 'hq', { ...hq, metrics: { 'net.em.ratio': 0.4 } });
    expect(day.said('site:4216', 'emDownload')).toBe('0/1 fail overdue');
    day.see('07:20', 'hq', { ...hq, metrics: { 'net.em.ratio': 1 } });
    expect(day.state('site:4216', 'emDownload')).toMatchObject({
      reachedAtMs: at('07:20'),
      by: 'measure',
      reason: 'reachedLate',
    });
  });

  it('has video when both cameras of every room send, the Штаб included', () => {
    expect(day.said('site:4216', 'videoOn')).toBe('0/4 ok notDue');
    for (const roomCode of rooms)
      day.see('07:50', `pc-${roomCode}`, { roomCode, checks: cameras() });
    day.see('07:50', 'hq', { ...hq, checks: cameras('fail') });
    expect(day.said('site:4216', 'videoOn')).toBe('3/4 ok notDue');
    day.tick('08:00');
    expect(day.said('site:4216', 'videoOn')).toBe('3/4 warn overdue');
    expect(day.said('room:4216-7777', 'videoOn')).toBe('0/1 warn overdue');
    day.tick('08:30');
    expect(day.said('site:4216', 'videoOn')).toBe('3/4 fail overdue');
    day.see('08:34', 'hq', { ...hq, checks: cameras() });
    expect(day.said('site:4216', 'videoOn')).toBe('4/4 ok reachedLate');
    expect(day.state('site:4216', 'videoOn').reachedAtMs).toBe(at('08:34'));
  });

  it('had its stations up in time, because they were heard', () => {
    expect(day.said('site:4216', 'stationsUp')).toBe('3/3 ok reached');
    expect(day.said('station:pc-0001', 'stationsUp')).toBe('1/1 ok reached');
  });

  it('gets the key, and rooms load it one after the other', () => {
    day.claim('09:31', 'keyDownload');
    expect(day.said('site:4216', 'keyDownload')).toBe('1/1 ok reachedLate');
    day.claim('09:45', 'keyLoaded', { roomCode: '0001' });
    day.claim('09:52', 'keyLoaded', { roomCode: '0002' });
    expect(day.said('site:4216', 'keyLoaded')).toBe('2/3 ok notDue');
    day.tick('10:01');
    expect(day.said('site:4216', 'keyLoaded')).toBe('2/3 warn overdue');
    day.claim('10:02', 'keyLoaded', { roomCode: '0003' });
    expect(day.said('site:4216', 'keyLoaded')).toBe('3/3 ok reachedLate');
  });

  it('prints: rooms are counted by the pages that came out', () => {
    seeAll('09:59', { 'printer.pages.count': 40_000 });
    expect(day.said('site:4216', 'printing')).toBe('0/3 ok notDue');
    seeAll('10:05', { 'printer.pages.count': 40_150 });
    seeAll('10:10', { 'printer.pages.count': 40_299 });
    expect(day.said('site:4216', 'printing')).toBe('0/3 ok notDue');
    day.see('10:11', 'pc-0001', { roomCode: '0001', metrics: { 'printer.pages.count': 40_300 } });
    day.see('10:11', 'pc-0002', { roomCode: '0002', metrics: { 'printer.pages.count': 40_303 } });
    expect(day.said('site:4216', 'printing')).toBe('2/3 ok notDue');
  });

  it('is contradicted when it says that the exam began before the last room was printed', () => {
    day.claim('10:12', 'examStarted');
    expect(day.said('site:4216', 'examStarted')).toBe('1/1 warn claimMismatch !');
    day.tick('10:21');
    expect(day.said('site:4216', 'printing')).toBe('2/3 warn overdue');
    day.see('10:22', 'pc-0003', { roomCode: '0003', metrics: { 'printer.pages.count': 40_310 } });
    expect(day.said('site:4216', 'printing')).toBe('3/3 ok reachedLate');
    expect(day.state('site:4216', 'printing').reachedAtMs).toBe(at('10:22'));
    expect(day.said('site:4216', 'examStarted')).toBe('1/1 ok reached');
  });

  it('scans after the exam: a room is done when its scanner stands still after enough sheets', () => {
    day.see('13:25', 'pc-0001', { metrics: { 'scanner.images.count': 700 } });
    day.claim('13:31', 'examFinished');
    day.see('13:50', 'pc-0001', { metrics: { 'scanner.images.count': 750 } });
    expect(day.said('room:4216-0001', 'scanning')).toBe('0/1 ok notDue');
    day.see('13:54', 'pc-0001', { metrics: { 'scanner.images.count': 750 } });
    expect(day.state('room:4216-0001', 'scanning').reachedAtMs).toBe(at('13:50'));
    expect(day.said('site:4216', 'scanning')).toBe('1/3 ok notDue');
    day.claim('14:05', 'scanning');
    expect(day.said('site:4216', 'scanning')).toBe('3/3 ok reached');
    expect(day.state('site:4216', 'scanning').by).toBe('claim');
  });

  it('ends when the РЦОИ has it all, and the region counts one of one', () => {
    day.claim('15:00', 'packageSent');
    day.claim('15:20', 'rcoiAck', { by: 'operator' });
    expect(day.said('region', 'rcoiAck')).toBe('1/1 ok reached');
    expect(day.said('municipality:kemerovo', 'keyLoaded')).toBe('1/1 ok reachedLate');
    expect(day.engine.claimsOf('4216').find(({ stage }) => stage === 'rcoiAck')).toMatchObject({
      by: 'operator',
      atMs: at('15:20'),
    });
    expect(day.engine.statesOf('site:4216').some(({ isMismatch }) => isMismatch)).toBe(false);
  });
});

describe('the next deadline', () => {
  it('is that of the stage which is not reached yet', () => {
    const day = new Day(regionOf(writtenSite('4216', 1)), dayPlan, '08:40');
    expect(currentMilestone(day.engine.regionStages(), at('08:40'))).toEqual({
      id: 'stationsUp',
      dueAtMs: at('09:00'),
    });
    day.see('08:41', 'pc', {});
    expect(currentMilestone(day.engine.regionStages(), at('08:41'))?.id).toBe('keyDownload');
    expect(day.engine.milestone(at('08:41'))?.id).toBe('stationsUp');
    expect(day.engine.milestone(at('23:59') + 1)).toBeNull();
  });
});
