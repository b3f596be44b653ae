/** Handshakes that are looked back on: 10 minutes at one in 10 s. */
const WINDOW = 60;
/** With fewer a single lost packet would be a lossy line: 1 of 20 packets is 5 %. */
const MIN_HANDSHAKES = 10;
/** Handshakes without an answer in a row that are a cut: at 20 % loss one row in 10,000. */
const CUT_HANDSHAKES = 3;
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
  #unansweredInRow = 0;

  /** A finished handshake: one packet out and one back, and those that were sent again. */
  finished(tookMs: number): void {
    const lost = lostInHandshake(tookMs);
    this.#unansweredInRow = 0;
    this.#push(lost, lost + 2);
  }

  /**
   * A handshake that did not end before its deadline: both tries were lost. Three in a row are a
   * line that was cut, which is no loss: they leave the window. `hasOtherFinished`: another one came
   * about meanwhile, so it was not cut.
   */
  unanswered(hasOtherFinished = false): void {
    this.#unansweredInRow = hasOtherFinished ? 0 : this.#unansweredInRow + 1;
    if (this.#unansweredInRow < CUT_HANDSHAKES) this.#push(2, 2);
    else if (this.#unansweredInRow === CUT_HANDSHAKES)
      this.#window = this.#window.slice(0, 1 - CUT_HANDSHAKES);
  }

  /** True from the third handshake in a row without an answer until one comes about. */
  get isCut(): boolean {
    return this.#unansweredInRow >= CUT_HANDSHAKES;
  }

  /** 0…1; undefined before the first handshake, and of fewer than ten where one was lost. */
  ratio(): number | undefined {
    const sent = this.#window.reduce((sum, each) => sum + each.sent, 0);
    const lost = this.#window.reduce((sum, each) => sum + each.lost, 0);
    if (sent === 0 || (lost > 0 && this.#window.length < MIN_HANDSHAKES)) return undefined;
    return lost / sent;
  }

  #push(lost: number, sent: number): void {
    this.#window = [...this.#window.slice(1 - WINDOW), { lost, sent }];
  }
}
