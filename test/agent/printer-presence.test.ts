import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deviceAddress } from '../../agent/src/probes/printer/device-presence.ts';
import { cupsQueues, isWindowsPrinter } from '../../agent/src/probes/printer/find-queues.ts';
import { PrinterProbe, type PrinterWay } from '../../agent/src/probes/printer/printer-probe.ts';
import { printerProbes } from '../../agent/src/probes/printer/printer-probes.ts';
import type { PrinterSighting, SourceLook } from '../../agent/src/probes/printer/sighting.ts';
import {
  lookAtUsbId,
  lookAtUsbPrinter,
  usbPrinterOf,
} from '../../agent/src/probes/printer/usb-presence.ts';
import { ProbeHost } from '../../agent/src/child/probe-host.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { freePort } from '../support/influxd.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('where a queue’s device is', () => {
  it.each([
    [
      'usb://HP/LaserJet%20M404?serial=A+1&interface=1',
      { kind: 'usb', printer: { make: 'HP', model: 'LaserJet M404', serial: 'A+1' } },
    ],
    ['usb:/dev/usb/lp0', { kind: 'usb', printer: {} }],
    ['socket://10.0.0.7', { kind: 'port', host: '10.0.0.7', port: 9_100 }],
    ['socket://10.0.0.7:9101/x', { kind: 'port', host: '10.0.0.7', port: 9_101 }],
    ['ipp://user:secret@printer.local/ipp', { kind: 'port', host: 'printer.local', port: 631 }],
    ['lpd://[fe80::1]/queue', { kind: 'port', host: 'fe80::1', port: 515 }],
    ['hp:/usb/x', undefined],
    ['nonsense', undefined],
    ['', undefined],
  ])('%s', (uri, address) => {
    expect(deviceAddress(uri)).toEqual(address);
  });
});

const word = (look: SourceLook): string =>
  look.kind === 'failed' ? look.reason : look.sighting.conditions.join() || 'heard';

describe('a USB printer', () => {
  /** Files as Linux has them: a device and its printer interface. */
  function plugIn(root: string, port: string, attributes: Readonly<Record<string, string>>): void {
    mkdirSync(join(root, port));
    mkdirSync(join(root, `${port}:1.0`));
    writeFileSync(join(root, `${port}:1.0`, 'bInterfaceClass'), '07\n');
    for (const [name, value] of Object.entries(attributes))
      writeFileSync(join(root, port, name), `${value}\n`);
  }

  it('is found by its id', async () => {
    const root = tempDir();
    plugIn(root, '1-1', { idVendor: '03f0', idProduct: '2b17' });
    expect(word(await lookAtUsbId('03f0:2b17', root))).toBe('heard');
    expect(word(await lookAtUsbId('03f0:0000', root))).toBe('offline');
    expect(word(await lookAtUsbId('03f0:2b17', join(root, 'none')))).toBe('notSupported');
  });

  it.each([
    ['usb://HP/LaserJet?serial=A', 'heard'],
    ['usb://HP/LaserJet?serial=B', 'offline'],
    ['usb://HP/LaserJet', 'heard'],
    ['usb://HP/OfficeJet', 'notMeasured'],
    ['usb://Kyocera/FS-1060', 'notMeasured'],
    ['usb:/dev/usb/lp0', 'heard'],
  ])('%s beside another one is %s', async (uri, expected) => {
    const root = tempDir();
    expect(word(await lookAtUsbPrinter(usbPrinterOf(uri), root))).toBe('offline');
    const manufacturer = 'Hewlett-Packard';
    plugIn(root, '1-1', { manufacturer, product: 'HP LaserJet', serial: 'A' });
    expect(word(await lookAtUsbPrinter(usbPrinterOf(uri), root))).toBe(expected);
  });

  it('that an address does not name is the only one, or none that is known', async () => {
    const root = tempDir();
    const look = async () => word(await lookAtUsbPrinter(usbPrinterOf('usb:/dev/usb/lp0'), root));
    plugIn(root, '1-1', { product: 'one' });
    expect(await look()).toBe('heard');
    plugIn(root, '1-2', { product: 'another' });
    expect(await look()).toBe('notMeasured');
  });

  it('whose serial cannot be read is neither there nor gone', async () => {
    const root = tempDir();
    plugIn(root, '1-1', { manufacturer: 'HP', product: 'LaserJet' });
    const wanted = usbPrinterOf('usb://HP/LaserJet?serial=A');
    expect(word(await lookAtUsbPrinter(wanted, root))).toBe('notMeasured');
  });
});

/** A printer probe whose ways say what a test says, on a clock of its own. */
function probeOf(ways: Readonly<Record<'ipp' | 'winspool', () => Promise<SourceLook>>>) {
  let nowMs = 1_000_000;
  const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
  const way = (look: () => Promise<SourceLook>): PrinterWay => ({ look });
  const probe = new PrinterProbe(1, { ipp: way(ways.ipp), winspool: way(ways.winspool) }, clock);
  const { signal } = new AbortController();
  return { measure: () => probe.measure(signal), pass: (ms: number) => (nowMs += ms) };
}
const queue = (part: Partial<PrinterSighting>): SourceLook => ({
  kind: 'seen',
  sighting: { source: 'queue', state: 'idle', conditions: [], jobs: [], ...part },
});
const broken = () => Promise.reject(new Error('the driver hangs'));

describe('ways that break', () => {
  it('are no word beside one that speaks, and the probe’s failure when none does', async () => {
    const one = probeOf({ ipp: () => Promise.resolve(queue({})), winspool: broken });
    expect(await one.measure()).toMatchObject({ kind: 'measured' });
    await expect(probeOf({ ipp: broken, winspool: broken }).measure()).rejects.toThrow('hangs');
  });
});

describe('the port of a queue’s printer', () => {
  it('that refuses after a job is no word, and two looks at it are 5 s apart', async () => {
    const port = await freePort();
    const deviceUri = `socket://127.0.0.1:${port}`;
    const job = { id: 1, state: 'processing', ageMs: 0, progress: 0 } as const;
    let now = queue({ deviceUri, state: 'printing', jobs: [job] });
    const { measure, pass } = probeOf({ ipp: () => Promise.resolve(now), winspool: broken });
    const offline = async (): Promise<boolean> =>
      JSON.stringify(await measure()).includes('"offline"');
    expect(await offline()).toBe(false);
    now = queue({ deviceUri });
    for (let ms = 0; ms < 30_000; ms += 5_000) {
      expect(await offline()).toBe(false);
      pass(5_000);
    }
    const said = [];
    for (let second = 0; second <= 5; second += 1) {
      said.push(await offline());
      pass(1_000);
    }
    expect(said).toEqual([false, false, false, false, false, true]);
  });

  it('that listens is looked at again after a while', async () => {
    let calls = 0;
    const server = createServer((socket) => {
      calls += 1;
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const look = queue({ deviceUri: `socket://127.0.0.1:${port}` });
    const { measure, pass } = probeOf({ ipp: () => Promise.resolve(look), winspool: broken });
    for (let s = 0; s < 60; s += 5) {
      expect(await measure()).toMatchObject({ facts: { facts: { isDeviceHeard: true } } });
      pass(5_000);
    }
    expect(calls).toBe(2);
  });
});

/** A queue in a reply of CUPS-Get-Printers. */
function ipp(name: string, deviceUri: string, type: number): Buffer {
  const typeBytes = Buffer.alloc(4);
  typeBytes.writeInt32BE(type);
  const uri = Buffer.from(`ipp://127.0.0.1/printers/${name}`);
  return Buffer.concat([
    Buffer.from([0x04]),
    ippField(0x45, 'printer-uri-supported', uri),
    ippField(0x45, 'device-uri', Buffer.from(deviceUri)),
    ippField(0x23, 'printer-type', typeBytes),
  ]);
}

function ippField(kind: number, name: string, value: Buffer): Buffer {
  const head = Buffer.alloc(3);
  head.writeUInt8(kind, 0);
  head.writeUInt16BE(name.length, 1);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([head, Buffer.from(name), length, value]);
}

describe('printers that are found', () => {
  it.each([
    ['Kyocera ECOSYS', true],
    ['HP LaserJet Fax', true],
    ['Microsoft Print to PDF', false],
    ['Microsoft XPS Document Writer', false],
    ['OneNote (Desktop)', false],
    ['Отправить в OneNote 2016', false],
    ['Fax', false],
    ['Факс', false],
  ])('%s is watched: %s', (name, isWatched) => {
    expect(isWindowsPrinter(name)).toBe(isWatched);
  });

  it('of CUPS are those that print here', async () => {
    const server = createWebServer((_, answer) => {
      const queues = [
        ipp('usb1', 'usb://HP/LaserJet', 0x100c),
        ipp('pdf', 'cups-pdf:/', 0x100c),
        ipp('theirs', 'ipp://10.0.0.7/printers/theirs', 0x100e),
        ipp('fax', 'hpfax:/net/x', 0x4_100c),
      ];
      const head = Buffer.from('0200000000000001', 'hex');
      answer.setHeader('content-type', 'application/ipp');
      answer.end(Buffer.concat([head, ...queues, Buffer.from([0x03])]));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await cupsQueues(`ipp://127.0.0.1:${port}/`)).toEqual([
      { ipp: 'ipp://127.0.0.1/printers/usb1' },
    ]);
  });

  it('are given once, and numbered after those that are known', async () => {
    const clock = { wallMs: () => 0, monotonicMs: () => 0 };
    const parts = { clock, host: new ProbeHost({ clock, log: createLog('silent') }) };
    const one = { ipp: 'ipp://127.0.0.1/a' };
    const first = await printerProbes([one], parts);
    const next = await printerProbes([one, { ipp: 'ipp://127.0.0.1/b' }], parts, first);
    expect(first.map(({ name }) => name)).toEqual(['printer 1']);
    expect(next.map(({ name }) => name)).toEqual(['printer 2']);
  });
});
