import type {
  RegionProblemCode,
  RegionRemark,
  RegionWarningCode,
} from '../region/region-problem.ts';
import type { Language } from './domain-texts.ts';
import { regionEn } from './region-en.ts';
import { regionRu } from './region-ru.ts';
import type { RegionTexts } from './region-words.ts';

export type { RegionTexts } from './region-words.ts';

/** Words of the region's import in a language. */
export function regionTexts(language: Language): RegionTexts {
  return language === 'ru' ? regionRu : regionEn;
}

/** A remark as one line: the file, the place in it, the sentence. */
export function remarkLine(
  remark: RegionRemark<RegionProblemCode | RegionWarningCode>,
  language: Language,
): string {
  const { problems, warnings, didYouMean, place } = regionTexts(language);
  const sentences: Readonly<Record<string, string>> = { ...problems, ...warnings };
  const { file, sheet, row, cell, column, code, found, expected } = remark;
  const where = [
    file,
    sheet === null ? '' : place.sheet.replace('{sheet}', () => sheet),
    cell ?? (row === null ? '' : place.row.replace('{row}', String(row))),
    column === null || column === '' ? '' : place.column.replace('{column}', () => column),
  ].filter((part) => part !== '');
  const hint = code === 'unknownColumn' && expected !== '' ? `; ${didYouMean}` : '';
  const sentence = `${sentences[code] ?? code}${hint}`
    .replace('{found}', () => found)
    .replace('{expected}', () => expected);
  return where.length === 0 ? sentence : `${where.join(', ')}: ${sentence}`;
}
