import { connect } from 'node:net';
import { failureOf } from '../../platform/failures.ts';
import type { SourceLook } from './sighting.ts';
import { usbPrinterOf, type UsbPrinter } from './usb-presence.ts';

const CONNECT_DEADLINE_MS = 2_000;
const standardPorts: Readonly<Record<string, number>> = {
  'socket:': 9_100,
  'ipp:': 631,
  'ipps:': 631,
  'lpd:': 515,
  'http:': 80,
  'https:': 443,
};

/** Where a queue's jobs go, as far as one can look whether the device is there. */
export type DeviceAddress =
  | { readonly kind: 'usb'; readonly printer: UsbPrinter }
  | { readonly kind: 'port'; readonly host: string; readonly port: number };

/** The device behind a CUPS `device-uri`; undefined where looking is not possible. */
export function deviceAddress(uri: string): DeviceAddress | undefined {
  if (uri.startsWith('usb:')) return { kind: 'usb', printer: usbPrinterOf(uri) };
  const standard = standardPorts[uri.slice(0, uri.indexOf(':') + 1)];
  if (standard === undefined) return undefined;
  const found = /^[a-z]+:\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:?]+)(?::(\d+))?/.exec(uri);
  if (!found?.[1]) return undefined;
  const host = found[1].replaceAll(/^\[|\]$/g, '');
  return { kind: 'port', host, port: found[2] === undefined ? standard : Number(found[2]) };
}

/**
 * Does somebody listen at the printer's port? Asked only while nothing prints: many printers take one
 * connection at a time.
 */
export function lookAtPort(host: string, port: number, signal: AbortSignal): Promise<SourceLook> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (look: SourceLook): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(look);
    };
    const onAbort = (): void => finish({ kind: 'failed', source: 'port', reason: 'noAnswer' });
    const timer = setTimeout(onAbort, CONNECT_DEADLINE_MS);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('connect', () =>
      finish({ kind: 'seen', sighting: { source: 'port', conditions: [] } }),
    );
    socket.on('error', (error) =>
      finish({ kind: 'failed', source: 'port', reason: failureOf(error) }),
    );
  });
}
