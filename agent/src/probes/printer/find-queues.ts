import type { ProbeHost } from '../../child/probe-host.ts';
import { HttpExchange } from '../../platform/http-exchange.ts';
import { askIpp, httpUrlOf } from './ipp-source.ts';
import { encodeIpp, ippOperations } from './ipp-message.ts';
import type { PrinterConfig } from './printer-config.ts';

const LOCAL_CUPS = 'ipp://127.0.0.1:631/';
const WINDOWS_DEADLINE_MS = 5_000;

/** Queues of this PC's own spooler; none where there is no spooler. Never rejects. */
export function findQueues(host: ProbeHost): Promise<readonly PrinterConfig[]> {
  return process.platform === 'win32' ? windowsQueues(host) : cupsQueues(LOCAL_CUPS);
}

/** Queues of a CUPS server by its own list. */
export async function cupsQueues(server: string): Promise<readonly PrinterConfig[]> {
  const exchange = new HttpExchange();
  const question = encodeIpp(ippOperations.cupsGetPrinters, 1, [
    { name: 'requested-attributes', keywords: ['printer-uri-supported'] },
  ]);
  const { signal } = new AbortController();
  const answer = await askIpp(exchange, httpUrlOf(server), signal, question);
  exchange.close();
  if (answer.kind === 'failed') return [];
  return answer.reply.printers.flatMap((printer) => {
    const uri = printer.get('printer-uri-supported')?.[0];
    return typeof uri === 'string' && /^ipps?:\/\//.test(uri) ? [{ ipp: uri }] : [];
  });
}

async function windowsQueues(host: ProbeHost): Promise<readonly PrinterConfig[]> {
  try {
    const names = await host.run('winspoolQueues', null, WINDOWS_DEADLINE_MS);
    return names.map((winspool) => ({ winspool }));
  } catch {
    // Without the spooler there are no queues; the child has logged why.
    return [];
  }
}
