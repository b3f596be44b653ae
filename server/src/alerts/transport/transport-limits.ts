/** Deadlines and bounds of one attempt. */
export interface TransportLimits {
  /** Name, connection and TLS together. */
  readonly connectWithinMs: number;
  /** From the request that is sent to the answer that is complete; of a mail, silence. */
  readonly answerWithinMs: number;
  readonly wholeWithinMs: number;
  /** What is read of an answer, only to free the connection. It is kept nowhere. */
  readonly maxAnswerBytes: number;
}

/** A receiver that takes longer is as good as down: 16 attempts share the outbox. */
export const transportLimits: TransportLimits = {
  connectWithinMs: 5_000,
  answerWithinMs: 10_000,
  wholeWithinMs: 15_000,
  maxAnswerBytes: 65_536,
};

/** A receiver may ask for this much patience; what it asks for beyond is not granted. */
export const MAX_RETRY_AFTER_MS = 3_600_000;
/** Characters of a receiver's address. */
export const MAX_URL_LENGTH = 2_000;
