import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceLook } from './sighting.ts';

const USB_DEVICES = '/sys/bus/usb/devices';
/** USB class of printers (usb.org class codes). */
const PRINTER_CLASS = '07';

/** What a CUPS `device-uri` says of a USB printer (`usb://HP/LaserJet?serial=A`). */
export interface UsbPrinter {
  readonly make?: string;
  readonly model?: string;
  readonly serial?: string;
}

/** Reads a `usb:` address; nothing of one in another form (`usb:/dev/usb/lp0`). */
export function usbPrinterOf(uri: string): UsbPrinter {
  const found = /^usb:\/\/([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(uri);
  if (!found) return {};
  const make = decoded(found[1] ?? '');
  const model = decoded(found[2] ?? '');
  // In a query a plus is itself, unlike in a form.
  const serial = decoded(/(?:^|&)serial=([^&]*)/.exec(found[3] ?? '')?.[1] ?? '');
  return {
    ...(make === '' ? {} : { make }),
    ...(model === '' ? {} : { model }),
    ...(serial === '' ? {} : { serial }),
  };
}

/** Is the USB device with this vendor and product (`03f0:2b17`) there? */
export async function lookAtUsbId(id: string, root = USB_DEVICES): Promise<SourceLook> {
  const names = await namesIn(root);
  if (!names) return notSupported;
  const ids = await Promise.all(
    names.map(async (name) => {
      const path = join(root, name);
      return `${await attribute(path, 'idVendor')}:${await attribute(path, 'idProduct')}`;
    }),
  );
  return ids.includes(id) ? heard : offline;
}

/**
 * Is the USB printer of a queue plugged in and on? Another printer never speaks for it: without a sure
 * yes or no there is no word.
 */
export async function lookAtUsbPrinter(
  wanted: UsbPrinter,
  root = USB_DEVICES,
): Promise<SourceLook> {
  const names = await namesIn(root);
  if (!names) return notSupported;
  const candidates = await printersAmong(names, root);
  if (candidates.length === 0) return offline;
  const { serial, make } = wanted;
  // An address without words means the only printer, or nobody knows which.
  if (serial === undefined && make === undefined) return candidates.length === 1 ? heard : noWord;
  if (serial === undefined) {
    return candidates.some((each) => isOfModel(wanted, each)) ? heard : noWord;
  }
  if (candidates.some((each) => bare(each.serial) === bare(serial))) return heard;
  return candidates.every((each) => each.serial !== '') ? offline : noWord;
}

const heard: SourceLook = { kind: 'seen', sighting: { source: 'usb', conditions: [] } };
const offline: SourceLook = { kind: 'seen', sighting: { source: 'usb', conditions: ['offline'] } };
const noWord: SourceLook = { kind: 'failed', source: 'usb', reason: 'notMeasured' };
const notSupported: SourceLook = { kind: 'failed', source: 'usb', reason: 'notSupported' };

interface Candidate {
  readonly manufacturer: string;
  readonly product: string;
  readonly serial: string;
}

/** Devices have the words, their interfaces (`1-1:1.0` of `1-1`) the class. */
async function printersAmong(names: readonly string[], root: string): Promise<Candidate[]> {
  const classes = await Promise.all(
    names.map((name) => attribute(join(root, name), 'bInterfaceClass')),
  );
  const devices = new Set(
    names.filter((_, at) => classes[at] === PRINTER_CLASS).map((name) => name.split(':', 1)[0]),
  );
  return Promise.all(
    [...devices].map(async (device = '') => {
      const path = join(root, device);
      return {
        manufacturer: await attribute(path, 'manufacturer'),
        product: await attribute(path, 'product'),
        serial: await attribute(path, 'serial'),
      };
    }),
  );
}

/** The queue has its words from the printer's IEEE 1284 id: near to USB's, and not the same. */
function isOfModel({ make = '', model = '' }: UsbPrinter, device: Candidate): boolean {
  const words = bare(`${device.manufacturer} ${device.product}`);
  return words.includes(bare(make)) && words.includes(bare(model));
}

/** Letters and digits alone; CUPS writes HP for Hewlett-Packard. */
function bare(text: string): string {
  const letters = text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return letters.replace('hewlettpackard', 'hp');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign is a part of the name.
    return text;
  }
}

async function namesIn(root: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(root);
  } catch {
    return undefined;
  }
}

async function attribute(path: string, file: string): Promise<string> {
  try {
    return (await readFile(join(path, file), 'utf8')).trim();
  } catch {
    return '';
  }
}
