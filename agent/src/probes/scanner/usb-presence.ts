import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const USB_DEVICES = '/sys/bus/usb/devices';
/** USB class «still image» (usb.org class codes). Many scanners have `ff`, the vendor's own. */
const IMAGE_CLASS = '06';
/** Devices and interfaces that are looked at; a PC with hubs has 60. */
const MAX_ENTRIES = 1_000;

/** Is it plugged in and on? A USB device without power is not on the bus. */
export type UsbPresence =
  | { readonly kind: 'seen'; readonly isPresent: boolean }
  /** The system does not list its USB devices, or which one it is was not configured. */
  | { readonly kind: 'failed'; readonly reason: 'notSupported' };

/**
 * Looks for a scanner on the bus without opening it. `usbId` is `vid:pid` in hexadecimal digits
 * (`04a9:190f`); without one, any device that calls itself one of pictures will do, and none proves
 * nothing: many scanners are of the vendor's own class. Never rejects.
 */
export async function scannerPresence(
  usbId: string | undefined,
  root = USB_DEVICES,
): Promise<UsbPresence> {
  let names: string[];
  try {
    names = (await readdir(root)).slice(0, MAX_ENTRIES);
  } catch {
    return { kind: 'failed', reason: 'notSupported' };
  }
  const wanted = usbId?.toLowerCase();
  for (const name of names) {
    const path = join(root, name);
    const isIt =
      wanted === undefined
        ? (await attribute(path, 'bInterfaceClass')) === IMAGE_CLASS
        : `${await attribute(path, 'idVendor')}:${await attribute(path, 'idProduct')}` === wanted;
    if (isIt) return { kind: 'seen', isPresent: true };
  }
  return wanted === undefined
    ? { kind: 'failed', reason: 'notSupported' }
    : { kind: 'seen', isPresent: false };
}

/** Devices have ids, their interfaces a class: a folder lacks one or the other. */
async function attribute(path: string, name: string): Promise<string> {
  try {
    return (await readFile(join(path, name), 'utf8')).trim().toLowerCase();
  } catch {
    return '';
  }
}
