import type { Unit } from '../checks/metrics.ts';
import type { Evidence } from '../messages/shared.ts';
import type { Language } from './domain-texts.ts';
import { domainTexts } from './texts.ts';
import { formatValue } from './units.ts';

/** Endings of keys that name the unit; other numbers have the check's own. Longest first. */
const unitsByEnding: readonly (readonly [string, Unit])[] = [
  ['BytesPerSecond', 'bytesPerSecond'],
  ['Bytes', 'bytes'],
  ['Ratio', 'ratio'],
  ['Days', 'days'],
  ['Jobs', 'count'],
  ['Ms', 'ms'],
];

/**
 * What a verdict rests on, in words: `источник: очередь · ждёт: 2 мин 05 с`. The value itself is left
 * out: it has a place of its own. Keys and words of a newer peer are shown as they came.
 */
export function formatEvidence(
  evidence: Evidence,
  unit: Unit | undefined,
  language: Language,
): string {
  const { evidence: names } = domainTexts(language);
  return Object.entries(evidence)
    .filter(([key]) => key !== 'value')
    .map(([key, value]) => `${names[key] ?? key}: ${wordOf(key, value, { unit, language })}`)
    .join(' · ');
}

function wordOf(
  key: string,
  value: Evidence[string],
  view: { readonly unit: Unit | undefined; readonly language: Language },
): string {
  const { words, reasons } = domainTexts(view.language);
  if (typeof value === 'boolean') return words[value ? 'yes' : 'no'] ?? String(value);
  if (typeof value === 'string') {
    const byReason: Readonly<Record<string, string>> = reasons;
    return (key === 'test' ? byReason[value] : words[value]) ?? value;
  }
  const unit = unitOf(key, view.unit);
  return unit === undefined ? String(value) : formatValue(value, unit, view.language);
}

function unitOf(key: string, own: Unit | undefined): Unit | undefined {
  const byEnding = unitsByEnding.find(([ending]) => key.endsWith(ending))?.[1];
  if (byEnding !== undefined) return byEnding;
  return key === 'warn' || key === 'fail' ? own : undefined;
}
