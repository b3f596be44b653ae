import { describe, expect, it } from 'vitest';
import type { LiveSite, Region } from '@ppe-pulse/protocol';
import { ShownRegion } from '../../server/src/rehearsal/shown-region.ts';
import { siteOf } from '../support/board-page.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';

function region(codes: readonly string[]): Region {
  const sample = sampleRegion({ ppe: 2, seed: 7 });
  const [first] = sample.sites;
  if (!first) throw new Error('a sample has sites');
  return { ...sample, sites: codes.map((code) => ({ ...first, code })) };
}

function watched(codes: readonly string[]) {
  const shown = new ShownRegion(region(codes));
  const told: (readonly [string, LiveSite | null])[] = [];
  shown.onSite((code, site) => told.push([code, site]));
  return { shown, told };
}

describe('another registry', () => {
  it('takes away what left it, also what a board has of its snapshot alone', () => {
    const { shown, told } = watched(['4201', '4216', '4225']);
    shown.show(siteOf('4216'));
    told.length = 0;
    shown.setRegion(region(['4225', '4299']));
    // Nobody was ever told of 4201 by itself.
    expect(told).toEqual([
      ['4201', null],
      ['4216', null],
    ]);
    told.length = 0;
    shown.setRegion(region(['4225']));
    expect(told).toEqual([['4299', null]]);
    shown.setRegion(region(['4225']));
    expect(told).toHaveLength(1);
  });

  it('tells a site anew that came back', () => {
    const { shown, told } = watched(['4201']);
    shown.show(siteOf('4201'));
    shown.setRegion(region([]));
    shown.setRegion(region(['4201']));
    shown.show(siteOf('4201'));
    expect(told.map(([code, site]) => [code, site !== null])).toEqual([
      ['4201', true],
      ['4201', false],
      ['4201', true],
    ]);
  });
});
