import { describe, expect, it } from 'vitest';
import { printerState, scannerState, type ScannerFacts } from '@ppe-pulse/protocol';
import { ChildGoneError, type ProbeHost } from '../../agent/src/child/probe-host.ts';
import { wideText } from '../../agent/src/child/native-libraries.ts';
import { IF_ROW_BYTES, nicsOfTable } from '../../agent/src/platform/nic-table.ts';
import { useBetween, WindowsProcessWatch } from '../../agent/src/platform/process-watch.ts';
import { serviceState } from '../../agent/src/platform/windows-service.ts';
import { PrinterTracker } from '../../agent/src/probes/printer/printer-tracker.ts';
import {
  windowsScanner,
  type WindowsDevice,
} from '../../agent/src/probes/scanner/windows-scanner.ts';
import { lookUp } from '../../agent/src/probes/software/software.ts';
import { fuzzed } from '../support/fuzz.ts';
import { judged } from '../support/judged.ts';

/** Vectors of Microsoft's documented constants; unverified on Windows. */
describe('a service of Windows', () => {
  it.each([
    [4, 2, 'running'],
    [2, 2, 'running'],
    [5, 3, 'running'],
    [1, 3, 'onDemand'],
    [3, 3, 'onDemand'],
    [1, 2, 'down'],
    [1, 4, 'down'],
    [7, 2, 'down'],
    [6, 3, 'down'],
    [99, 99, 'down'],
  ])('in state %i that starts as %i is %s', (state, startType, meaning) => {
    expect(serviceState({ state, startType })).toBe(meaning);
  });

  it('that is not installed is down', () => {
    expect(serviceState(undefined)).toBe('down');
  });
});

describe('a scanner of Windows', () => {
  const device = (part: Partial<WindowsDevice> = {}): WindowsDevice => ({
    isImage: true,
    driver: 'usbscan',
    problem: 0,
    ...part,
  });
  const judge = (facts: ScannerFacts) =>
    judged(scannerState, { ...facts, test: { ageMs: 0, reason: 'ok' } });

  it.each<[string, readonly WindowsDevice[], 'running' | 'onDemand' | 'down', string]>([
    ['is there and its service runs', [device()], 'running', 'ok'],
    ['its service starts when it is needed', [device()], 'onDemand', 'ok'],
    ['its service is switched off', [device()], 'down', 'serviceDown'],
    ['is unplugged', [], 'running', 'scannerAbsent'],
    ['only a web camera is there', [device({ driver: 'usbvideo' })], 'running', 'scannerAbsent'],
    ['has no driver (28)', [device({ problem: 28 })], 'running', 'driverFailed'],
    ['was disabled by a person (22)', [device({ problem: 22 })], 'running', 'driverFailed'],
    ['one of two works', [device({ problem: 10 }), device()], 'running', 'ok'],
    [
      'the part of a copier that scans has no driver',
      [
        device({ isImage: false, driver: 'usbccgp' }),
        device({ isImage: false, driver: '', problem: 28 }),
      ],
      'running',
      'driverFailed',
    ],
    [
      'goes by its maker’s own driver and needs no service',
      [device({ isImage: false, driver: 'kmscan' })],
      'down',
      'ok',
    ],
  ])('%s', (_, devices, service, reason) => {
    const facts = windowsScanner({ devices, service });
    expect(facts.source).toBe('windows');
    expect(judge(facts).reason).toBe(reason);
  });

  it('tells the number of its driver’s problem', () => {
    const facts = windowsScanner({ devices: [device({ problem: 43 })], service: 'running' });
    expect(judge(facts)).toMatchObject({ verdict: 'fail', evidence: { driverProblem: 43 } });
  });
});

describe('network cards of Windows', () => {
  const row = (type: number, flags: number, bytes = 0): Buffer => {
    const buffer = Buffer.alloc(IF_ROW_BYTES);
    buffer.writeUInt8(bytes % 200, 0);
    buffer.write('Иванов', 28, 'utf16le');
    buffer.writeUInt32LE(type, 1_128);
    buffer.writeUInt8(flags, 1_152);
    buffer.writeBigUInt64LE(BigInt(bytes), 1_208);
    buffer.writeBigUInt64LE(3n, 1_240);
    buffer.writeBigUInt64LE(BigInt(bytes) * 2n, 1_280);
    buffer.writeBigUInt64LE(4n, 1_312);
    return buffer;
  };

  it('count once: without loopback, filters and what is no card', () => {
    const table = Buffer.concat([
      row(24, 0, 5),
      row(6, 1, 1_000),
      row(6, 3, 1_000),
      row(131, 0, 9),
    ]);
    const nics = nicsOfTable(table);
    expect(nics).toMatchObject([{ receivedBytes: 1_000, sentBytes: 2_000, errors: 7 }]);
    expect(JSON.stringify(nics)).not.toContain('Иванов');
  });

  it('are all but loopback and filters where none calls itself a card', () => {
    expect(nicsOfTable(Buffer.concat([row(24, 0), row(6, 0, 7), row(6, 2, 7)]))).toHaveLength(1);
  });

  it('are counters whatever the table is', () => {
    fuzzed('MIB_IF_TABLE2', [Buffer.concat([row(24, 0), row(6, 1, 8)])], (bytes) => {
      for (const nic of nicsOfTable(bytes)) expect(nic.receivedBytes).toBeGreaterThanOrEqual(0);
    });
  });
});

describe('a process of Windows', () => {
  it('took what the difference of two looks says, of one core', () => {
    const first = { cpuMs: 5_000, rssBytes: 7, ageMs: 10_000 };
    expect(useBetween(undefined, first)).toEqual({ cpuRatio: 0.5, rssBytes: 7 });
    const second = { cpuMs: 8_000, rssBytes: 9, ageMs: 20_000 };
    expect(useBetween(first, second)).toEqual({ cpuRatio: 0.3, rssBytes: 9 });
    // Another process with the same number.
    const other = { cpuMs: 10, rssBytes: 1, ageMs: 100 };
    expect(useBetween(second, other)).toEqual({ cpuRatio: 0.1, rssBytes: 1 });
    expect(useBetween(undefined, { ...other, ageMs: 0 })).toEqual({ rssBytes: 1 });
  });

  it('that is protected is asked of pidusage, rarely, and only runs in between', async () => {
    let nowMs = 0;
    const asked: string[] = [];
    const host: Pick<ProbeHost, 'run'> = {
      run: (job: string) => {
        asked.push(job);
        return job === 'processTimes'
          ? Promise.reject(new Error('processTimes: OpenProcess failed (5)'))
          : Promise.resolve({ cpuRatio: 0.25, rssBytes: 3 });
      },
    };
    const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
    const watch = new WindowsProcessWatch(host, clock);
    expect(await watch.read(process.pid)).toEqual({ cpuRatio: 0.25, rssBytes: 3 });
    for (nowMs = 10_000; nowMs < 300_000; nowMs += 10_000)
      expect(await watch.read(process.pid)).toEqual({});
    expect(await watch.read(process.pid)).toEqual({ cpuRatio: 0.25, rssBytes: 3 });
    expect(asked.filter((job) => job === 'processUse')).toHaveLength(2);
  });

  it('is not known while the child is gone, and is none when Windows has none', async () => {
    const host = (answer: () => Promise<unknown>): Pick<ProbeHost, 'run'> => ({
      run: answer as ProbeHost['run'],
    });
    const clock = { wallMs: () => 0, monotonicMs: () => 0 };
    const gone = host(() => Promise.reject(new ChildGoneError('processTimes')));
    await expect(new WindowsProcessWatch(gone, clock).read(1)).rejects.toThrow(ChildGoneError);
    const none = host(() => Promise.resolve(undefined));
    expect(await new WindowsProcessWatch(none, clock).read(1)).toBeUndefined();
  });
});

describe('the spooler of Windows', () => {
  it('that does not run is the printer’s failure at the second look', () => {
    const tracker = new PrinterTracker(1);
    const down = { source: 'winspool', conditions: ['spoolerDown'] } as const;
    const look = (atMs: number) => tracker.add([{ kind: 'seen', sighting: down }], atMs);
    look(0);
    const tracked = look(5_000);
    if (tracked.kind !== 'measured' || tracked.facts.subject !== 'printer') throw new Error('no');
    expect(judged(printerState, tracked.facts.facts)).toMatchObject({
      verdict: 'fail',
      reason: 'spoolerDown',
    });
  });
});

describe('text of a fixed width', () => {
  it('ends at the first zero, or with the field', () => {
    expect(wideText(Buffer.from('Сканер\0остаток', 'utf16le'))).toBe('Сканер');
    expect(wideText(Buffer.from('abc', 'utf16le'))).toBe('abc');
    expect(wideText(Buffer.alloc(0))).toBe('');
    expect(wideText(Buffer.of(65))).toBe('');
  });

  it('is text whatever the registry holds', () => {
    fuzzed('registry', [Buffer.from('Станция КЕГЭ 7.1\0', 'utf16le')], (bytes) => {
      const name = wideText(bytes);
      expect(name).not.toContain('\0');
      lookUp([{ match: 'Станция*', version: '7' }], [{ name, version: name }]);
    });
  });
});
