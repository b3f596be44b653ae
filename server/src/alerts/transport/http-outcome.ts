import type { AttemptOutcome } from '../delivery.ts';
import { retryAfterMs } from './retry-after.ts';
import { codeOf, failure, isTlsCode, type SendOutcome } from './send-outcome.ts';

/** What a receiver's answer means. */
export function outcomeOfStatus(
  status: number,
  retryAfter: string | undefined,
  nowMs: number,
): SendOutcome {
  const patienceMs = retryAfterMs(retryAfter, nowMs);
  const answer = (
    outcome: AttemptOutcome,
    isRetryable: boolean,
    patience: number | null = null,
  ): SendOutcome => ({ outcome, status, retryAfterMs: patience, isRetryable });
  if (status >= 200 && status < 300) return answer('delivered', false);
  if (status >= 300 && status < 400) return answer('redirected', false);
  if (status === 410) return answer('gone', false);
  if (status === 429) return answer('throttled', true, patienceMs);
  if (status === 503 && patienceMs !== null) return answer('throttled', true, patienceMs);
  // «Too slow», «too early»: of the moment, not of the message.
  if (status === 408 || status === 425) return answer('rejected', true, patienceMs);
  if (status >= 400 && status < 500) return answer('rejected', false);
  if (status >= 500 && status < 600) return answer('serverError', true, patienceMs);
  return answer('brokenAnswer', true);
}

/** Where an attempt was when it failed. */
export type HttpStage = 'connecting' | 'sending' | 'answering';

/** What an error of the network means. */
export function outcomeOfError(error: unknown, stage: HttpStage): SendOutcome {
  return failure(outcomeOfCode(codeOf(error), stage));
}

function outcomeOfCode(code: string, stage: HttpStage): AttemptOutcome {
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dnsFailed';
  if (isTlsCode(code)) return 'tlsFailed';
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return 'timedOut';
  if (code.startsWith('HPE_')) return 'brokenAnswer';
  return stage === 'answering' ? 'brokenAnswer' : 'connectionFailed';
}
