import { mainMetricOf, metricOf, verdictWeight, type CheckVerdict } from '@ppe-pulse/protocol';
import {
  domainTexts,
  formatDuration,
  formatEvidence,
  formatValue,
  type Language,
} from '@ppe-pulse/protocol/texts';

/** An older reading than this is told with its age. */
const TOLD_AGE_MS = 10_000;

const ago: Readonly<Record<Language, string>> = { ru: 'назад', en: 'ago' };

/** The main number of a check, empty where it has none. */
export function valueOf(check: CheckVerdict, language: Language): string {
  const unit = metricOf(mainMetricOf(check.id) ?? '')?.unit;
  const { value } = check.evidence;
  return typeof value === 'number' && unit !== undefined ? formatValue(value, unit, language) : '';
}

/** Why the verdict is what it is, and how old the reading is. */
export function reasonOf(check: CheckVerdict, language: Language): string {
  const reasons: Readonly<Record<string, string>> = domainTexts(language).reasons;
  const age =
    check.ageMs >= TOLD_AGE_MS
      ? ` (${formatDuration(check.ageMs, language)} ${ago[language]})`
      : '';
  return `${reasons[check.reason] ?? check.reason}${age}`;
}

/** What the verdict rests on; what is well needs no proof on the one screen that there is. */
export function evidenceOf(check: CheckVerdict, language: Language): string {
  if (!isNews(check)) return '';
  return formatEvidence(check.evidence, metricOf(mainMetricOf(check.id) ?? '')?.unit, language);
}

function isNews({ verdict, reason }: CheckVerdict): boolean {
  return verdictWeight(verdict) > verdictWeight('ok') && reason !== 'noPlan';
}
