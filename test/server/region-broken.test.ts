import { regionLimits } from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';
import { csvFile, parsed, problemsOf } from '../support/region-files.ts';

const head = 'Код ППЭ;Вид;Период;Вид комиссии;Наименование;Муниципалитет';
const site = '0012;ППЭ;основной;;Школа;yurga';
const seats = 'Код ППЭ;Аудитория;Роль;Основная или резервная;Количество';
const goodSites = csvFile(`${head}\n${site}\n`, 'sites.csv');

describe('a broken table of sites', () => {
  it.each([
    ['a code of letters', 'A12;;основной;;Школа;yurga', 'badCode A2'],
    ['a code of five digits', '00123;;основной;;Школа;yurga', 'badCode A2'],
    ['no code', ';;основной;;Школа;yurga', 'required A2'],
    ['a kind that is none', '0012;школьный;основной;;Школа;yurga', 'badKind B2'],
    ['a period that is none', '0012;ППЭ;летний;;Школа;yurga', 'badPeriod C2'],
    ['a ППЭ without a period', '0012;ППЭ;;;Школа;yurga', 'required 2'],
    ['a РЦОИ with a period', '0012;РЦОИ;основной;;РЦОИ;yurga', 'notOfPpe 2'],
    ['a ППЭ with a commission', '0012;ППЭ;основной;предметная;Ш;yurga', 'notOfCommission 2'],
    ['a commission that is none', '0012;комиссия;;другая;К;yurga', 'badCommission D2'],
    ['a commission without its kind', '0012;комиссия;;;К;yurga', 'required 2'],
    ['no name', '0012;ППЭ;основной;;;yurga', 'required 2'],
    ['no municipality', '0012;ППЭ;основной;;Школа;', 'required 2'],
    ['a municipality of nowhere', '0012;ППЭ;основной;;Ш;Томск', 'unknownMunicipality F2'],
    ['a name of two', '0012;ППЭ;основной;;Ш;Беловский', 'ambiguousMunicipality F2'],
    ['a site twice', `${site}\n${site}`, 'duplicate A3'],
    ['an e-mail for a name', '0012;ППЭ;основной;;a@b.ru;yurga', 'personalValue E2'],
    ['a person for a name', '0012;ППЭ;основной;;Ким Анна Юрьевна;yurga', 'personalValue E2'],
    ['an endless name', `0012;ППЭ;основной;;${'ш'.repeat(301)};yurga`, 'tooLong E2'],
  ])('with %s names the cell', (_, row, problem) => {
    expect(problemsOf(csvFile(`${head}\n${row}\n`))).toContain(problem);
  });

  it.each([
    ['Часовой пояс', 'Кузбасс', 'badTimeZone'],
    ['Часовой пояс', 'Asia/Kemerovo', 'badTimeZone'],
    ['ТОМ', 'возможно', 'badFlag'],
    ['Скорость', 'быстро', 'badNumber'],
    ['Скорость', '0', 'badNumber'],
    ['Скорость', '-5', 'badNumber'],
    ['Телефон Штаба', 'спросить у вахтёра', 'badPhone'],
    ['Телефон Штаба', '+7 384 212-34-56 Иванова', 'badPhone'],
  ])('with a column «%s» of %s says %s', (column, value, problem) => {
    const file = csvFile(`${head};${column}\n${site};${value}\n`);
    expect(problemsOf(file)).toEqual([`${problem} G2`]);
  });

  it.each(['ФИО руководителя', 'E-mail', 'Директор', 'Мобильный телефон', 'Full name', 'Имя'])(
    'refuses a column «%s» and says nothing of what is in it',
    (column) => {
      const { problems } = parsed(csvFile(`${head};${column}\n${site};Тайна\n`));
      expect(problems.listed).toMatchObject([{ code: 'personalColumn', cell: 'G1' }]);
      expect(JSON.stringify(problems)).not.toContain('Тайна');
    },
  );

  it('refuses a column of names and addresses whatever its header is', () => {
    for (const value of ['Петрова О. И.', 'Петрова Ольга Ивановна', 'olga@school.ru']) {
      const { problems } = parsed(csvFile(`${head};Примечание\n${site};${value}\n`));
      expect(problems.listed).toMatchObject([{ code: 'personalColumn', cell: 'G2' }]);
      expect(JSON.stringify(problems)).not.toContain(value);
    }
  });

  it('takes names of schools that carry a person’s name', () => {
    const name = 'Лицей имени Сергея Павловича Королёва';
    expect(problemsOf(csvFile(`${head}\n0012;;main;;${name};yurga\n`))).toEqual([]);
  });
});

describe('broken rooms and workstations', () => {
  it.each([
    ['a role that is none', '0012;0001;повар;;1', 'badRole C2'],
    ['no role', '0012;0001;;;1', 'required C2'],
    ['a duty that is none', '0012;0001;штаб;иногда;1', 'badDuty D2'],
    ['a count of none', '0012;0001;штаб;;0', 'badNumber E2'],
    ['half a workstation', '0012;0001;штаб;;1,5', 'badNumber E2'],
    [
      'more than a site may have',
      '0012;0001;штаб;;200\n0012;0002;штаб;;51',
      'tooManyWorkstations A2',
    ],
    ['a site that nobody listed', '0013;0001;штаб;;1', 'unknownSite A2'],
    ['a room of words', '0012;кабинет 5;штаб;;1', 'badCode B2'],
  ])('with %s name the cell', (_, row, problem) => {
    const found = problemsOf(csvFile(`${seats}\n${row}\n`), goodSites);
    expect(found).toEqual([problem]);
  });

  it('miss a room only where rooms are listed, and never the Штаб', () => {
    const workstations = csvFile(`${seats}\n0012;0001;организатор;;1\n0012;7777;штаб;;1\n`);
    expect(problemsOf(goodSites, workstations)).toEqual([]);
    const rooms = csvFile('Код ППЭ;Аудитория;Мест\n0012;0002;15\n', 'rooms.csv');
    expect(problemsOf(goodSites, workstations, rooms)).toEqual(['unknownRoom B2']);
  });

  it.each([
    ['purposes that are none', '0012;0001;столовая;15;2', 'badPurpose C2'],
    ['seats without end', '0012;0001;КЕГЭ;5000;2', 'badNumber D2'],
    ['cameras by words', '0012;0001;КЕГЭ;15;две', 'badNumber E2'],
    ['a room twice', '0012;0001;КЕГЭ;15;2\n12;1;КЕГЭ;15;2', 'duplicate B3'],
  ])('with %s name the cell', (_, row, problem) => {
    const rooms = csvFile(`Код ППЭ;Код;Назначение;Мест;Камер\n${row}\n`);
    expect(problemsOf(goodSites, rooms)).toEqual([problem]);
  });

  it('that contradict themselves in one flat table name both values', () => {
    const flat = `${head};Аудитория;Роль\n${site};0001;штаб\n0012;ППЭ;основной;;Лицей;yurga;0002;видео\n`;
    expect(parsed(csvFile(flat)).problems.listed).toMatchObject([
      { code: 'conflict', cell: 'E3', found: 'Лицей', expected: 'Школа' },
    ]);
  });
});

describe('a file that is no table of ours', () => {
  it.each([
    ['is empty', '', 'noTable'],
    ['has other headers', 'a;b;c\n1;2;3\n', 'noTable'],
    ['misses the municipality', 'Код ППЭ;Наименование;Период\n0012;Ш;main\n', 'missingColumn 1'],
    ['misses the room', 'Код ППЭ;Роль\n0012;штаб\n', 'missingColumn 1'],
    ['has a column twice', `${head};ППЭ\n${site};0012\n`, 'doubleColumn G1'],
    ['leaves a quote open', `${head}\n0012;"ППЭ;основной;;Школа;yurga\n`, 'badQuotes 2'],
    ['has headers alone', `${head}\n`, 'noSites'],
  ])('and %s is refused', (_, text, problem) => {
    expect(problemsOf(csvFile(text))).toEqual([problem]);
  });

  it('is refused when it is no text at all', () => {
    const bytes = Uint8Array.from([1, 0, 2, 0, 3]);
    expect(problemsOf({ name: 'photo.csv', bytes })).toEqual(['unknownFormat']);
  });

  it('is refused when there are too many, or too many rows', () => {
    const many = Array.from({ length: regionLimits.files + 1 }, () => goodSites);
    expect(problemsOf(...many)).toEqual(['tooManyFiles']);
    const rows = (count: number): string =>
      `Код ППЭ;Аудитория;Роль\n${'0012;0001;штаб\n'.repeat(count)}`;
    expect(problemsOf(csvFile(rows(regionLimits.rows + 1)))).toEqual(['tooManyRows']);
    expect(problemsOf(csvFile(rows(regionLimits.rows * 1.5)))).toEqual(['tooManyRows']);
    expect(problemsOf(csvFile(`${head}${';x'.repeat(regionLimits.columns)}\n${site}\n`))).toEqual([
      'tooManyColumns 1',
    ]);
  });

  it('lists so many problems and counts the rest', () => {
    const { problems, sites } = parsed(csvFile(`${head}\n${'x;;;;;\n'.repeat(1_000)}`));
    expect(problems.total).toBe(1_000);
    expect(problems.listed).toHaveLength(regionLimits.listedProblems);
    expect(sites).toEqual([]);
  });
});

describe('what is done with a file that its author may not have meant', () => {
  it('says which codes got their zeros back', () => {
    const { sites, warnings } = parsed(csvFile(`${head}\n12;;main;;Ш;yurga\n`));
    expect(sites[0]?.code).toBe('0012');
    expect(warnings.listed).toMatchObject([
      { code: 'zerosAdded', cell: 'A2', found: '12', expected: '0012' },
    ]);
  });

  it('says which columns it does not read, and which one they nearly are', () => {
    const { warnings } = parsed(csvFile(`${head};Провайдр;Цвет стен\n${site};Связь;белый\n`));
    expect(warnings.listed).toMatchObject([
      { code: 'unknownColumn', found: 'Провайдр', expected: 'Провайдер' },
      { code: 'unknownColumn', found: 'Цвет стен', expected: '' },
    ]);
  });
});
