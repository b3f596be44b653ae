/** Why a request of a person came to nothing. */
export interface Refused {
  /** Stable token of the refusal; empty where there is none. */
  readonly reason: string;
  /** What there is to say beside the token's own sentence; empty for nothing. */
  readonly detail: string;
  /** How long to wait before the next try, where the collector says it. */
  readonly retryAfterMs?: number;
}

/** A refusal that the page itself makes, in its own words. */
export function refusedHere(detail: string): Refused {
  return { reason: '', detail };
}
