import { describe, expect, it } from 'vitest';
import type { LiveMunicipality, LiveSite, LiveWorkstation, Verdict } from '@ppe-pulse/protocol';
import { abbreviationsOf } from '../../board/src/wall-side/abbreviations.ts';
import { municipalityLabels } from '../../board/src/wall-side/municipality-names.ts';
import { isSameMap, tileMapOf } from '../../board/src/wall-side/municipality-tiles.ts';
import { kuzbassMunicipalities } from '../../server/src/region/kuzbass-municipalities.ts';
import { siteOf } from '../support/board-page.ts';

const named = (slug: string, name: string, kind = 'ГО', tile: LiveMunicipality['tile'] = null) => ({
  slug,
  name,
  kind,
  tile,
});

const workstation = (siteCode: string, verdict: Verdict): LiveWorkstation => ({
  index: 0,
  id: `w-${siteCode}`,
  placement: { siteCode, roomCode: '0001', role: 'organizer', duty: 'main', simulated: false },
  verdict,
  reason: 'ok',
  lastSeenMs: 1,
  problems: [],
  values: [],
});

const stateOf = (
  municipalities: readonly LiveMunicipality[],
  sites: readonly (readonly [LiveSite, Verdict])[],
) => ({
  municipalities,
  sites: new Map(sites.map(([{ code }, verdict]) => [code, [workstation(code, verdict)]])),
  registry: new Map(sites.map(([site]) => [site.code, site])),
});

describe('three letters for a municipality', () => {
  it('are different for every municipality of Kuzbass, and short', () => {
    const shorts = [...abbreviationsOf(kuzbassMunicipalities).values()];
    expect(new Set(shorts).size).toBe(kuzbassMunicipalities.length);
    expect(shorts.filter((short) => short.length !== 3)).toEqual([]);
  });

  it('are told apart by more than the size of a letter, but for a town and its district', () => {
    const shorts = abbreviationsOf(kuzbassMunicipalities);
    const bySound = new Map<string, string[]>();
    for (const [slug, short] of shorts) {
      const sound = short.toUpperCase();
      bySound.set(sound, [...(bySound.get(sound) ?? []), slug]);
    }
    const pairs = [...bySound.values()].filter((slugs) => slugs.length > 1);
    expect(pairs).toEqual([['kemerovo', 'kemerovsky-r']]);
  });

  it.each([
    ['kemerovo', 'КЕМ'],
    ['kemerovsky-r', 'КЕм'],
    ['anzhero-sudzhensk', 'АНЖ'],
    ['krasnobrodsky', 'КРА'],
    ['krapivinsky', 'КРП'],
    ['prokopyevsk', 'ПРО'],
    ['prokopyevsky-r', 'ПРм'],
    ['promyshlennovsky', 'ПРШ'],
  ])('of %s are %s', (slug, short) => {
    expect(abbreviationsOf(kuzbassMunicipalities).get(slug)).toBe(short);
  });

  it('come from any name: generic words, Latin, one letter, markup, none at all', () => {
    const shorts = abbreviationsOf([
      named('a', 'городской округ город Уфа'),
      named('b', 'Springfield', 'X'),
      named('c', 'Ю', 'МО'),
      named('d', '<b>Мар</b>', 'МО'),
      named('e', '', 'МО'),
      named('f', '№ 7', 'МО'),
    ]);
    expect([...shorts]).toEqual([
      ['a', 'УФА'],
      ['b', 'SPR'],
      ['c', 'Ю'],
      ['d', 'B'],
      ['e', '?'],
      ['f', '?2'],
    ]);
  });

  it('stay different for a hundred of one name', () => {
    const many = Array.from({ length: 100 }, (_, at) => named(`m-${at}`, 'Ленинский', 'МР'));
    expect(new Set(abbreviationsOf(many).values()).size).toBe(100);
  });
});

describe('names of municipalities', () => {
  it('get their kind only where two have one name', () => {
    const labels = municipalityLabels([
      named('belovo', 'Беловский', 'ГО'),
      named('belovsky-r', 'Беловский', 'МО/МР'),
      named('tayga', 'Тайгинский'),
    ]);
    expect([...labels.values()]).toEqual(['Беловский ГО', 'Беловский МО', 'Тайгинский']);
  });
});

describe('the map of municipalities', () => {
  const town = named('kemerovo', 'Кемерово', 'ГО', { col: 2, row: 2 });
  const other = named('tayga', 'Тайгинский', 'ГО', { col: 1, row: 0 });

  it('counts sites, those that are not well, and shows the worst', () => {
    const { placed } = tileMapOf(
      stateOf(
        [town],
        [
          [siteOf('4201'), 'ok'],
          [siteOf('4202'), 'unknown'],
          [siteOf('4203'), 'warn'],
          [siteOf('4204'), 'silentByRule'],
        ],
      ),
    );
    expect(placed).toMatchObject([{ slug: 'kemerovo', total: 4, bad: 2, verdict: 'warn' }]);
  });

  it('leaves out sites that take no part, and says so of a municipality that has no others', () => {
    const out = { ...siteOf('4201'), isInvolved: false };
    const state = stateOf([town], []);
    const { placed } = tileMapOf({ ...state, registry: new Map([['4201', out]]) });
    expect(placed).toMatchObject([{ total: 0, bad: 0, verdict: 'notInvolved' }]);
  });

  it('begins at its first column and row', () => {
    const { placed, columns, rows } = tileMapOf(stateOf([town, other], []));
    expect([columns, rows]).toEqual([2, 3]);
    expect(placed.map(({ place }) => place)).toEqual([
      { column: 2, row: 3 },
      { column: 1, row: 1 },
    ]);
  });

  it('keeps beside it what has no place, or a place that is taken, the worst first', () => {
    const second = named('berezovsky', 'Берёзовский', 'ГО', { col: 2, row: 2 });
    const { placed, loose } = tileMapOf(
      stateOf(
        [town, second, named('yurga', 'Юргинский')],
        [
          [siteOf('4201', 'Берёзовский', 'berezovsky'), 'ok'],
          [siteOf('4202', 'Юргинский', 'yurga'), 'fail'],
        ],
      ),
    );
    expect(placed.map(({ slug }) => slug)).toEqual(['kemerovo']);
    expect(loose.map(({ slug }) => slug)).toEqual(['yurga', 'berezovsky']);
  });

  it('is the same map until something on it looks different', () => {
    const good = tileMapOf(stateOf([town, other], [[siteOf('4201'), 'ok']]));
    expect(isSameMap(good, tileMapOf(stateOf([town, other], [[siteOf('4201'), 'ok']])))).toBe(true);
    expect(isSameMap(good, tileMapOf(stateOf([town, other], [[siteOf('4201'), 'fail']])))).toBe(
      false,
    );
    expect(isSameMap(good, tileMapOf(stateOf([town], [[siteOf('4201'), 'ok']])))).toBe(false);
  });
});
