/** Handshakes that are looked back on: 10 minutes at one in 10 s. */
const WINDOW = 60;
/**
 * A lost packet of a TCP handshake is sent again after 1 s, then 2 s later (RFC 6298 §2; Linux and
 * Windows 10 alike): the time of a handshake tells how many were lost.
 */
const FIRST_RETRY_MS = 1_000;
const SECOND_RETRY_MS = 3_000;

/** Packets lost in one handshake. */
export function lostInHandshake(tookMs: number): number {
  if (tookMs < FIRST_RETRY_MS) return 0;
  return tookMs < SECOND_RETRY_MS ? 1 : 2;
}

/** Share of lost packets by the times of the last handshakes. */
export class LossEstimate {
  #window: { readonly lost: number; readonly sent: number }[] = [];

  /** A finished handshake: one packet out and one back, and those that were sent again. */
  finished(tookMs: number): void {
    const lost = lostInHandshake(tookMs);
    this.#push(lost, lost + 2);
  }

  /** A handshake that did not end before its deadline: both tries were lost. */
  unanswered(): void {
    this.#push(2, 2);
  }

  /** 0…1, undefined before the first handshake. */
  ratio(): number | undefined {
    const sent = this.#window.reduce((sum, each) => sum + each.sent, 0);
    if (sent === 0) return undefined;
    return this.#window.reduce((sum, each) => sum + each.lost, 0) / sent;
  }

  #push(lost: number, sent: number): void {
    this.#window = [...this.#window.slice(1 - WINDOW), { lost, sent }];
  }
}
