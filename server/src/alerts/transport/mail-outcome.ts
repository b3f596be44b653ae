import type { AttemptOutcome } from '../delivery.ts';
import { failure, isTlsCode, type SendOutcome } from './send-outcome.ts';

/** What is looked at of an error of the mail library. */
export interface MailError {
  readonly code?: string | undefined;
  /** Of the system, where `code` is the library's. */
  readonly originalCode?: string | undefined;
  /** Of SMTP. */
  readonly responseCode?: number | undefined;
}

/** What a server's refusal or an error of the line means. */
export function outcomeOfMailError(error: MailError): SendOutcome {
  const status = error.responseCode;
  if (status !== undefined && status >= 400 && status < 600) return outcomeOfSmtp(status);
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return failure('rejected', false);
  // No such recipient can be written, or the text cannot be put into a mail.
  if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE' || error.code === 'ECONFIG') {
    return failure('notRenderable', false);
  }
  return failure(outcomeOfCodes(error.code ?? '', error.originalCode ?? ''));
}

function outcomeOfSmtp(status: number): SendOutcome {
  const answer = (outcome: AttemptOutcome, isRetryable: boolean): SendOutcome => ({
    ...failure(outcome, isRetryable),
    status,
  });
  // RFC 5321: 421 ends the service for now, 4yz is of the moment (greylisting, a full box).
  if (status === 421) return answer('serverError', true);
  return status < 500 ? answer('throttled', true) : answer('rejected', false);
}

function outcomeOfCodes(code: string, original: string): AttemptOutcome {
  if (code === 'ETLS' || isTlsCode(original)) return 'tlsFailed';
  if (code === 'ETIMEDOUT' || original === 'ETIMEDOUT') return 'timedOut';
  if (code === 'EPROTOCOL') return 'brokenAnswer';
  return 'connectionFailed';
}
