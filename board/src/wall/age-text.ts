import { formatDuration } from '@ppe-pulse/protocol/texts';
import type { Words } from '../text/texts.ts';
import { countdown } from './countdown.ts';

const MINUTE_MS = 60_000;

/** `3:13`, from ten minutes on `12 мин`, from an hour on `1 ч 05 мин`: as fine as somebody acts on it. */
export function ageText(
  { page, language }: Pick<Words, 'page' | 'language'>,
  ageMs: number,
): string {
  const minutes = Math.floor(ageMs / MINUTE_MS);
  if (minutes < 10) return countdown(ageMs);
  if (minutes < 60) return page.minutes(minutes);
  return formatDuration(ageMs, language);
}
