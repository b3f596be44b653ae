import { describe, expect, it } from 'vitest';
import { regionProblems, regionWarnings } from '@ppe-pulse/protocol';
import { languages, regionTexts, remarkLine } from '@ppe-pulse/protocol/texts';

const remark = {
  file: 'школы.xlsx',
  sheet: 'Лист1',
  row: 5,
  cell: 'C5',
  column: 'Период',
  found: 'летний',
  expected: '',
};

describe.each(languages)('words of the import in %s', (language) => {
  const texts = regionTexts(language);

  it('are there for every problem and every warning, and for none besides', () => {
    expect(Object.keys(texts.problems).sort()).toEqual([...regionProblems].sort());
    expect(Object.keys(texts.warnings).sort()).toEqual([...regionWarnings].sort());
  });

  it('have no other places to fill in than found and expected', () => {
    for (const text of [...Object.values(texts.problems), ...Object.values(texts.warnings)]) {
      expect(text).not.toBe('');
      expect(text.replaceAll(/\{(?:found|expected)\}/g, '')).not.toMatch(/[{}]/);
    }
  });

  it('fill in the same in both languages', () => {
    const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    const other = regionTexts(language === 'ru' ? 'en' : 'ru');
    for (const code of regionProblems)
      expect([code, ...places(texts.problems[code])]).toEqual([
        code,
        ...places(other.problems[code]),
      ]);
    for (const code of regionWarnings)
      expect([code, ...places(texts.warnings[code])]).toEqual([
        code,
        ...places(other.warnings[code]),
      ]);
  });

  it('never repeat what a person’s column holds', () => {
    expect(texts.problems.personalColumn + texts.problems.personalValue).not.toContain('{found}');
  });
});

describe('a line about the files', () => {
  it('says where, what stands there and what is expected', () => {
    expect(remarkLine({ ...remark, code: 'badPeriod' }, 'ru')).toBe(
      'школы.xlsx, лист «Лист1», C5, столбец «Период»: «летний» — не период: нужно досрочный или основной',
    );
    expect(
      remarkLine({ ...remark, code: 'badPeriod', sheet: null, cell: null, column: null }, 'en'),
    ).toBe('школы.xlsx, row 5: "летний" is no period: early or main is expected');
  });

  it('takes what was found as it is, whatever signs are in it', () => {
    const line = remarkLine({ ...remark, code: 'badRole', found: '$& {expected}' }, 'en');
    expect(line).toContain('"$& ');
  });

  it('suggests a header only where one is near', () => {
    const unknown = { ...remark, code: 'unknownColumn', found: 'Провайдр' } as const;
    expect(remarkLine({ ...unknown, expected: 'Провайдер' }, 'ru')).toContain(
      'может быть, «Провайдер»?',
    );
    expect(remarkLine(unknown, 'ru')).not.toContain('может быть');
  });
});
