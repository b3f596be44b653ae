import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Journal, type JournalOptions } from '../../agent/src/journal/journal.ts';

/** A PC's clocks that only a test moves. */
export class TestClock {
  wall = 1_715_740_919_760;
  elapsed = 0;

  readonly wallMs = (): number => this.wall;
  readonly elapsedMs = (): number => this.elapsed;

  /** Time goes by on both. */
  pass(ms: number): void {
    this.wall += ms;
    this.elapsed += ms;
  }
}

/** A journal that is closed with the test, and the clock that it runs on. */
export function openJournal(
  directory: string,
  options: Partial<JournalOptions> = {},
  clock = new TestClock(),
): { journal: Journal; clock: TestClock } {
  const journal = new Journal(directory, {
    maxBytes: 100_000_000,
    maxAgeMs: 14 * 86_400_000,
    clock,
    ...options,
  });
  onTestFinished(() => journal.close());
  return { journal, clock };
}

/** Numbers of all heartbeats that are not acked, oldest first. */
export const sequences = (journal: Journal): number[] =>
  [...journal.unacked()].map((entry) => entry.seq);

/** Paths of the segment files, oldest first. */
export const segmentsOf = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.seg'))
    .sort()
    .map((name) => join(directory, name));
