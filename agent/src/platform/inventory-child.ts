import { readInventory } from './system-information.ts';

/** A process of its own for one inventory: the library's memory and its helpers go with it. */
process.send?.(await readInventory());
process.disconnect?.();
