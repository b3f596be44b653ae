import type { Clock } from '../clock.ts';
import type { Audit } from '../state/audit.ts';

/** The same person with the same report is one reading. */
const ONE_READING_MS = 10 * 60_000;
/** Readings that are remembered; the oldest goes first. */
const MAX_KNOWN = 5_000;

/** Writes down who read what is to be accounted for, once a reading and not once a request. */
export class ReadAudit {
  readonly #audit: Audit;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #known = new Map<string, number>();

  constructor(audit: Audit, clock: Pick<Clock, 'wallMs'>) {
    this.#audit = audit;
    this.#clock = clock;
  }

  note(account: string, action: string, subject: string): void {
    const key = `${account} ${action} ${subject}`;
    const atMs = this.#clock.wallMs();
    const lastMs = this.#known.get(key);
    if (lastMs !== undefined && Math.abs(atMs - lastMs) < ONE_READING_MS) return;
    this.#audit.add({ atMs, account, action, subject, details: {} });
    this.#known.delete(key);
    this.#known.set(key, atMs);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}
