import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { HttpExchange } from '../../agent/src/platform/http-exchange.ts';
import { EsclClient } from '../../agent/src/probes/scanner/escl-client.ts';
import { listScanners, testScan } from '../../agent/src/probes/scanner/test-scan.ts';
import { scannerPresence } from '../../agent/src/probes/scanner/usb-presence.ts';
import { tempDir } from '../support/temp-dir.ts';
import { startEsclSimulator, type EsclConduct } from './escl-simulator.ts';
import { airscanScanner, hasSane, scanimage, testScanner } from './sane.ts';

const never = new AbortController().signal;
const MB = 1024 * 1024;

function client(url: string): EsclClient {
  const exchange = new HttpExchange();
  onTestFinished(() => exchange.close());
  return new EsclClient(url, exchange, systemClock());
}

describe.skipIf(!hasSane())('a SANE scanner', () => {
  it('is listed', async () => {
    expect(await listScanners(testScanner())).toEqual({
      kind: 'listed',
      devices: [0, 1].map((index) => ({
        device: `test:${index}`,
        vendor: 'Noname',
        model: 'frontend-tester',
        type: 'virtual device',
        index,
      })),
    });
    const none = testScanner();
    writeFileSync(join(none, 'dll.conf'), '\n');
    expect(await listScanners(none)).toEqual({ kind: 'listed', devices: [] });
  });

  it('whose driver crashes fails', async () => {
    // The backend of Debian 12 dies of a null pointer here.
    const saneConfigDir = testScanner({ number_of_devices: 0 });
    const failed = { kind: 'failed', reason: 'testFailed' };
    expect(await listScanners(saneConfigDir)).toEqual(failed);
    expect(await testScan({ device: 'test:0', saneConfigDir })).toEqual(failed);
  });

  it('scans a small grey square, at 75 and at 300 dpi', async () => {
    const saneConfigDir = testScanner();
    const small = await testScan({ device: 'test:0', saneConfigDir });
    const fine = await testScan({ device: 'test:0', saneConfigDir, resolutionDpi: 300 });
    // 50 mm at 75 dpi are 148 pixels, at 300 dpi 591; one byte each and a header.
    expect(small).toMatchObject({ kind: 'scanned' });
    expect(small.kind === 'scanned' && small.bytes).toBeCloseTo(148 * 148, -3);
    expect(fine.kind === 'scanned' && fine.bytes).toBeCloseTo(591 * 591, -4);
    expect(small.kind === 'scanned' && small.tookMs).toBeLessThan(5_000);
  });

  it.each([
    ['SANE_STATUS_UNSUPPORTED', 'unsupported'],
    ['SANE_STATUS_CANCELLED', 'testFailed'],
    ['SANE_STATUS_DEVICE_BUSY', 'scannerBusy'],
    ['SANE_STATUS_INVAL', 'unsupported'],
    ['SANE_STATUS_EOF', 'testFailed'],
    ['SANE_STATUS_JAMMED', 'scannerJam'],
    ['SANE_STATUS_NO_DOCS', 'feederEmpty'],
    ['SANE_STATUS_COVER_OPEN', 'scannerCoverOpen'],
    ['SANE_STATUS_IO_ERROR', 'ioError'],
    ['SANE_STATUS_NO_MEM', 'testFailed'],
    ['SANE_STATUS_ACCESS_DENIED', 'accessDenied'],
  ])('that ends with %s fails as %s', async (status, reason) => {
    const saneConfigDir = testScanner({ 'read-status-code': status });
    const scan = () => testScan({ device: 'test:0', saneConfigDir, deadlineMs: 3_000 });
    // This backend hangs on its end once in twenty times; an early end of file comes without words.
    let outcome = await scan();
    for (
      let again = 0;
      again < 3 && 'reason' in outcome && outcome.reason === 'noAnswer';
      again += 1
    )
      outcome = await scan();
    expect(outcome).toEqual({ kind: 'failed', reason });
  });

  it('that is not there, or was asked for what it has not, says so', async () => {
    const saneConfigDir = testScanner();
    const scan = (device: string, more: object = {}) =>
      testScan({ device, saneConfigDir, ...more });
    expect(await scan('test:7')).toEqual({ kind: 'failed', reason: 'scannerAbsent' });
    expect(await scan('other:0')).toEqual({ kind: 'failed', reason: 'scannerAbsent' });
    expect(await scan('--help')).toEqual({ kind: 'failed', reason: 'scannerAbsent' });
    expect(await scan('test:0', { source: 'Cellar' })).toEqual({
      kind: 'failed',
      reason: 'testFailed',
    });
  });

  it('that hangs in the middle of a page is killed at the deadline, or at the caller’s word', async () => {
    const saneConfigDir = testScanner({
      'read-delay': true,
      'read-delay-duration': 200_000,
      'read-limit': true,
    });
    // 3 MB at 64 kB in 0.2 s.
    const slow = { device: 'test:0', saneConfigDir, resolutionDpi: 300, edgeMm: 150 };
    const failed = { kind: 'failed', reason: 'noAnswer' };
    const startMs = performance.now();
    expect(
      await Promise.all([
        testScan({ ...slow, deadlineMs: 1_000 }),
        testScan(slow, AbortSignal.timeout(1_000)),
      ]),
    ).toEqual([failed, failed]);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});

describe('USB presence', () => {
  function bus(): string {
    const root = tempDir();
    const entries: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      usb1: { idVendor: '1d6b', idProduct: '0002' },
      '1-2': { idVendor: '04a9', idProduct: '190f' },
      '1-2:1.0': { bInterfaceClass: 'ff' },
      '1-3': { idVendor: '03f0', idProduct: '2b17' },
      '1-3:1.0': { bInterfaceClass: '07' },
    };
    for (const [name, files] of Object.entries(entries)) {
      mkdirSync(join(root, name));
      for (const [file, text] of Object.entries(files))
        writeFileSync(join(root, name, file), `${text}\n`);
    }
    return root;
  }

  it('goes by the id that was configured, in any case', async () => {
    const root = bus();
    expect(await scannerPresence('04A9:190f', root)).toEqual({ kind: 'seen', isPresent: true });
    expect(await scannerPresence('04a9:2b17', root)).toEqual({ kind: 'seen', isPresent: false });
  });

  it('without an id goes by the class of pictures, and none of it proves no absence', async () => {
    const root = bus();
    const unknown = { kind: 'failed', reason: 'notSupported' };
    expect(await scannerPresence(undefined, root)).toEqual(unknown);
    writeFileSync(join(root, '1-2:1.0', 'bInterfaceClass'), '06\n');
    expect(await scannerPresence(undefined, root)).toEqual({ kind: 'seen', isPresent: true });
  });

  it('is not known where the system lists no devices', async () => {
    expect(await scannerPresence('04a9:190f', join(tempDir(), 'no'))).toEqual({
      kind: 'failed',
      reason: 'notSupported',
    });
  });
});

describe.skipIf(!hasSane())('an eSCL scanner', () => {
  it('is the same to a real client: found, scanned from, jammed, gone', async () => {
    const scanner = await startEsclSimulator();
    const config = airscanScanner('Probe Sim', scanner.url);
    const listed = await scanimage(config, '-L');
    expect(listed.output.toString()).toMatch(/^device `airscan:e0:Probe Sim' is a eSCL/);
    const found = await listScanners(config);
    const device = found.kind === 'listed' ? (found.devices[0]?.device ?? '') : '';
    const page = await scanimage(config, '-d', device, '--resolution', '75', '--format=pnm');
    expect(page).toMatchObject({ code: 0 });
    expect(page.output.subarray(0, 2).toString()).toMatch(/P[56]/);
    expect(page.output.length).toBeGreaterThan(100_000);

    expect(await testScan({ device, saneConfigDir: config })).toMatchObject({ kind: 'scanned' });
    scanner.feeder = 'ScannerAdfJam';
    expect(await testScan({ device, saneConfigDir: config, source: 'ADF' })).toEqual({
      kind: 'failed',
      reason: 'scannerJam',
    });
    scanner.feeder = 'ScannerAdfEmpty';
    expect(await testScan({ device, saneConfigDir: config, source: 'ADF' })).toEqual({
      kind: 'failed',
      reason: 'feederEmpty',
    });
    await scanner.close();
    const gone = await testScan({ device, saneConfigDir: config });
    expect(gone).toEqual({ kind: 'failed', reason: 'ioError' });
  });

  it('that works for somebody else is busy, once the real client has tried for 10 s', async () => {
    const scanner = await startEsclSimulator();
    const saneConfigDir = airscanScanner('Probe Sim', scanner.url);
    scanner.state = 'Processing';
    const outcome = await testScan({ device: 'airscan:e0:Probe Sim', saneConfigDir });
    expect(outcome).toEqual({ kind: 'failed', reason: 'scannerBusy' });
    expect(scanner.requests.filter((each) => each.startsWith('POST')).length).toBeGreaterThan(5);
  });

  it('tells its state, its feeder and its jobs', async () => {
    const scanner = await startEsclSimulator();
    const asked = client(scanner.url);
    const look = async () => {
      const status = await asked.status(never);
      return status.kind === 'answered' ? status.value : status;
    };
    expect(await look()).toEqual({
      state: 'idle',
      feeder: 'empty',
      activeJobs: 0,
      imagesCompleted: 0,
    });
    scanner.state = 'Processing';
    scanner.feeder = 'ScannerAdfLoaded';
    scanner.addJob('Completed', 12);
    scanner.addJob('Processing', 3);
    expect(await look()).toEqual({
      state: 'processing',
      feeder: 'loaded',
      activeJobs: 1,
      imagesCompleted: 15,
    });
    scanner.feeder = 'ScannerAdfJam';
    expect(await look()).toMatchObject({ feeder: 'jam' });
    scanner.state = 'Stopped';
    scanner.feeder = 'ScannerAdfHatchOpen';
    expect(await look()).toMatchObject({ state: 'stopped', feeder: 'coverOpen' });
    scanner.feeder = undefined;
    expect(await look()).not.toHaveProperty('feeder');
    expect(scanner.connections).toBe(1);
    expect(new Set(scanner.requests)).toEqual(new Set(['GET /eSCL/ScannerStatus']));
  });

  it('tells what it can do, by an address with or without a path', async () => {
    const scanner = await startEsclSimulator();
    for (const url of [scanner.url, `${scanner.url}/`, `http://127.0.0.1:${scanner.port}`]) {
      expect(await client(url).capabilities(never)).toMatchObject({
        kind: 'answered',
        value: {
          // What the wire does not carry becomes a space.
          model: 'Probe Sim 1',
          hasPlaten: true,
          hasFeeder: true,
          hasDuplexFeeder: false,
          resolutionsDpi: [75, 300],
        },
      });
    }
  });

  it.each<[EsclConduct, string]>([
    ['huge', 'badAnswer'],
    ['endless', 'badAnswer'],
    ['gigabytes', 'badAnswer'],
    ['malformed', 'badAnswer'],
    ['cut', 'badAnswer'],
    ['gibberish', 'badAnswer'],
    [{ status: 401 }, 'unauthorised'],
    [{ status: 403 }, 'unauthorised'],
    [{ status: 404 }, 'notFound'],
    [{ status: 503 }, 'badAnswer'],
    [{ status: 301 }, 'badAnswer'],
  ])('that answers %j is %s, at once and within the budget', async (conduct, reason) => {
    const scanner = await startEsclSimulator();
    const asked = client(scanner.url);
    scanner.conduct = conduct;
    const startMs = performance.now();
    expect(await asked.status(never)).toEqual({ kind: 'failed', reason });
    expect(performance.now() - startMs).toBeLessThan(1_500);
    // 64 kB are read; the rest of what it could write lay in the buffers of two sockets.
    expect(scanner.wastedBytes).toBeLessThan(16 * MB);
    scanner.conduct = 'answers';
    expect(await asked.status(never)).toMatchObject({ kind: 'answered' });
  });

  it('that says nothing, or too little too slowly, has not answered after 3 s', async () => {
    const looks = (['mute', 'drips'] as const).map(async (conduct) => {
      const scanner = await startEsclSimulator();
      scanner.conduct = conduct;
      const startMs = performance.now();
      const look = await client(scanner.url).status(never);
      return { look, tookMs: performance.now() - startMs };
    });
    for (const { look, tookMs } of await Promise.all(looks)) {
      expect(look).toEqual({ kind: 'failed', reason: 'noAnswer' });
      expect(tookMs).toBeGreaterThan(2_900);
      expect(tookMs).toBeLessThan(4_000);
    }
  });

  it('that is slow but in time has answered, and the time is told', async () => {
    const scanner = await startEsclSimulator();
    scanner.delayMs = 400;
    const look = await client(scanner.url).status(never);
    expect(look.kind === 'answered' && look.tookMs).toBeGreaterThan(390);
  });

  it('that nobody listens for has refused, one without a route is unreachable', async () => {
    const gone = createServer();
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const address = gone.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    gone.close();
    await once(gone, 'close');
    expect(await client(`http://127.0.0.1:${port}`).status(never)).toEqual({
      kind: 'failed',
      reason: 'refused',
    });
    // Class E: the kernel has no way there at all.
    expect(await client('http://240.0.0.1:80').status(never)).toMatchObject({ kind: 'failed' });
  });

  it('is given up at the caller’s word', async () => {
    const scanner = await startEsclSimulator();
    scanner.conduct = 'mute';
    const look = await client(scanner.url).status(AbortSignal.timeout(200));
    expect(look).toEqual({ kind: 'failed', reason: 'noAnswer' });
  });
});
