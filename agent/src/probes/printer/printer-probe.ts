import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { deviceAddress, lookAtPort, lookAtUsb } from './device-presence.ts';
import { PrinterTracker } from './printer-tracker.ts';
import type { SourceLook } from './sighting.ts';

/** Ways to one printer; at least one. */
export interface PrinterWays {
  /** A spooler's queue or the printer itself over IPP. */
  readonly ipp?: PrinterWay;
  readonly snmp?: PrinterWay;
  /** A queue of the Windows spooler. */
  readonly winspool?: PrinterWay;
  /** Whether the USB printer is there; without it the queue's address tells. */
  readonly usb?: () => Promise<SourceLook>;
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

interface Kept {
  readonly look: SourceLook;
  readonly atMs: number;
}

/** One printer through all of its ways. */
export class PrinterProbe implements Probe {
  readonly name: string;
  readonly family = 'printer';
  readonly watches: { readonly subject: 'printer'; readonly device: number };
  readonly periodMs = PERIOD_MS;
  readonly quietPeriodMs = QUIET_PERIOD_MS;
  readonly deadlineMs = DEADLINE_MS;
  readonly #ways: PrinterWays;
  readonly #clock: Clock;
  readonly #tracker: PrinterTracker;
  #port: Kept | undefined;
  /** A device that never answered may have another community: that is no fault of the printer. */
  #hasSnmpAnswered = false;

  constructor(device: number, ways: PrinterWays, clock: Clock) {
    this.name = `printer ${device}`;
    this.watches = { subject: 'printer', device };
    this.#ways = ways;
    this.#clock = clock;
    this.#tracker = new PrinterTracker(device);
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    const nowMs = this.#clock.monotonicMs();
    const { ipp, winspool } = this.#ways;
    const [byIpp, byWinspool, bySnmp] = await Promise.all([
      ipp?.look(nowMs, signal),
      winspool?.look(nowMs, signal),
      this.#snmp(nowMs, signal),
    ]);
    const looks = [byIpp, byWinspool, bySnmp].filter((look) => look !== undefined);
    const presence = await this.#presence(looks, signal);
    if (presence) looks.push(presence);
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
    if (address?.kind === 'usb') return lookAtUsb(undefined);
    if (address?.kind !== 'port') return undefined;
    // While something prints the port is the print's, and the stuck rule watches.
    if (queue?.state !== 'idle' || (queue.jobs?.length ?? 0) > 0) {
      this.#port = undefined;
      return undefined;
    }
    return this.#lookAtPort(address.host, address.port, signal);
  }

  /** A look that is young enough is used again; one that failed is taken again at once. */
  async #lookAtPort(host: string, port: number, signal: AbortSignal): Promise<SourceLook> {
    const nowMs = this.#clock.monotonicMs();
    const kept = this.#port;
    if (kept?.look.kind === 'seen' && nowMs - kept.atMs < PORT_EVERY_MS) return kept.look;
    const look = await lookAtPort(host, port, signal);
    this.#port = { look, atMs: nowMs };
    return look;
  }
}
