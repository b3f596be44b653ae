import type { Mode, Slot, SlotResult } from '@ppe-pulse/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { LinkProbe } from '../link/link-probe.ts';
import type { NicProbe } from '../nic/nic-probe.ts';
import type { Readings } from '../readings.ts';
import { download } from './download.ts';
import { refusalOf } from './slot-guard.ts';

const METRIC = 'net.down.bytesPerSecond';

/** What a test needs of the rest of the agent. */
export interface SlotContext {
  /** `http(s)://host:port` of the collector. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly nic: NicProbe;
  readonly link: LinkProbe;
  readonly readings: Readings;
}

/** Uses a leased slot, or refuses it; answers what to tell the collector. Never rejects. */
export async function runSlot(slot: Slot, context: SlotContext): Promise<SlotResult> {
  const { clock, nic, link, readings } = context;
  const refusal = refusalOf({
    mode: context.mode,
    receivingBytesPerSecond: nic.rates?.receivedBytesPerSecond,
    lastBytesPerSecond: readings.values.get(METRIC)?.value,
  });
  const answer = { type: 'slotResult', slotId: slot.slotId } as const;
  if (refusal !== undefined) return { ...answer, outcome: 'refused', reason: refusal };
  link.pause(true);
  const outcome = await download(context.baseUrl, slot, clock);
  link.pause(false);
  if (outcome.kind === 'failed') return { ...answer, outcome: 'failed', reason: outcome.reason };
  readings.take(
    { name: 'download', family: 'net' },
    { kind: 'measured', metrics: { [METRIC]: outcome.bytesPerSecond } },
    clock.monotonicMs(),
  );
  return { ...answer, outcome: 'done', reason: 'ok' };
}
