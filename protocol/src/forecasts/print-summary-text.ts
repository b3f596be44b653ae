import type { Language } from '../texts/domain-texts.ts';
import { forecastTexts } from '../texts/forecast-texts.ts';
import { formatDuration } from '../texts/units.ts';
import type { PrintSummary } from './print-summary.ts';

const MINUTE_MS = 60_000;

/** «N of M rooms printed, last one 0012 at 10:07, 7 min late»; `timeOf` gives the ППЭ's local time. */
export function printSummaryText(
  summary: PrintSummary,
  language: Language,
  timeOf: (ms: number) => string,
): string {
  const { prints } = forecastTexts(language);
  const parts = [fill(prints.rooms, { done: summary.done, total: summary.total })];
  if (summary.lastRoomCode !== null && summary.lastAtMs !== null) {
    const at = `${summary.isForecast ? '≈ ' : ''}${timeOf(summary.lastAtMs)}`;
    parts.push(fill(prints.last, { room: summary.lastRoomCode, at }));
  }
  if (summary.lateMs !== null) {
    const minutes = Math.round(summary.lateMs / MINUTE_MS);
    const word = minutes > 0 ? prints.late : minutes < 0 ? prints.early : prints.onTime;
    parts.push(fill(word, { by: inMinutes(Math.abs(minutes), language) }));
  }
  if (summary.unknown > 0) parts.push(fill(prints.unknown, { count: summary.unknown }));
  return parts.join(', ');
}

/** A clock without seconds says nothing of seconds: `7 мин`, `1 ч 05 мин`. */
function inMinutes(minutes: number, language: Language): string {
  const text = formatDuration(minutes * MINUTE_MS, language);
  return minutes < 60 ? text.split(' ').slice(0, 2).join(' ') : text;
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
