import { ClockMapping } from './clock-mapping.ts';

/** Boots of one workstation whose clocks are kept: its own and those of clones. */
const KEPT_BOOTS = 4;

/** How the clock of each boot maps to ours; what one connection learned serves the next. */
export class BootClocks {
  readonly #mappings = new Map<string, ClockMapping[]>();

  /** The mapping of a boot, a fresh one when it is new. */
  of(workstationId: string, bootId: string): ClockMapping {
    const known = this.#mappings.get(workstationId) ?? [];
    const found = known.find((each) => each.bootId === bootId);
    if (found) return found;
    const fresh = new ClockMapping(bootId);
    this.#mappings.set(workstationId, [fresh, ...known].slice(0, KEPT_BOOTS));
    return fresh;
  }
}
