import type { Attempt, AttemptOutcome } from '../delivery.ts';

/** An attempt before its time is known. */
export type SendOutcome = Omit<Attempt, 'tookMs'>;

/** An attempt without an answer. */
export function failure(outcome: AttemptOutcome, isRetryable = true): SendOutcome {
  return { outcome, status: null, retryAfterMs: null, isRetryable };
}

/** Code of an error of Node; of several addresses that failed, of the first. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !('code' in error)) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** True for errors of certificates and of the handshake. */
export function isTlsCode(code: string): boolean {
  return tlsCodes.test(code);
}

/** Of OpenSSL's verification and of Node's own checks. */
const tlsCodes =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|CRL_|EPROTO$)/;
