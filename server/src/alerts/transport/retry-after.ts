import { MAX_RETRY_AFTER_MS } from './transport-limits.ts';

/**
 * The patience that `Retry-After` asks for (RFC 9110: seconds or an HTTP date), ms, capped; null where
 * nothing readable is asked.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^[0-9]{1,10}$/.test(text)) return Math.min(Number(text) * 1_000, MAX_RETRY_AFTER_MS);
  // `Date.parse` takes nearly anything; a date of HTTP begins with the day's name.
  const atMs = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) return null;
  return Math.min(Math.max(0, atMs - nowMs), MAX_RETRY_AFTER_MS);
}
