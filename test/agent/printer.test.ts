import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printerState } from '@ppe-pulse/protocol';
import { fuse } from '../../agent/src/probes/printer/fuse.ts';
import {
  decodeIpp,
  encodeIpp,
  IppError,
  type IppReply,
} from '../../agent/src/probes/printer/ipp-message.ts';
import {
  activeJobs,
  endedJobs,
  restingSince,
  sightingOf,
} from '../../agent/src/probes/printer/ipp-printer.ts';
import { httpUrlOf } from '../../agent/src/probes/printer/ipp-source.ts';
import { PrinterTracker } from '../../agent/src/probes/printer/printer-tracker.ts';
import type { PrinterSighting, SourceLook } from '../../agent/src/probes/printer/sighting.ts';
import { errorConditions, snmpSighting } from '../../agent/src/probes/printer/snmp-printer.ts';
import { winspoolSighting } from '../../agent/src/probes/printer/winspool-status.ts';
import { jobsOf } from '../../agent/src/child/winspool-native.ts';
import { fuzzed } from '../support/fuzz.ts';
import { judged } from '../support/judged.ts';

/** A recorded Get-Printer-Attributes reply of CUPS 2.4.2, shortened. */
const reply = Buffer.from(
  '0200000000000001' +
    '01' +
    field(0x47, 'attributes-charset', text('utf-8')) +
    field(0x48, 'attributes-natural-language', text('en')) +
    '04' +
    field(0x23, 'printer-state', int(4)) +
    field(0x44, 'printer-state-reasons', text('media-empty-warning')) +
    field(0x44, '', text('toner-low-report')) +
    field(0x22, 'printer-is-accepting-jobs', '01') +
    field(0x21, 'marker-levels', int(7)) +
    field(0x21, '', int(-1)) +
    field(0x44, 'marker-types', text('toner')) +
    field(0x44, '', text('waste-toner')) +
    field(0x34, 'media-col-default', '') +
    field(0x4a, '', text('media-size')) +
    field(0x21, '', int(21_000)) +
    field(0x37, '', '') +
    field(0x45, 'device-uri', text('usb://HP/LaserJet?serial=1')) +
    '03',
  'hex',
);

function int(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes.toString('hex');
}
function text(value: string): string {
  return Buffer.from(value).toString('hex');
}
function field(kind: number, name: string, valueHex: string): string {
  const length = (hex: string): string => (hex.length / 2).toString(16).padStart(4, '0');
  const nameHex = text(name);
  return (
    kind.toString(16).padStart(2, '0') + length(nameHex) + nameHex + length(valueHex) + valueHex
  );
}

describe('IPP', () => {
  it('reads a recorded reply: state, reasons, levels, and nothing of collections', () => {
    const { printers, status } = decodeIpp(reply);
    expect(status).toBe(0);
    expect(sightingOf(printers[0] ?? new Map())).toEqual({
      source: 'queue',
      state: 'printing',
      conditions: ['lowToner', 'lowPaper'],
      lacking: 'noPaper',
      tonerRatio: 0.07,
      deviceUri: 'usb://HP/LaserJet?serial=1',
    });
  });

  it('writes a request that it would read itself', () => {
    const request = encodeIpp(0x0b, 7, [
      { name: 'printer-uri', uri: 'ipp://h/p' },
      { name: 'requested-attributes', keywords: ['printer-state', 'device-uri'] },
      { name: 'limit', integer: 20 },
    ]);
    expect(request.readUInt16BE(2)).toBe(0x0b);
    expect(decodeIpp(request).status).toBe(0x0b);
    expect(request.toString('latin1')).not.toMatch(/requesting-user-name|job-name/);
  });

  it('ends on any bytes with a reply or an IppError', () => {
    fuzzed('IPP', [reply], (bytes) => {
      try {
        use(decodeIpp(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(IppError);
      }
    });
  });

  it.each([
    [3, 0, 160, 100],
    [3, 0, 101, undefined],
    [4, 0, 160, undefined],
    [3, 1, 160, undefined],
    [3, '', 160, undefined],
  ])('state %j with %j jobs at %i s rests since %j', (state, jobs, now, expected) => {
    const values = { 'printer-state-change-time': 100, 'printer-up-time': now };
    const all = { ...values, 'printer-state': state, 'queued-job-count': jobs };
    const printer = new Map(Object.entries(all).map(([name, value]) => [name, [value]]));
    expect(restingSince(printer)).toBe(expected);
  });

  it('keeps a port that stands in an address, and adds the one that does not', () => {
    expect(httpUrlOf('ipp://h/p').href).toBe('http://h:631/p');
    expect(httpUrlOf('ipp://h:80/p').href).toBe('http://h/p');
    expect(httpUrlOf('ipps://h/p').href).toBe('https://h:631/p');
    expect(httpUrlOf('ipp://h:8631/p').href).toBe('http://h:8631/p');
  });
});

function use({ printers, jobs }: IppReply): void {
  for (const printer of printers) sightingOf(printer);
  activeJobs(jobs);
  endedJobs(jobs);
}

describe('SNMP', () => {
  it.each([
    ['4004', ['noPaper', 'lowPaper']],
    ['04', ['jam']],
    ['0800', ['coverOpen']],
    ['2000', ['lowToner']],
    ['1020', ['noToner', 'noToner']],
    ['0200', ['offline']],
    ['', []],
    ['00', []],
  ])('error bits %s are %j, the most significant first', (bits, conditions) => {
    expect(errorConditions(Buffer.from(bits, 'hex'))).toEqual(conditions);
  });

  const sighting = (hex: string, part: { printer?: number; device?: number; trays?: number[] }) =>
    snmpSighting({
      objects: {
        deviceStatus: part.device ?? 2,
        printerStatus: part.printer ?? 3,
        errorState: Buffer.from(hex, 'hex'),
        lifeCount: undefined,
        coverStatus: undefined,
      },
      columns: { supplyMost: [], supplyLevel: [], trayLevel: part.trays ?? [] },
    });

  it('a printer that warms up for a job is not idle', () => {
    expect(sighting('0000', { printer: 5 }).state).toBe('printing');
    expect(sighting('0000', { printer: 3 }).state).toBe('idle');
  });

  it.each([
    ['0004', { trays: [0, 250] }, ['lowPaper'], 'noPaper'],
    ['0004', { trays: [0, -3] }, ['lowPaper'], 'noPaper'],
    ['0004', { trays: [0, 0] }, ['lowPaper', 'noPaper'], undefined],
    ['0004', { trays: [0, 250], device: 5 }, ['lowPaper', 'noPaper'], undefined],
    ['0080', { trays: [250] }, ['lowPaper'], 'trayMissing'],
    ['0040', {}, ['trayMissing'], undefined],
  ])(
    'error bits %s with %j: one tray of several is no fault yet',
    (bits, part, conditions, lack) => {
      expect(sighting(bits, part)).toMatchObject({ conditions });
      expect(sighting(bits, part).lacking).toBe(lack);
    },
  );

  it('is a sighting whatever the values are', () => {
    const value = fc.oneof(fc.constant(undefined), fc.integer(), fc.uint8Array({ maxLength: 9 }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 5, maxLength: 5 }),
        fc.array(fc.integer()),
        (v, c) => {
          const [deviceStatus, printerStatus, errorState, lifeCount, coverStatus] = v.map((each) =>
            each instanceof Uint8Array ? Buffer.from(each) : each,
          );
          const seen = snmpSighting({
            objects: { deviceStatus, printerStatus, errorState, lifeCount, coverStatus },
            columns: { supplyMost: c, supplyLevel: c, trayLevel: c },
          });
          expect(seen.tonerRatio ?? 0).toBeGreaterThanOrEqual(0);
          expect(seen.tonerRatio ?? 0).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 20_240_515 },
    );
  });
});

/** Vectors of Microsoft's documented constants; unverified on Windows. */
describe('Windows spooler', () => {
  it.each([
    [0x8, 0, [], ['jam']],
    [0x10, 0, [], ['noPaper']],
    [0x400000, 0, [], ['coverOpen']],
    [0x20000, 0, [], ['lowToner']],
    [0x40000, 0, [], ['noToner']],
    [0, 0x400, [], ['offline']],
    [0, 0, [0x10 | 0x40], ['noPaper']],
    [0, 0, [0x2 | 0x10], ['printerError']],
    [0, 0, [0x80], []],
    [0x400, 0, [0x10], []],
  ])('status %i, attributes %i, jobs %j are %j', (status, attributes, jobs, conditions) => {
    const seen = winspoolSighting({
      status,
      attributes,
      jobs: jobs.map((each, id) => ({
        id,
        status: each,
        pagesPrinted: 0,
        totalPages: 3,
        ageMs: 1,
      })),
    });
    expect(seen.conditions).toEqual(conditions);
    expect(seen.source).toBe('winspool');
  });

  it('an idle queue proves nothing', () => {
    const tracker = new PrinterTracker(1);
    const sighting = winspoolSighting({ status: 0, attributes: 0, jobs: [] });
    const outcome = tracker.add([{ kind: 'seen', sighting }], 0);
    if (outcome.kind !== 'measured' || outcome.facts.subject !== 'printer') throw new Error('no');
    expect(judged(printerState, outcome.facts.facts)).toMatchObject({
      verdict: 'unknown',
      reason: 'idleUnproven',
    });
  });

  it('a job that says «printed» is a proof as old as the job, and one that was handed over is none', () => {
    const tracker = new PrinterTracker(1);
    const looks = (status: number) => {
      const job = { id: 3, status, pagesPrinted: 2, totalPages: 2, ageMs: 90_000 };
      const sighting = winspoolSighting({ status: 0, attributes: 0, jobs: [job] });
      return tracker.add([{ kind: 'seen', sighting }], 0);
    };
    expect(looks(0x1000)).toMatchObject({ facts: { facts: { queueJobs: 0 } } });
    expect(looks(0x1000)).not.toHaveProperty('facts.facts.proofAgeMs');
    expect(looks(0x80)).toMatchObject({ facts: { facts: { proofAgeMs: 90_000 } } });
  });

  it('reads JOB_INFO_1 records without the names in them', () => {
    const record = Buffer.alloc(96);
    record.writeUInt32LE(12, 0);
    record.writeUInt32LE(0x10, 56);
    record.writeUInt32LE(9, 68);
    record.writeUInt32LE(4, 72);
    for (const [at, word] of [2024, 5, 3, 15, 2, 42, 0, 500].entries())
      record.writeUInt16LE(word, 76 + at * 2);
    const nowMs = Date.parse('2024-05-15T02:43:00Z');
    expect(jobsOf(record, 1, nowMs)).toEqual([
      { id: 12, status: 0x10, pagesPrinted: 4, totalPages: 9, ageMs: 59_500 },
    ]);
    expect(jobsOf(record, 5, nowMs)).toHaveLength(1);
  });
});

const seen = (part: Partial<PrinterSighting>): SourceLook => ({
  kind: 'seen',
  sighting: { source: 'queue', state: 'idle', conditions: [], ...part },
});

describe('fusing the ways to one printer', () => {
  it('believes the device about paper and the queue about itself', () => {
    const fused = fuse([
      seen({ conditions: ['noPaper', 'paused'], state: 'stopped' }),
      seen({ source: 'snmp', conditions: ['lowToner'] }),
    ]);
    expect(fused).toMatchObject({
      kind: 'seen',
      look: { source: 'snmp', isDeviceHeard: true, conditions: ['paused', 'lowToner'] },
    });
  });

  it('a USB printer that is unplugged is offline whatever the queue hopes', () => {
    const fused = fuse([
      seen({ state: 'printing' }),
      seen({ source: 'usb', conditions: ['offline'] }),
    ]);
    expect(fused).toMatchObject({ look: { conditions: ['offline'], isDeviceHeard: true } });
  });

  it('failures that say nothing of the printer stay failures', () => {
    const failed = (reason: 'unauthorised' | 'refused'): SourceLook => ({
      kind: 'failed',
      source: 'ipp',
      reason,
    });
    expect(fuse([failed('unauthorised')])).toEqual({ kind: 'failed', reason: 'unauthorised' });
    expect(fuse([failed('refused')])).toMatchObject({ look: { conditions: ['offline'] } });
    expect(fuse([])).toEqual({ kind: 'failed', reason: 'notMeasured' });
  });
});
