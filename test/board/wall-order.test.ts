import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdicts, type LiveMunicipality, type Verdict } from '@ppe-pulse/protocol';
import {
  captionsOf,
  keepOrder,
  onlyTroubled,
  worstFirst,
} from '../../board/src/wall/tile-order.ts';
import { isTrouble, tileOf, type TileView } from '../../board/src/wall/tiles.ts';
import { siteOf } from '../support/board-page.ts';

const tile = (code: string, group: string, verdict: Verdict, name = group): TileView => ({
  ...tileOf(code, { workstations: [], site: siteOf(code, name, group), incidents: [] }),
  verdict,
});

const region = [
  tile('4201', 'kemerovo', 'ok'),
  tile('4202', 'kemerovo', 'unknown'),
  tile('4203', 'kemerovo', 'ok'),
  tile('4204', 'taiga', 'fail'),
  tile('4205', 'yurga', 'notInvolved'),
  tile('4206', 'belovo', 'ok'),
  tile('4207', 'belovo', 'ok'),
  tile('4208', 'myski', 'ok'),
];

describe('the order of tiles', () => {
  it('has the worst municipality first, the larger of equal ones, and in each the worst ППЭ', () => {
    const { codes, wide } = worstFirst(region);
    expect(codes).toEqual(['4204', '4202', '4201', '4203', '4206', '4207', '4208', '4205']);
    expect([...wide].sort()).toEqual(['4202', '4204']);
  });

  it('keeps municipalities together and loses nobody, whatever stands how', () => {
    const anyTile = fc.record({
      group: fc.constantFrom('a', 'b', 'c', ''),
      verdict: fc.constantFrom(...verdicts),
    });
    fc.assert(
      fc.property(fc.array(anyTile, { maxLength: 60 }), (parts) => {
        const tiles = parts.map(({ group, verdict }, at) =>
          tile(String(4_200 + at), group, verdict),
        );
        const { codes, wide } = worstFirst(tiles);
        expect([...codes].sort()).toEqual(tiles.map(({ code }) => code).sort());
        const groups = codes.map((code) => tiles.find((each) => each.code === code)?.group);
        const runs = groups.filter((group, at) => group !== groups[at - 1]);
        expect(new Set(runs).size).toBe(runs.length);
        const troubled = tiles.filter(({ verdict }) => isTrouble(verdict));
        expect(wide).toEqual(new Set(troubled.map(({ code }) => code)));
      }),
    );
  });

  it('keeps places and widths between two orders: nothing jumps when something breaks', () => {
    const order = worstFirst(region);
    const kept = keepOrder(
      order,
      region.map(({ code }) => code),
    );
    expect(kept).toBe(order);
    const next = keepOrder(order, ['4299', '4203', '4202', '4201']);
    expect(next.codes).toEqual(['4202', '4201', '4203', '4299']);
    expect(next.wide).toBe(order.wide);
  });

  it('of problems only shows at once what broke, and keeps the place of what healed', () => {
    const order = worstFirst(region);
    const shown = onlyTroubled(order, ['4203', '4204']);
    expect(shown.codes).toEqual(['4204', '4202', '4203']);
    expect(shown.wide.has('4203')).toBe(true);
  });
});

describe('names of municipalities', () => {
  const okrug = (slug: string, name: string, kind: string): LiveMunicipality => ({
    slug,
    name,
    kind,
    tile: null,
  });

  it('stand over the first tile with how many there are', () => {
    const captions = captionsOf(region, []);
    expect(captions.get('4201')).toEqual({ group: 'kemerovo', name: 'kemerovo', count: 3 });
    expect([...captions.keys()]).toEqual(['4201', '4204', '4205', '4206', '4208']);
  });

  it('are told apart by kind where two have one name', () => {
    const tiles = [
      tile('4201', 'prokopyevsk', 'ok', 'Прокопьевский'),
      tile('4202', 'prokopyevsk-mo', 'ok', 'Прокопьевский'),
      tile('4203', 'taiga', 'ok', 'Тайга'),
    ];
    const captions = captionsOf(tiles, [
      okrug('prokopyevsk', 'Прокопьевский', 'ГО'),
      okrug('prokopyevsk-mo', 'Прокопьевский', 'МО'),
      okrug('taiga', 'Тайга', 'ГО'),
    ]);
    expect([...captions.values()].map(({ name }) => name)).toEqual([
      'Прокопьевский ГО',
      'Прокопьевский МО',
      'Тайга',
    ]);
  });

  it('are none for a ППЭ outside the registry', () => {
    const stranger = tileOf('4999', { workstations: [], site: undefined, incidents: [] });
    expect(captionsOf([stranger], []).size).toBe(0);
  });
});
