import { describe, expect, it } from 'vitest';
import { planChaos, type Cast, type Fault } from './plan.ts';

const cast: Cast = {
  agents: ['one', 'two', 'small', 'clock'],
  smallDisks: ['small'],
  ownClocks: ['clock'],
};
const plan = (seed: number, minutes = 10): readonly Fault[] => planChaos({ seed, minutes, cast });
const isOfAProcess = (fault: Fault): boolean => fault.what.startsWith('agent');

describe('the plan of a run', () => {
  it('is the same for the same seed and another for another', () => {
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  it('has every kind of fault in ten minutes, whatever the seed', () => {
    for (const seed of [1, 2, 3, 20_240_515])
      expect(new Set(plan(seed).map(({ what }) => what)).size).toBe(11);
  });

  it.each([0.4, 1, 10, 60])('of %d minutes has healed everything by its end', (minutes) => {
    const faults = plan(5, minutes);
    expect(faults.length).toBeGreaterThan(3);
    for (const { atMs, untilMs } of faults) {
      expect(untilMs).toBeGreaterThanOrEqual(atMs);
      expect(untilMs).toBeLessThanOrEqual(minutes * 60_000);
    }
  });

  it('is oldest first, and never does two things to one target at once', () => {
    const faults = plan(11, 60);
    const starts = faults.map(({ atMs }) => atMs);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const name of cast.agents) {
      const own = faults.filter(
        (each) => isOfAProcess(each) && 'whom' in each && each.whom === name,
      );
      for (const [at, fault] of own.entries())
        expect(fault.atMs).toBeGreaterThanOrEqual(own[at - 1]?.untilMs ?? 0);
    }
    const ofCollector = faults.filter(({ what }) => what.startsWith('collector'));
    expect(ofCollector.length).toBeGreaterThan(20);
    for (const [at, fault] of ofCollector.entries())
      expect(fault.atMs).toBeGreaterThanOrEqual(ofCollector[at - 1]?.untilMs ?? 0);
  });

  it('lets faults of different targets overlap', () => {
    const faults = plan(3, 60);
    const overlaps = faults.filter((fault, at) =>
      faults.slice(0, at).some((earlier) => earlier.untilMs > fault.atMs),
    );
    expect(overlaps.length).toBeGreaterThan(50);
  });

  it('fills no disk and sets no clock that nobody has', () => {
    const poor = planChaos({
      seed: 1,
      minutes: 30,
      cast: { ...cast, smallDisks: [], ownClocks: [] },
    });
    expect(poor.some(({ what }) => what === 'diskFull' || what === 'clockStep')).toBe(false);
  });
});
