import type { Mode } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../../child/probe-host.ts';
import type { Clock } from '../../platform/clock.ts';
import { HttpExchange } from '../../platform/http-exchange.ts';
import { hostOf, needsResolver } from '../../platform/resolve-localhost.ts';
import { findQueues } from './find-queues.ts';
import { IppSource } from './ipp-source.ts';
import type { PrinterConfig } from './printer-config.ts';
import type { Probe } from '../probe.ts';
import { PrinterProbe, type PrinterWays } from './printer-probe.ts';
import type { SourceLook } from './sighting.ts';
import { SnmpSource } from './snmp-source.ts';
import { lookAtUsbId } from './usb-presence.ts';
import { WinspoolSource } from './winspool-source.ts';

/** Drivers have been seen to hang. */
const WINDOWS_DEADLINE_MS = 5_000;
/** Local queues that are watched when nobody named any. */
const MAX_FOUND = 4;

/** What printers are found and watched with. */
export interface PrinterParts {
  readonly clock: Clock;
  readonly host: ProbeHost;
  /** What the agent may do now; missing where that never changes. */
  readonly mode?: () => Mode;
}

/**
 * A probe for every printer that is not among the known ones: those of the configuration, else the
 * queues of this PC's spooler. `known` are all probes of devices so far, of any family.
 */
export async function printerProbes(
  configured: readonly PrinterConfig[] | undefined,
  parts: PrinterParts,
  known: readonly Probe[] = [],
): Promise<readonly PrinterProbe[]> {
  const before = known.filter((probe) => probe instanceof PrinterProbe);
  const room = configured ? configured.length : MAX_FOUND - before.length;
  if (room <= 0) return [];
  const keys = new Set(before.map(({ key }) => key));
  const printers = configured ?? (await findQueues(parts.host));
  const fresh = printers.filter((printer) => !keys.has(keyOf(printer)));
  return fresh.slice(0, room).map((printer, at) => {
    const ways = waysOf(printer, parts);
    return new PrinterProbe(before.length + at + 1, ways, parts.clock, keyOf(printer));
  });
}

/** The ways to a printer are what tells it from others. */
function keyOf({ ipp, snmp, winspool, usb }: PrinterConfig): string {
  return JSON.stringify([ipp, snmp?.host, snmp?.port, winspool, usb]);
}

function waysOf(printer: PrinterConfig, { host, mode }: PrinterParts): PrinterWays {
  const hosts = [hostOf(printer.ipp), printer.snmp?.host];
  return {
    isNamed: hosts.some((each) => needsResolver(each)),
    ...(mode && { mayResolve: () => mode() === 'prep' }),
    ...(printer.ipp === undefined ? {} : { ipp: ippWay(printer.ipp) }),
    ...(printer.snmp === undefined ? {} : { snmp: new SnmpSource(printer.snmp) }),
    ...(printer.winspool === undefined
      ? {}
      : { winspool: new WinspoolSource(printer.winspool, host) }),
    ...(printer.usb === undefined ? {} : { usb: usbWay(printer.usb, host) }),
  };
}

/** Each printer has connections of its own: one that hangs must not hold up another. */
function ippWay(uri: string) {
  const exchange = new HttpExchange();
  const source = new IppSource(uri, exchange);
  return {
    look: (nowMs: number, signal: AbortSignal) => source.look(nowMs, signal),
    close: () => exchange.close(),
  };
}

/** Linux lists its devices as files, Windows by native calls. */
function usbWay(usbId: string, host: ProbeHost): () => Promise<SourceLook> {
  if (process.platform !== 'win32') return () => lookAtUsbId(usbId);
  return async () => {
    const isPresent = await host.run('usbPresence', usbId, WINDOWS_DEADLINE_MS);
    return { kind: 'seen', sighting: { source: 'usb', conditions: isPresent ? [] : ['offline'] } };
  };
}
