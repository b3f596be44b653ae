import { slotMetric, type Mode, type Slot, type SlotResult } from '@ppe-pulse/protocol';
import type { VerifiedTls } from '../../link/trust.ts';
import type { Clock } from '../../platform/clock.ts';
import type { LinkProbe } from '../link/link-probe.ts';
import type { NicProbe } from '../nic/nic-probe.ts';
import type { Readings } from '../readings.ts';
import type { ThroughputOutcome } from './arrival-meter.ts';
import { download } from './download.ts';
import { isLineNeeded, refusalOf } from './slot-guard.ts';
import { upload } from './upload.ts';

/** What a test needs of the rest of the agent. */
export interface SlotContext {
  /** `http(s)://host:port` of the collector. */
  readonly baseUrl: string;
  /** How it is known, when it speaks TLS. */
  readonly tls: VerifiedTls;
  readonly clock: Clock;
  readonly mode: Mode;
  /** The plan's word on whether the line belongs to the exam now; undefined where it has none. */
  readonly isLineClosed: boolean | undefined;
  /** What the plan lets one test take. */
  readonly maxBytes: number | undefined;
  readonly nic: NicProbe;
  readonly link: LinkProbe;
  readonly readings: Readings;
}

/** Other traffic is looked for this often while a test runs. */
const LOOK_MS = 500;

/** Uses a leased slot, or refuses it; answers what to tell the collector. Never rejects. */
export async function runSlot(slot: Slot, context: SlotContext): Promise<SlotResult> {
  const { clock, nic, link, readings, maxBytes = slot.maxBytes } = context;
  const metric = slotMetric[slot.kind];
  const refusal = refusalOf({
    mode: context.mode,
    isLineClosed: context.isLineClosed,
    receivingBytesPerSecond: nic.rates?.receivedBytesPerSecond,
    sendingBytesPerSecond: nic.rates?.sentBytesPerSecond,
    lastBytesPerSecond: readings.values.get(metric)?.value,
  });
  const answer = { type: 'slotResult', slotId: slot.slotId } as const;
  if (refusal !== undefined) return { ...answer, outcome: 'refused', reason: refusal };
  link.pause(true);
  const stop = new AbortController();
  const watch = watchOthers(slot, nic, stop);
  const run = slot.kind === 'upload' ? upload : download;
  let outcome: ThroughputOutcome;
  try {
    const budget = { ...slot, maxBytes: Math.min(slot.maxBytes, maxBytes) };
    outcome = await run(context.baseUrl, budget, { clock, tls: context.tls, signal: stop.signal });
  } finally {
    clearInterval(watch);
    link.pause(false);
  }
  if (outcome.kind === 'failed') return { ...answer, outcome: 'failed', reason: outcome.reason };
  readings.take(
    { name: slot.kind, family: 'net' },
    { kind: 'measured', metrics: { [metric]: outcome.bytesPerSecond } },
    clock.monotonicMs(),
  );
  return { ...answer, outcome: 'done', reason: 'ok' };
}

/**
 * Ends the test when the PC's other direction gets busy: a download test fills one direction, so what
 * moves in the other beyond its acknowledgements is somebody's work. A look that fails (on Windows the
 * child that counts may be gone) says nothing: the test is over in seconds anyway.
 */
function watchOthers(slot: Slot, nic: NicProbe, stop: AbortController): NodeJS.Timeout {
  return setInterval(() => {
    nic.measure().then(
      () => {
        if (isLineNeeded(slot.kind, nic.rates)) stop.abort();
      },
      () => undefined,
    );
  }, LOOK_MS);
}
