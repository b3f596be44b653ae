import { formatDuration, type Language } from '@ppe-pulse/protocol/texts';

/** `5 мин`, `1 ч 05 мин`: seconds of an age are of no use to who walks to a room. */
export function coarseAge(ms: number, language: Language, justNow: string): string {
  if (ms < 60_000) return justNow;
  const text = formatDuration(Math.floor(ms / 60_000) * 60_000, language);
  return ms < 3_600_000 ? text.replace(/ 00 \S+$/, '') : text;
}
