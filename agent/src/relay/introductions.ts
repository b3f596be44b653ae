import type { FromAgent, Goodbye, Member } from '@ppe-pulse/protocol';

/** How the collector is told; false while there is no uplink. */
export type Tell = (message: FromAgent) => boolean;

interface Farewell {
  readonly goodbye: Goodbye;
  readonly atMs: number;
}

/**
 * Who of the members is here, as the collector has been told on this connection. Of two boots of one
 * id it is told of the one that this relay takes for the workstation. Times are monotonic.
 */
export class Introductions {
  readonly #tell: Tell;
  /** On this connection. */
  readonly #told = new Map<string, Member>();
  readonly #current = new Map<string, string>();
  readonly #farewells = new Map<string, Farewell>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** The boot that the collector takes live heartbeats of, undefined for none. */
  bootOf(id: string): string | undefined {
    return this.#told.get(id)?.bootId;
  }

  /** The connection is lost: the next one knows nobody. */
  forget(): void {
    this.#told.clear();
  }

  /** This boot is the workstation, as its heartbeats show. */
  heard(id: string, bootId: string, here: readonly Member[]): void {
    this.#current.set(id, bootId);
    this.update(id, here);
  }

  /** Tells what changed; `here` are the boots that are here now, the older one first. */
  update(id: string, here: readonly Member[]): void {
    const current = this.#current.get(id);
    const wanted = here.find(({ bootId }) => bootId === current) ?? here[0];
    if (wanted) this.#farewells.delete(id);
    const told = this.#told.get(id);
    if (told?.bootId === wanted?.bootId) return;
    if (told && this.#tell({ ...told, state: 'left' })) this.#told.delete(id);
    if (wanted && this.#tell(wanted)) this.#told.set(id, wanted);
  }

  /** A member said goodbye: the collector must hear of it, if need be when the uplink is back. */
  saidGoodbye(id: string, goodbye: Goodbye, nowMs: number): void {
    this.#farewells.set(id, { goodbye, atMs: nowMs });
    this.#tell({ ...goodbye, agentId: id });
  }

  /** Tells again who left with a word while there was no uplink. */
  repeatFarewells(nowMs: number): void {
    for (const [agentId, { goodbye, atMs }] of this.#farewells) {
      const { expectedReturnMs: dueMs } = goodbye;
      const leftMs = dueMs === undefined ? undefined : Math.max(0, dueMs - (nowMs - atMs));
      this.#tell({
        ...goodbye,
        agentId,
        ...(leftMs !== undefined && { expectedReturnMs: leftMs }),
      });
    }
  }
}
