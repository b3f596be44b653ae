import { describe, expect, it } from 'vitest';
import { StageEngine, type StageId } from '@ppe-pulse/protocol';
import { at, check, Day, dayPlan, regionOf, writtenSite } from './stage-world.ts';

const one = regionOf(writtenSite('4216', 1));
const pages = (value: number) => ({ metrics: { 'printer.pages.count': value } });

describe('a workstation that leaves', () => {
  it('leaves what its room reached to another one, to be saved there', () => {
    const day = new Day(one, dayPlan, '09:00');
    day.see('09:10', 'hq', { roomCode: '7777', role: 'hq' });
    day.see('09:59', 'pc', pages(100));
    day.see('10:12', 'pc', pages(400));
    day.engine.takeUnsaved();
    day.engine.forget('pc');
    expect(day.said('site:4216', 'printing')).toBe('1/1 ok reached');
    expect([...day.engine.takeUnsaved()]).toEqual(['hq']);
    const next = new StageEngine({ plan: dayPlan, region: one, nowMs: at('10:20') });
    const kept = day.engine.signalsOf('hq');
    if (kept) next.restore([['hq', kept]]);
    expect(next.siteStages('4216').find(({ stage }) => stage === 'printing')?.done).toBe(1);
  });
});

describe('a restart', () => {
  const restarted = (day: Day, ids: readonly string[]): StageEngine => {
    const next = new StageEngine({ plan: dayPlan, region: one, nowMs: at('09:20') });
    next.restore(
      ids.flatMap((id) => {
        const signals = day.engine.signalsOf(id);
        return signals ? [[id, signals] as const] : [];
      }),
    );
    return next;
  };
  const done = (engine: StageEngine, stage: StageId): number | undefined =>
    engine.siteStages('4216').find((each) => each.stage === stage)?.done;

  it('keeps what the only workstation showed in the room that it left since', () => {
    const day = new Day(one, dayPlan, '09:00');
    day.see('09:10', 'pc', { roomCode: '0001' });
    day.see('09:15', 'pc', { roomCode: '7777', role: 'hq' });
    expect(day.said('site:4216', 'stationsUp')).toBe('1/1 ok reachedLate');
    expect(done(restarted(day, ['pc']), 'stationsUp')).toBe(1);
  });

  it('judges nothing before all are there: two PCs tell of one camera', () => {
    const day = new Day(one, dayPlan, '09:00');
    day.see('09:10', 'b', { checks: [check('camera.1.stream', 'fail')] });
    day.see('09:11', 'a', {
      checks: [check('camera.1.stream', 'ok'), check('camera.2.stream', 'ok')],
    });
    expect(day.state('site:4216', 'videoOn').done).toBe(0);
    for (const order of [
      ['a', 'b'],
      ['b', 'a'],
    ])
      expect([order, done(restarted(day, order), 'videoOn')]).toEqual([order, 0]);
  });
});
