import { ENDED_KEPT, type Delta, type Incident } from '@ppe-pulse/protocol';

/** How the field begins in a delta in which incidents ended. */
const NONE = '"endedIncidents":[]';

/**
 * What a board remembers of incidents that ended. A snapshot does not tell it, so a segment does: or a
 * jump into the middle would show less than the wall showed.
 */
export class EndedIncidents {
  #kept: readonly Incident[] = [];

  get kept(): readonly Incident[] {
    return this.#kept;
  }

  /** Looks at a frame as text: hardly any has to be parsed for it. */
  take(frame: string): void {
    if (!frame.startsWith('{"type":"delta"') || frame.includes(NONE)) return;
    const { endedIncidents } = JSON.parse(frame) as Delta;
    const ids = new Set(endedIncidents.map(({ id }) => id));
    this.#kept = [...this.#kept.filter(({ id }) => !ids.has(id)), ...endedIncidents].slice(
      -ENDED_KEPT,
    );
  }
}
