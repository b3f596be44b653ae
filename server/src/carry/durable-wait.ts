import type { SeriesRow } from '../series/store.ts';

/** Heartbeats of one part whose commit is waited for. */
interface Waiting {
  readonly workstationId: string;
  readonly bootId: string;
  readonly left: Set<number>;
  done: () => void;
}

/** One part's wait. Opened before the first offer: a commit may come between two of them. */
export interface Wait {
  /** This number was offered and is not durable yet. */
  expect(seq: number): void;
  /** Resolves with the numbers that are still not durable after `withinMs`: none when all are. */
  end(withinMs: number): Promise<ReadonlySet<number>>;
}

/** Tells when heartbeats have become durable. */
export class DurableWait {
  readonly #waiting = new Set<Waiting>();

  /** The writer has committed these rows. */
  committed(rows: readonly SeriesRow[]): void {
    for (const each of this.#waiting) {
      for (const { workstationId, bootId, seq } of rows)
        if (workstationId === each.workstationId && bootId === each.bootId) each.left.delete(seq);
      if (each.left.size === 0) each.done();
    }
  }

  open(workstationId: string, bootId: string): Wait {
    const waiting: Waiting = { workstationId, bootId, left: new Set(), done: () => undefined };
    this.#waiting.add(waiting);
    return {
      expect: (seq) => waiting.left.add(seq),
      end: async (withinMs) => {
        if (waiting.left.size > 0) await settled(waiting, withinMs);
        this.#waiting.delete(waiting);
        return waiting.left;
      },
    };
  }
}

async function settled(waiting: Waiting, withinMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, withinMs);
    waiting.done = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
