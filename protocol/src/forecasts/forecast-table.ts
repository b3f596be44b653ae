import type { Language } from '../texts/domain-texts.ts';
import { forecastTexts } from '../texts/forecast-texts.ts';
import { formatDuration, formatValue } from '../texts/units.ts';
import type { ForecastKind } from './forecast.ts';
import { scoresOf, type ForecastError, type ForecastScore } from './score.ts';

/** «The forecast error table at the end», for a terminal: lines of text without a last line feed. */
export function forecastTable(scored: readonly ForecastError[], language: Language): string {
  return scoreTable(scoresOf(scored), language);
}

/** The same of scores that were counted elsewhere. */
export function scoreTable(scores: readonly ForecastScore[], language: Language): string {
  const { table } = forecastTexts(language);
  if (scores.length === 0) return `${table.title}\n${table.none}`;
  const head = [
    table.kind,
    table.horizon,
    table.count,
    table.inRange,
    table.medianAbsError,
    table.p95AbsError,
    table.bias,
  ];
  const rows = [head, ...scores.map((score) => cellsOf(score, language))];
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      // Words stand on the left, numbers on the right.
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [table.title, lines[0], rule, ...lines.slice(1), table.promise].join('\n');
}

function cellsOf(score: ForecastScore, language: Language): string[] {
  const texts = forecastTexts(language);
  const size = (value: number): string => quantity(score.kind, value, language);
  const sign = score.bias > 0 ? '+' : '';
  return [
    score.horizon === null ? texts.kinds[score.kind] : '',
    score.horizon === null ? texts.table.all : texts.horizons[score.horizon],
    String(score.count),
    formatValue(score.shareInRange, 'ratio', language),
    size(score.medianAbsError),
    size(score.p95AbsError),
    `${sign}${size(score.bias)}`,
  ];
}

function quantity(kind: ForecastKind, value: number, language: Language): string {
  return kind === 'uplinkLoad'
    ? formatValue(value, 'ratio', language)
    : formatDuration(value, language);
}
