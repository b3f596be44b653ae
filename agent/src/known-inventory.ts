import { join } from 'node:path';
import { isId, type Inventory, type Timers } from '@ppe-pulse/protocol';
import { codeOf } from './platform/errors.ts';
import { readText, writeWhole } from './platform/files.ts';
import type { Log } from './platform/log.ts';
import { baseInventory } from './platform/system-information.ts';

/** In the agent's data folder. */
const FILE = 'inventory.json';

/** The first hello of a PC waits this long for the names, then goes without them. */
const GRACE_MS = 1_500;
/** Names that are known already are read again when the start is over. */
const AGAIN_MS = 10_000;

/** What it works with. */
export interface KnownInventoryParts {
  readonly dataDir: string;
  readonly log: Log;
  readonly timers: Timers;
  /** Asks the PC; takes seconds where it is slow. */
  readonly read: () => Promise<Inventory>;
}

/**
 * Facts of this PC as far as they are known: those of an earlier start at once, so that nobody waits
 * for the names in them.
 */
export class KnownInventory {
  readonly #parts: KnownInventoryParts;
  readonly #isRemembered: boolean;
  #facts: Inventory;
  #timer: unknown;
  #isStopped = false;

  constructor(parts: KnownInventoryParts) {
    this.#parts = parts;
    const base = baseInventory();
    const remembered = readInventory(parts.dataDir, base);
    this.#isRemembered = remembered !== undefined;
    this.#facts = remembered ?? base;
  }

  get facts(): Inventory {
    return this.#facts;
  }

  /** Resolves when there is something to introduce oneself with: at once where it is remembered. */
  async ready(): Promise<void> {
    const { timers } = this.#parts;
    if (this.#isRemembered) {
      this.#timer = timers.set(() => void this.renew(), AGAIN_MS);
      return;
    }
    await new Promise<void>((resolve) => {
      this.#timer = timers.set(() => resolve(), GRACE_MS);
      void this.renew().then(resolve);
    });
    timers.clear(this.#timer);
  }

  /** Asks the PC anew. It travels with the next hello; a connection that is there keeps what it said. */
  async renew(): Promise<void> {
    if (this.#isStopped) return;
    this.#facts = await this.#parts.read();
    const { dataDir, log } = this.#parts;
    if (!this.#isStopped && this.#facts.osName !== undefined)
      keepInventory(dataDir, this.#facts, log);
  }

  stop(): void {
    this.#isStopped = true;
    this.#parts.timers.clear(this.#timer);
  }
}

/**
 * What an earlier start left; undefined where there is none, or where the PC is another one by what Node
 * itself knows of it.
 */
function readInventory(dataDir: string, base: Inventory): Inventory | undefined {
  const text = readText(join(dataDir, FILE));
  if (text === undefined) return undefined;
  try {
    return rememberedOf(JSON.parse(text), base);
  } catch {
    // A damaged cache is no cache: it is written again in a moment.
    return undefined;
  }
}

/** A full disk is no reason to leave. */
function keepInventory(dataDir: string, inventory: Inventory, log: Log): void {
  try {
    writeWhole(join(dataDir, FILE), `${JSON.stringify(inventory)}\n`);
  } catch (error) {
    log.error({ error: codeOf(error) }, 'the inventory cannot be written');
  }
}

function rememberedOf(value: unknown, base: Inventory): Inventory | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = value as Record<string, unknown>;
  const isSamePc = Object.entries(base).every(([key, own]) => found[key] === own);
  const { osName, cpuModel } = found;
  if (!isSamePc || !isName(osName) || !isName(cpuModel)) return undefined;
  return { ...base, osName, cpuModel };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && isId('plainText', value);
}
