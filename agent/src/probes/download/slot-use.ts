import type { Slot, SlotResult } from '@ppe-pulse/protocol';
import type { Log } from '../../platform/log.ts';
import { runSlot, type SlotContext } from './run-slot.ts';

/** What using slots works with. */
export interface SlotUseParts extends Omit<SlotContext, 'mode' | 'isLineClosed' | 'maxBytes'> {
  readonly log: Log;
  /** What may be done now, by mode and plan. */
  readonly allowed: () => Pick<SlotContext, 'mode' | 'isLineClosed' | 'maxBytes'>;
  readonly send: (result: SlotResult) => unknown;
}

/** Uses the throughput slots that the collector leases, each by what holds when it comes. */
export class SlotUse {
  readonly #parts: SlotUseParts;

  constructor(parts: SlotUseParts) {
    this.#parts = parts;
  }

  async take(slot: Slot): Promise<void> {
    const { log, send, allowed, ...context } = this.#parts;
    const result = await runSlot(slot, { ...context, ...allowed() });
    log.debug(result, 'throughput slot used');
    send(result);
  }
}
