import type { ProbeHost } from '../../child/probe-host.ts';
import { HttpExchange } from '../../platform/http-exchange.ts';
import { askIpp, httpUrlOf } from './ipp-source.ts';
import { encodeIpp, ippOperations, type IppAttributes } from './ipp-message.ts';
import type { PrinterConfig } from './printer-config.ts';

const LOCAL_CUPS = 'ipp://127.0.0.1:631/';
const WINDOWS_DEADLINE_MS = 5_000;
/** `CUPS_PRINTER_REMOTE` and `CUPS_PRINTER_FAX` of `printer-type` (cups/cups.h). */
const CUPS_REMOTE = 0x2;
const CUPS_FAX = 0x4_0000;

/** Queues of this PC's own spooler; none where there is no spooler. Never rejects. */
export function findQueues(host: ProbeHost): Promise<readonly PrinterConfig[]> {
  return process.platform === 'win32' ? windowsQueues(host) : cupsQueues(LOCAL_CUPS);
}

/** Queues of a CUPS server by its own list. */
export async function cupsQueues(server: string): Promise<readonly PrinterConfig[]> {
  const exchange = new HttpExchange();
  const question = encodeIpp(ippOperations.cupsGetPrinters, 1, [
    {
      name: 'requested-attributes',
      keywords: ['printer-uri-supported', 'device-uri', 'printer-type'],
    },
  ]);
  const { signal } = new AbortController();
  const answer = await askIpp(exchange, httpUrlOf(server), signal, question);
  exchange.close();
  if (answer.kind === 'failed') return [];
  return answer.reply.printers.flatMap((printer) => {
    const uri = printer.get('printer-uri-supported')?.[0];
    const isWatched = typeof uri === 'string' && /^ipps?:\/\//.test(uri) && isPrinter(printer);
    return isWatched ? [{ ipp: uri }] : [];
  });
}

/** Not a queue that writes files or sends faxes, nor another PC's, which that PC watches. */
function isPrinter(queue: IppAttributes): boolean {
  const type = queue.get('printer-type')?.[0];
  const device = queue.get('device-uri')?.[0];
  const isOther = typeof type === 'number' && (type & (CUPS_REMOTE | CUPS_FAX)) !== 0;
  return !isOther && !(typeof device === 'string' && /^(cups-pdf|file):/.test(device));
}

/** The names that Windows and Office give their own queues, which print nothing. */
export function isWindowsPrinter(name: string): boolean {
  return !/^microsoft (print to pdf|xps)|onenote|^(fax|факс)$/iu.test(name.trim());
}

async function windowsQueues(host: ProbeHost): Promise<readonly PrinterConfig[]> {
  try {
    const names = await host.run('winspoolQueues', null, WINDOWS_DEADLINE_MS);
    return names.filter(isWindowsPrinter).map((winspool) => ({ winspool }));
  } catch {
    // Without the spooler there are no queues; the child has logged why.
    return [];
  }
}
