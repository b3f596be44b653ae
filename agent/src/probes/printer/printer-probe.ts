import type { Clock } from '../../platform/clock.ts';
import { needsResolver } from '../../platform/resolve-localhost.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { deviceAddress, lookAtPort } from './device-presence.ts';
import { PrinterTracker } from './printer-tracker.ts';
import type { PrinterSighting, SourceLook } from './sighting.ts';
import { lookAtUsbPrinter } from './usb-presence.ts';

/** Ways to one printer; at least one. */
export interface PrinterWays {
  /** A spooler's queue or the printer itself over IPP. */
  readonly ipp?: PrinterWay;
  readonly snmp?: PrinterWay;
  /** A queue of the Windows spooler. */
  readonly winspool?: PrinterWay;
  /** Whether the USB printer is there; without it the queue's address tells. */
  readonly usb?: () => Promise<SourceLook>;
  /** False while nothing may be looked up: a device behind a name is not knocked at then. */
  readonly mayResolve?: () => boolean;
  /** A way of it leads to a name. */
  readonly isNamed?: boolean;
}

/** One source of one printer. Never rejects for a fault of the world. */
export interface PrinterWay {
  look(nowMs: number, signal: AbortSignal): Promise<SourceLook>;
  close?(): void;
}

const PERIOD_MS = 5_000;
const QUIET_PERIOD_MS = 15_000;
const DEADLINE_MS = 9_000;
/** Whether somebody listens at the printer's port. */
const PORT_EVERY_MS = 30_000;
/** The same while the last look is no answer, so that two of them are two moments. */
const PORT_AGAIN_MS = 5_000;
/** A printer that has just printed may refuse the next connection for so long. */
const PORT_BUSY_MS = 30_000;

/** The last look at the port; without a look it was no word, or a job has come since. */
interface Kept {
  readonly look?: SourceLook;
  readonly atMs: number;
}

/** One printer through all of its ways. */
export class PrinterProbe implements Probe {
  readonly name: string;
  /** Tells printers apart: the same for the same ways. */
  readonly key: string;
  readonly family = 'printer';
  readonly watches: { readonly subject: 'printer'; readonly device: number };
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs: number | 'never';
  readonly deadlineMs = DEADLINE_MS;
  readonly #ways: PrinterWays;
  readonly #clock: Clock;
  readonly #tracker: PrinterTracker;
  #port: Kept | undefined;
  #jobAtMs = Number.NEGATIVE_INFINITY;
  /** A device that never answered may have another community: that is no fault of the printer. */
  #hasSnmpAnswered = false;

  constructor(device: number, ways: PrinterWays, clock: Clock, key = '') {
    this.key = key;
    this.name = `printer ${device}`;
    this.watches = { subject: 'printer', device };
    this.quietPeriodMs = ways.isNamed === true ? 'never' : QUIET_PERIOD_MS;
    this.#ways = ways;
    this.#clock = clock;
    this.#tracker = new PrinterTracker(device);
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    const nowMs = this.#clock.monotonicMs();
    const { ipp, winspool } = this.#ways;
    const settled = await Promise.allSettled([
      ipp?.look(nowMs, signal),
      winspool?.look(nowMs, signal),
      this.#snmp(nowMs, signal),
    ]);
    const [presence] = await Promise.allSettled([this.#presence(looksOf(settled), signal)]);
    const all = [...settled, presence];
    const looks = looksOf(all);
    const rejected = all.find((each) => each.status === 'rejected');
    // Beside others that spoke a way that broke is no word; alone it is this probe's failure.
    if (looks.length === 0 && rejected) throw rejected.reason;
    const outcome = this.#tracker.add(looks, this.#clock.monotonicMs());
    return this.#tracker.isDoubting ? { ...outcome, isDoubtful: true } : outcome;
  }

  stop(): void {
    for (const way of [this.#ways.ipp, this.#ways.snmp, this.#ways.winspool]) way?.close?.();
  }

  async #snmp(nowMs: number, signal: AbortSignal): Promise<SourceLook | undefined> {
    const { snmp } = this.#ways;
    if (!snmp) return undefined;
    const look = await snmp.look(nowMs, signal);
    if (look.kind === 'seen') this.#hasSnmpAnswered = true;
    const isAlone = !this.#ways.ipp && !this.#ways.winspool;
    if (look.kind === 'seen' || this.#hasSnmpAnswered) return look;
    // Kept apart from `noAnswer`, which would call the printer switched off.
    return isAlone ? { kind: 'failed', source: 'snmp', reason: 'notMeasured' } : undefined;
  }

  async #presence(
    looks: readonly SourceLook[],
    signal: AbortSignal,
  ): Promise<SourceLook | undefined> {
    if (this.#ways.usb) return this.#ways.usb();
    const queue = looks.flatMap((look) =>
      look.kind === 'seen' && look.sighting.deviceUri !== undefined ? [look.sighting] : [],
    )[0];
    const address = queue?.deviceUri === undefined ? undefined : deviceAddress(queue.deviceUri);
    if (address?.kind === 'usb') return lookAtUsbPrinter(address.printer);
    if (address?.kind !== 'port' || !queue) return undefined;
    if (needsResolver(address.host) && this.#ways.mayResolve?.() === false) return undefined;
    const nowMs = this.#clock.monotonicMs();
    for (const { agoMs } of queue.ended ?? [])
      this.#jobAtMs = Math.max(this.#jobAtMs, nowMs - agoMs);
    // While something prints the port is the print's, and the stuck rule watches.
    if (isBusy(queue)) {
      this.#jobAtMs = nowMs;
      this.#port = this.#port && { atMs: this.#port.atMs };
      return undefined;
    }
    return this.#lookAtPort(address.host, address.port, signal);
  }

  /** A look that is young enough is used again. */
  async #lookAtPort(
    host: string,
    port: number,
    signal: AbortSignal,
  ): Promise<SourceLook | undefined> {
    const nowMs = this.#clock.monotonicMs();
    const kept = this.#port;
    const everyMs = kept?.look?.kind === 'seen' ? PORT_EVERY_MS : PORT_AGAIN_MS;
    if (kept && nowMs - kept.atMs < everyMs) return kept.look;
    const look = await lookAtPort(host, port, signal);
    const isRefusal = look.kind === 'failed' && look.reason === 'refused';
    const isWord = !isRefusal || nowMs - this.#jobAtMs >= PORT_BUSY_MS;
    this.#port = { atMs: nowMs, ...(isWord ? { look } : {}) };
    return this.#port.look;
  }
}

function looksOf(settled: readonly PromiseSettledResult<SourceLook | undefined>[]): SourceLook[] {
  return settled.flatMap((each) =>
    each.status === 'fulfilled' && each.value !== undefined ? [each.value] : [],
  );
}

function isBusy({ state, jobs }: PrinterSighting): boolean {
  return state !== 'idle' || (jobs?.length ?? 0) > 0;
}
