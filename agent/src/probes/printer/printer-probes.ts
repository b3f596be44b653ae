import type { ProbeHost } from '../../child/probe-host.ts';
import type { Clock } from '../../platform/clock.ts';
import { HttpExchange } from '../../platform/http-exchange.ts';
import { lookAtUsb } from './device-presence.ts';
import { findQueues } from './find-queues.ts';
import { IppSource } from './ipp-source.ts';
import type { PrinterConfig } from './printer-config.ts';
import { PrinterProbe, type PrinterWays } from './printer-probe.ts';
import type { SourceLook } from './sighting.ts';
import { SnmpSource } from './snmp-source.ts';
import { WinspoolSource } from './winspool-source.ts';

/** Drivers have been seen to hang. */
const WINDOWS_DEADLINE_MS = 5_000;
/** Local queues that are watched when nobody named any. */
const MAX_FOUND = 4;

/** A probe for every printer: those of the configuration, else the queues of this PC's spooler. */
export async function printerProbes(
  configured: readonly PrinterConfig[] | undefined,
  parts: { readonly clock: Clock; readonly host: ProbeHost },
): Promise<readonly PrinterProbe[]> {
  const printers = configured ?? (await findQueues(parts.host)).slice(0, MAX_FOUND);
  return printers.map(
    (printer, at) => new PrinterProbe(at + 1, waysOf(printer, parts.host), parts.clock),
  );
}

function waysOf(printer: PrinterConfig, host: ProbeHost): PrinterWays {
  return {
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
  if (process.platform !== 'win32') return () => lookAtUsb(usbId);
  return async () => {
    const isPresent = await host.run('usbPresence', usbId, WINDOWS_DEADLINE_MS);
    return { kind: 'seen', sighting: { source: 'usb', conditions: isPresent ? [] : ['offline'] } };
  };
}
