import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countryRu } from '../../board/src/country/country-ru.ts';
import { dayStateRu } from '../../board/src/day-state/day-state-ru.ts';
import { enrolmentRu } from '../../board/src/enrolment/enrolment-ru.ts';
import { planPageRu } from '../../board/src/plan/plan-page-ru.ts';
import { ppeRu } from '../../board/src/ppe/ppe-ru.ts';
import { registryRu } from '../../board/src/registry/registry-ru.ts';
import { rehearsalRu } from '../../board/src/rehearsal/rehearsal-ru.ts';
import { hqIncidentsRu } from '../../board/src/text/hq-incidents-ru.ts';
import { hqRu } from '../../board/src/text/hq-ru.ts';
import type { Plural } from '../../board/src/text/page-texts.ts';
import { ru } from '../../board/src/text/ru.ts';
import { russian, wordsFrom } from '../../board/src/text/texts.ts';
import { wallSideRu } from '../../board/src/wall-side/wall-side-ru.ts';
import { wallRu } from '../../board/src/wall/wall-ru.ts';

const root = join(import.meta.dirname, '..', '..');

/** Every dictionary of a language: `en.ts` and `…-en.ts`. */
function dictionaries(language: 'ru' | 'en'): string[] {
  return ['board/src', 'protocol/src/texts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => new RegExp(`(?:^|[/\\\\-])${language}\\.ts$`).test(name))
      .map((name) => join(root, folder, name)),
  );
}

/** Texts of a file by line: what stands in quotes, comments left out. */
function textsIn(file: string): { at: string; text: string }[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (/^\s*(?:\/\/|\/?\*|import )/.test(line)) return [];
    return [...line.matchAll(/'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\]|\\.)*)"/g)].map(
      ([, single, template, double]) => ({
        at: `${relative(root, file)}:${index + 1}`,
        text: single ?? template ?? double ?? '',
      }),
    );
  });
}

describe('dictionaries of the board and of the protocol', () => {
  it('are found', () => {
    expect(dictionaries('en').length).toBeGreaterThan(15);
    expect(dictionaries('ru').length).toBe(dictionaries('en').length);
  });

  it('hold no Russian in English, but for the name of the other language', () => {
    const russianTexts = dictionaries('en')
      .flatMap(textsIn)
      .filter(({ text }) => /[а-яё]/i.test(text) && text !== 'Русский');
    expect(russianTexts).toEqual([]);
  });

  it('hold no English sentence in Russian', () => {
    const englishTexts = dictionaries('ru')
      .flatMap(textsIn)
      .map(({ at, text }) => ({
        at,
        text: text.replaceAll(/\$\{[^}]*\}|\{\w+\}|npm run \w+/g, '…'),
      }))
      .filter(({ text }) => /(?<![\w./-])[a-z]{2,}(?: [a-z]{2,}){2,}(?![\w/-])/i.test(text));
    expect(englishTexts).toEqual([]);
  });
});

describe('Russian nouns beside numbers', () => {
  const { count } = wordsFrom(russian);
  const numbers = [1, 2, 5, 11, 21, 101];

  it.each<[string, Plural, string[]]>([
    [
      'workstations',
      ru.workstations,
      ['рабочее место', 'рабочих места', 'рабочих мест', 'рабочих мест', 'рабочее место'],
    ],
    ['days', ru.days, ['день', 'дня', 'дней', 'дней', 'день']],
    [
      'rooms of the wall',
      wallRu.rooms,
      ['аудитория', 'аудитории', 'аудиторий', 'аудиторий', 'аудитория'],
    ],
    [
      'rooms of the column',
      wallSideRu.rooms,
      ['аудитория', 'аудитории', 'аудиторий', 'аудиторий', 'аудитория'],
    ],
    [
      'rooms of the country',
      countryRu.rooms,
      ['аудитория', 'аудитории', 'аудиторий', 'аудиторий', 'аудитория'],
    ],
    [
      'sites of the country',
      countryRu.sites,
      ['площадка', 'площадки', 'площадок', 'площадок', 'площадка'],
    ],
    [
      'incidents',
      wallSideRu.incidentCount,
      ['инцидент', 'инцидента', 'инцидентов', 'инцидентов', 'инцидент'],
    ],
    [
      'incidents that are silenced',
      dayStateRu.silencedIncidents,
      ['инцидент', 'инцидента', 'инцидентов', 'инцидентов', 'инцидент'],
    ],
    [
      'drilled incidents',
      dayStateRu.drilledIncidents,
      [
        'инцидент помечен учебным',
        'инцидента помечены учебными',
        'инцидентов помечены учебными',
        'инцидентов помечены учебными',
        'инцидент помечен учебным',
      ],
    ],
    [
      'groups',
      wallSideRu.grouped,
      ['групповая', 'групповые', 'групповых', 'групповых', 'групповая'],
    ],
    [
      'municipalities',
      wallSideRu.hitMunicipalities,
      ['муниципалитет', 'муниципалитета', 'муниципалитетов', 'муниципалитетов', 'муниципалитет'],
    ],
    ['records', hqRu.records, ['запись', 'записи', 'записей', 'записей', 'запись']],
    ['mistakes', planPageRu.errors, ['ошибка', 'ошибки', 'ошибок', 'ошибок', 'ошибка']],
    [
      'warnings',
      planPageRu.warnings,
      ['предупреждение', 'предупреждения', 'предупреждений', 'предупреждений', 'предупреждение'],
    ],
    [
      'changes',
      planPageRu.changeCount,
      ['изменение', 'изменения', 'изменений', 'изменений', 'изменение'],
    ],
    ['lines', planPageRu.skipped, ['строка', 'строки', 'строк', 'строк', 'строка']],
    [
      'sites of the registry',
      registryRu.found,
      ['площадка', 'площадки', 'площадок', 'площадок', 'площадка'],
    ],
  ])('%s are right at 1, 2, 5, 11, 21 and 101', (_, noun, forms) => {
    const expected = [...forms, forms[0]];
    expect(numbers.map((number) => count(number, noun))).toEqual(
      numbers.map((number, at) => `${number} ${expected[at]}`),
    );
  });
});

describe('Russian phrases with numbers', () => {
  const { count, number } = wordsFrom(russian);
  const numbers = [1, 2, 5, 11, 21, 101, 111];
  const places = (value: number): string => count(value, ru.workstations);

  it.each<[string, (value: number) => string, readonly string[]]>([
    [
      'folded into one incident',
      (value) => wallSideRu.foldedInOne(places(value)),
      [
        '1 рабочее место свёрнуто',
        '2 рабочих места свёрнуто',
        '5 рабочих мест свёрнуто',
        '11 рабочих мест свёрнуто',
        '21 рабочее место свёрнуто',
        '101 рабочее место свёрнуто',
        '111 рабочих мест свёрнуто',
      ],
    ],
    [
      'silent by rule, the kind of day',
      (value) => dayStateRu.silentByRule(count(value, dayStateRu.sites), places(value)),
      [
        'молчит 1 ППЭ (1 рабочее место)',
        'молчит 2 ППЭ (2 рабочих места)',
        'молчит 5 ППЭ (5 рабочих мест)',
        'молчит 11 ППЭ (11 рабочих мест)',
        'молчит 21 ППЭ (21 рабочее место)',
        'молчит 101 ППЭ (101 рабочее место)',
        'молчит 111 ППЭ (111 рабочих мест)',
      ],
    ],
    [
      'silent by rule, where all is calm',
      (value) => wallSideRu.silentByRule(places(value)),
      [
        'молчит 1 рабочее место',
        'молчит 2 рабочих места',
        'молчит 5 рабочих мест',
        'молчит 11 рабочих мест',
        'молчит 21 рабочее место',
        'молчит 101 рабочее место',
        'молчит 111 рабочих мест',
      ],
    ],
    [
      'a wide cause',
      (value) => wallSideRu.causeRegion(count(value, wallSideRu.hitMunicipalities)),
      [
        'охват — 1 муниципалитет',
        'охват — 2 муниципалитета',
        'охват — 5 муниципалитетов',
        'охват — 11 муниципалитетов',
        'охват — 21 муниципалитет',
        'охват — 101 муниципалитет',
        'охват — 111 муниципалитетов',
      ],
    ],
  ])('agree throughout: %s', (_, phrase, expected) => {
    const plain = numbers.map((value) => phrase(value).replaceAll('\u00a0', ' '));
    expect(plain).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  // Nothing that bends stands behind the number.
  it.each<[string, (value: number) => string, string]>([
    ['conditions', (value) => rehearsalRu.conditionsMet(value, value), 'выполнено условий # из #'],
    ['places not yet heard', said(wallRu.notYetHeard), 'ещё не слышно мест: # из #'],
    ['places enrolled', said(enrolmentRu.summary), 'подключено мест: # из #'],
    ['places that are known', said(hqIncidentsRu.known.partly), 'мест: # из #'],
    ['sites of a plan', said(planPageRu.involved), 'Участвует площадок реестра: # из #.'],
    ['rooms of a ППЭ', (value) => ppeRu.silentOf(value, value), 'молчит # из #'],
    [
      'changes',
      (value) => registryRu.unlisted(number(value)),
      'Показаны не все; только посчитано изменений: #.',
    ],
    ['ППЭ of the counts', (value) => wallRu.quietSites(number(value)), 'по регламенту молчит #'],
    ['warnings', (value) => wallSideRu.moreWarnings(number(value)), 'ещё «внимание»: #'],
  ])('bend nothing: %s', (_, phrase, expected) => {
    expect(numbers.map(phrase)).toEqual(
      numbers.map((value) => expected.replaceAll('#', String(value))),
    );
  });

  function said(of: (part: string, all: string) => string): (value: number) => string {
    return (value) => of(number(value), number(value));
  }
});
