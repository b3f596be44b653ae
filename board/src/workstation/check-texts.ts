import { mainMetricOf, metricOf } from '@ppe-pulse/protocol';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import type { CheckAnswer } from '../api/shapes.ts';
import type { Words } from '../text/texts.ts';

/** Unit of a check's main number. */
export function unitOfCheck(check: Pick<CheckAnswer, 'id'>) {
  return metricOf(mainMetricOf(check.id) ?? '')?.unit;
}

/** How long ago a check's oldest reading was taken. */
export function checkAge(check: CheckAnswer, nowMs: number, words: Words): string {
  if (check.measuredAt === null) return words.page.never;
  return words.page.ago(
    formatDuration(Math.max(0, nowMs - Date.parse(check.measuredAt)), words.language),
  );
}
