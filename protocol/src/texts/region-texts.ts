import type {
  RegionProblemCode,
  RegionRemark,
  RegionWarningCode,
} from '../region/region-problem.ts';
import type { Language } from './domain-texts.ts';
import { regionEn } from './region-en.ts';
import { regionRu } from './region-ru.ts';

/** Words of the region's import: each says what is wrong and what to do. */
export interface RegionTexts {
  readonly problems: Readonly<Record<RegionProblemCode, string>>;
  readonly warnings: Readonly<Record<RegionWarningCode, string>>;
  /** Behind a column that is nearly one of ours. */
  readonly didYouMean: string;
  readonly place: { readonly sheet: string; readonly row: string; readonly column: string };
}

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
