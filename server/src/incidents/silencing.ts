import type { AlertSilence, Incident, LiveSilence } from '@ppe-pulse/protocol';
import { isCovered, nodesOf, type PlaceOf } from './silenced-by.ts';

/** What the clock made of the silences. */
export interface SilencingStep {
  readonly expired: readonly AlertSilence[];
  /** Other silences hold than before: every open incident is to be looked at. */
  readonly hasChanged: boolean;
}

/** The silences that hold or are to come, and which incidents they cover. No rows, no clock. */
export class Silencing {
  readonly #placeOf: PlaceOf;
  #live: readonly AlertSilence[];
  /** Undefined before the first look: what holds is not known yet. */
  #holding: readonly AlertSilence[] | undefined;

  constructor(live: readonly AlertSilence[], placeOf: PlaceOf) {
    this.#live = live;
    this.#placeOf = placeOf;
  }

  get size(): number {
    return this.#live.length;
  }

  has(id: string): boolean {
    return this.#live.some((each) => each.id === id);
  }

  add(silence: AlertSilence): void {
    this.#live = [...this.#live, silence];
  }

  remove(id: string): void {
    this.#live = this.#live.filter((each) => each.id !== id);
  }

  /** Goes on to a moment of the wall clock: some begin, some are over. */
  advance(nowMs: number): SilencingStep {
    const expired = this.#live.filter(({ toMs }) => toMs <= nowMs);
    if (expired.length > 0) this.#live = this.#live.filter(({ toMs }) => toMs > nowMs);
    const holding = this.#live.filter(({ fromMs }) => fromMs <= nowMs);
    const before = this.#holding;
    const hasChanged =
      before?.length !== holding.length || holding.some((each, at) => each !== before[at]);
    this.#holding = holding;
    return { expired, hasChanged };
  }

  /** Until when an incident is covered, null for not. */
  untilOf(incident: Incident): number | null {
    const holding = this.#holding ?? [];
    if (holding.length === 0) return null;
    const nodes = nodesOf(incident, this.#placeOf);
    const ends = holding
      .filter((silence) => isCovered(incident, nodes, silence))
      .map(({ toMs }) => toMs);
    return ends.length === 0 ? null : Math.max(...ends);
  }

  /** All of them with how many open incidents each covers now. */
  shown(open: Iterable<Incident>): LiveSilence[] {
    const covers = new Map<string, number>();
    const holding = this.#holding ?? [];
    if (holding.length > 0)
      for (const incident of open) {
        const nodes = nodesOf(incident, this.#placeOf);
        for (const silence of holding)
          if (isCovered(incident, nodes, silence))
            covers.set(silence.id, (covers.get(silence.id) ?? 0) + 1);
      }
    return this.#live.map((silence) => ({ ...silence, covers: covers.get(silence.id) ?? 0 }));
  }
}
