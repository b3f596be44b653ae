import { describe, expect, it } from 'vitest';
import {
  createMunicipalityParser,
  createZoneParser,
  parseCode,
  parseDuty,
  parseFlag,
  parsePhone,
  parsePurposes,
  parseRole,
  parseSpeed,
} from '../../server/src/region/cell-values.ts';
import { columnIds, columnOf, columns } from '../../server/src/region/columns.ts';
import { kuzbassMunicipalities } from '../../server/src/region/kuzbass-municipalities.ts';
import { columnIndex, columnLetters } from '../../server/src/region/raw-table.ts';

const value = (parsed: { readonly ok: boolean; readonly value?: unknown }): unknown =>
  parsed.ok ? parsed.value : undefined;

describe('headers', () => {
  it('are known in both languages, by any case, spaces, signs and е for ё', () => {
    for (const id of columnIds)
      for (const header of [columns[id].ru, columns[id].en, ...columns[id].also])
        for (const written of [header, header.toUpperCase(), ` ${header.replaceAll('ё', 'е')}: `])
          expect([written, columnOf(written)]).toEqual([written, id]);
  });

  it('are each the header of one column', () => {
    const all = columnIds.flatMap((id) => [columns[id].ru, columns[id].en, ...columns[id].also]);
    const plain = all.map((each) => each.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''));
    expect(plain.filter((each, at) => plain.indexOf(each) !== at)).toEqual([]);
  });
});

describe('municipalities', () => {
  const parse = createMunicipalityParser(kuzbassMunicipalities);

  it('are each found by slug and by name with kind', () => {
    for (const { slug, name, kind } of kuzbassMunicipalities) {
      expect(value(parse(slug))).toBe(slug);
      expect(value(parse(`${name} ${kind === 'ГО' ? 'ГО' : 'МО'}`))).toBe(slug);
    }
  });

  it.each([
    ['Беловский городской округ', 'belovo'],
    ['Беловский муниципальный округ', 'belovsky-r'],
    ['БЕЛОВСКИЙ МР', 'belovsky-r'],
    ['беловский  район', 'belovsky-r'],
    ['г. Кемерово', 'kemerovo'],
    ['Кемеровский муниципальный округ', 'kemerovsky-r'],
    ['Анжеро-Судженский ГО', 'anzhero-sudzhensk'],
    ['Анжеро - Судженский', 'anzhero-sudzhensk'],
    ['Березовский', 'berezovsky'],
    ['Киселёвский городской округ', 'kiselevsk'],
    ['Таштагольский муниципальный район', 'tashtagolsky'],
  ])('%s is %s', (text, slug) => {
    expect(value(parse(text))).toBe(slug);
  });

  it('of one name are told apart by the slugs that the refusal names', () => {
    expect(parse('Прокопьевский')).toEqual({
      ok: false,
      code: 'ambiguousMunicipality',
      expected: 'prokopyevsk = Прокопьевский ГО, prokopyevsky-r = Прокопьевский МО/МР',
    });
    expect(parse('Томский')).toMatchObject({ code: 'unknownMunicipality' });
  });
});

describe('values of cells', () => {
  it.each([
    ['0012', '0012'],
    ['12', '0012'],
    ['7', '0007'],
    ['', undefined],
    ['12345', undefined],
    ['-012', undefined],
    ['١٢٣٤', undefined],
  ])('code %s is %s', (text, code) => {
    expect(value(parseCode(text))).toBe(code);
  });

  it.each([
    ['Станция организатора', 'organizer'],
    ['КЕГЭ', 'kege'],
    ['Штаб', 'hq'],
    ['speaking', 'speaking'],
    ['станция записи ответов', 'speaking'],
    ['уборщица', undefined],
  ])('role %s is %s', (text, role) => {
    expect(value(parseRole(text))).toBe(role);
  });

  it.each([
    ['да', true],
    ['YES', true],
    ['+', true],
    ['1', true],
    ['Нет', false],
    ['-', false],
    ['0', false],
    ['иногда', undefined],
  ])('flag %s is %s', (text, flag) => {
    expect(value(parseFlag(text))).toBe(flag);
  });

  it.each([
    ['письменная, КЕГЭ', ['kege', 'written']],
    ['КЕГЭ/письменная', ['kege', 'written']],
    ['written speaking', ['speaking', 'written']],
    ['устная часть', ['speaking']],
    ['письменная, склад', undefined],
  ])('purposes %s are %s', (text, purposes) => {
    expect(value(parsePurposes(text))).toEqual(purposes);
  });

  it.each([
    ['100', 12_500_000],
    ['50,5', 6_312_500],
    ['0.5', 62_500],
    ['0', undefined],
    ['1e3', undefined],
    ['1000000', undefined],
  ])('%s Mbit/s are %s bytes a second', (text, speed) => {
    expect(value(parseSpeed(text))).toBe(speed);
  });

  it.each(['+7 384 212-34-56', '8 (38442) 5-12-34', '2-12-34', '555-01-12 доб. 12'])(
    '%s is a phone',
    (text) => {
      expect(value(parsePhone(text))).toBe(text);
    },
  );

  it.each(['резерв', 'Резервная', 'reserve'])('%s is a reserve', (text) => {
    expect(value(parseDuty(text))).toBe('reserve');
  });

  it('zones are those of IANA, asked once each', () => {
    const parse = createZoneParser();
    expect(value(parse('Asia/Novokuznetsk'))).toBe('Asia/Novokuznetsk');
    expect(parse('Asia/Novokuznetsk')).toBe(parse('Asia/Novokuznetsk'));
    for (const text of ['МСК+4', '+07:00', 'Asia', '../etc/passwd'])
      expect(parse(text).ok).toBe(false);
  });
});

describe('columns of a spreadsheet', () => {
  it('are letters that count from A over AA on', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnLetters)).toEqual([
      'A',
      'Z',
      'AA',
      'AZ',
      'BA',
      'ZZ',
      'AAA',
    ]);
    for (let at = 0; at < 2_000; at += 1) expect(columnIndex(`${columnLetters(at)}12`)).toBe(at);
  });
});
