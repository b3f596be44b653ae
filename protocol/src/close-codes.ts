/** What a peer does after its socket was closed with a code. */
export type RetryPolicy =
  /** Reconnect with the ordinary jittered back-off. */
  | 'backoff'
  /** The cause needs a person: try again every few minutes, keep the journal. */
  | 'slow'
  /** Never by itself: the peer must be changed first. */
  | 'never';

/** A close code: its number, its ASCII reason token and what the closed peer does next. */
export interface CloseCode {
  readonly code: number;
  readonly reason: string;
  readonly retry: RetryPolicy;
}

/** WebSocket close codes of both sockets. 1000–1015 are RFC 6455's, 4000–4999 are ours. */
export const closeCodes = {
  normal: { code: 1000, reason: 'normal', retry: 'backoff' },
  goingAway: { code: 1001, reason: 'goingAway', retry: 'backoff' },
  brokenFraming: { code: 1002, reason: 'brokenFraming', retry: 'slow' },
  notUtf8: { code: 1007, reason: 'notUtf8', retry: 'slow' },
  tooManyPieces: { code: 1008, reason: 'tooManyPieces', retry: 'slow' },
  frameTooBig: { code: 1009, reason: 'frameTooBig', retry: 'slow' },
  internalError: { code: 1011, reason: 'internalError', retry: 'backoff' },
  badFrame: { code: 4400, reason: 'badFrame', retry: 'slow' },
  notAuthenticated: { code: 4401, reason: 'notAuthenticated', retry: 'slow' },
  notEnrolled: { code: 4403, reason: 'notEnrolled', retry: 'slow' },
  /** A person took the workstation's enrolment back; who approves it again need not go to the PC. */
  revoked: { code: 4404, reason: 'revoked', retry: 'slow' },
  /** The enrolment's last day is over: enrol again with the next rehearsal's file. */
  expired: { code: 4405, reason: 'expired', retry: 'slow' },
  handshakeTimeout: { code: 4408, reason: 'handshakeTimeout', retry: 'backoff' },
  replacedByNewer: { code: 4409, reason: 'replacedByNewer', retry: 'slow' },
  cloned: { code: 4410, reason: 'cloned', retry: 'slow' },
  unsupportedProtocol: { code: 4426, reason: 'unsupportedProtocol', retry: 'slow' },
  tooManyFrames: { code: 4429, reason: 'tooManyFrames', retry: 'backoff' },
  tooSlow: { code: 4430, reason: 'tooSlow', retry: 'backoff' },
  wrongCollector: { code: 4495, reason: 'wrongCollector', retry: 'slow' },
  halfOpen: { code: 4499, reason: 'halfOpen', retry: 'backoff' },
} as const satisfies Record<string, CloseCode>;

export type CloseCodeName = keyof typeof closeCodes;

/** The name of a code, undefined for one that is not ours. */
export function closeNameOf(code: number): CloseCodeName | undefined {
  const names = Object.keys(closeCodes) as CloseCodeName[];
  return names.find((name) => closeCodes[name].code === code);
}

/** Policy for a received code; an unknown code (a proxy's, a newer peer's) is retried with back-off. */
export function retryPolicyOf(code: number): RetryPolicy {
  const name = closeNameOf(code);
  return name === undefined ? 'backoff' : closeCodes[name].retry;
}
