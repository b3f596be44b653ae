import { formatDuration, formatValue, type Language } from '@ppe-pulse/protocol/texts';

/** Shorter ones are told to the millisecond: that is where receivers differ. */
const IN_MS_BELOW = 10_000;

/** `412 мс`, `2 мин 05 с`: from the decision to the receiver's answer. */
export function latencyText(latencyMs: number, language: Language): string {
  const spanMs = Math.max(0, latencyMs);
  return spanMs < IN_MS_BELOW
    ? formatValue(spanMs, 'ms', language)
    : formatDuration(spanMs, language);
}
