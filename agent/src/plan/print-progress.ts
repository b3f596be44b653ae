import {
  splitDeviceId,
  type AgentPlan,
  type Mode,
  type PrintTask,
  type Reading,
} from '@ppe-pulse/protocol';

/** Of each printer, by its number. */
const COUNTER = 'printer.pages.count';

/**
 * How much of the room's print is done: pages since it went quiet, which is when the key may be there.
 * Test pages of the preparation are none of it.
 */
export class PrintProgress {
  readonly #readings: ReadonlyMap<string, Reading>;
  #isQuiet = false;
  /** What each counter showed when it began; a counter that was first read later began at its own. */
  readonly #began = new Map<string, number>();

  constructor(readings: ReadonlyMap<string, Reading>) {
    this.#readings = readings;
  }

  /** The mode is another one. */
  changed(mode: Mode): void {
    this.#isQuiet = mode === 'quiet';
    if (!this.#isQuiet) return;
    this.#began.clear();
    for (const [id, { value }] of this.#counters()) this.#began.set(id, value);
  }

  /** What is to be printed and how far it is; null where the plan lets nothing be printed. */
  task(plan: AgentPlan | undefined): PrintTask | null {
    if (!plan?.print) return null;
    const pages = this.#counters().map(([id, { value }]) => this.#since(id, value));
    return { norms: plan.print, printedPages: pages.reduce((sum, each) => sum + each, 0) };
  }

  #since(id: string, pages: number): number {
    const began = this.#began.get(id);
    if (began === undefined && this.#isQuiet) this.#began.set(id, pages);
    return Math.max(0, pages - (began ?? pages));
  }

  #counters(): (readonly [string, Reading])[] {
    return [...this.#readings].filter(([id]) => splitDeviceId(id)?.base === COUNTER);
  }
}
