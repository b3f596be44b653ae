import { describe, expect, it } from 'vitest';
import type { Stage, StageScope } from '../../server/src/updates/rollout.ts';
import { refusedStage, type StageAsked } from '../../server/src/updates/stage-order.ts';
import { stageOf } from '../support/rollout-fleet.ts';

const site: StageScope = { kind: 'site', siteCode: '0042' };
const municipality: StageScope = { kind: 'municipality', slug: 'kemerovo' };
const all: StageScope = { kind: 'all' };
const done = (scope: StageScope, part: Partial<Stage> = {}): Stage =>
  stageOf({ scope, state: 'done', ...part });

const refused = (scope: StageScope, stages: Stage[], part: Partial<StageAsked> = {}) =>
  refusedStage({
    version: '0.2.0',
    scope,
    stages,
    reaches: 3,
    isProvenIn: () => true,
    hasMunicipalities: true,
    ...part,
  });

describe('the order of stages', () => {
  it('is one ППЭ, then a municipality, then all, each when the one before has proven it', () => {
    expect(refused(site, [])).toBeNull();
    expect(refused(municipality, [])).toBe('siteFirst');
    expect(refused(all, [])).toBe('siteFirst');
    expect(refused(municipality, [done(site)])).toBeNull();
    expect(refused(municipality, [done(site)], { isProvenIn: () => false })).toBe('siteFirst');
    expect(refused(all, [done(site)])).toBe('municipalityFirst');
    expect(refused(all, [done(municipality), done(site)])).toBeNull();
    // A registry without municipalities has no such step.
    expect(refused(all, [done(site)], { hasMunicipalities: false })).toBeNull();
  });

  it('counts what another version has confirmed for nothing', () => {
    expect(refused(municipality, [done(site, { version: '0.1.9' })])).toBe('siteFirst');
  });

  it('is one version at a time, and nothing goes on beside one that paused', () => {
    expect(refused(site, [stageOf({ version: '0.1.9' })])).toBe('otherRuns');
    expect(refused(municipality, [stageOf()])).toBeNull();
    expect(refused(municipality, [stageOf({ state: 'paused' })])).toBe('stagePaused');
    expect(refused(site, [stageOf()])).toBe('sameStage');
    expect(refused(site, [stageOf({ state: 'stopped' })])).toBeNull();
    expect(refused({ kind: 'site', siteCode: '0043' }, [stageOf()])).toBeNull();
    expect(refused(site, [], { reaches: 0 })).toBe('nobodyThere');
  });
});
