import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultThresholds, printerState, type PrinterFacts } from '@ppe-pulse/protocol';
import { deviceAddress, lookAtUsb } from '../../agent/src/probes/printer/device-presence.ts';
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
import { conditionsOf } from '../../agent/src/probes/printer/keywords.ts';
import { PrinterTracker } from '../../agent/src/probes/printer/printer-tracker.ts';
import type { PrinterSighting, SourceLook } from '../../agent/src/probes/printer/sighting.ts';
import { errorConditions, snmpSighting } from '../../agent/src/probes/printer/snmp-printer.ts';
import { winspoolSighting } from '../../agent/src/probes/printer/winspool-status.ts';
import { jobsOf } from '../../agent/src/child/winspool-native.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fuzzed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';

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
      conditions: ['noPaper', 'lowToner'],
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

describe('reasons of printers', () => {
  it.each([
    [['none'], []],
    [['media-jam-error', 'media-jam-report'], ['jam']],
    [['door-open', 'cover-open-warning'], ['coverOpen']],
    [['cups-waiting-for-job-completed'], []],
    [['something-new-error'], []],
  ])('%j are %j', (keywords, conditions) => {
    expect(conditionsOf(keywords)).toEqual(conditions);
  });
});

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
    expect(printerState.judge(outcome.facts.facts, defaultThresholds)).toMatchObject({
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

describe('a printer between two looks', () => {
  const facts = (tracker: PrinterTracker, looks: SourceLook[], nowMs: number): PrinterFacts => {
    const outcome = tracker.add(looks, nowMs);
    if (outcome.kind !== 'measured' || outcome.facts.subject !== 'printer')
      throw new Error(outcome.kind);
    return outcome.facts.facts;
  };
  const job = { id: 1, state: 'processing', ageMs: 0, progress: 0 } as const;

  it('is stuck after 60 s without progress, and not while its life counter moves', () => {
    const still = new PrinterTracker(1);
    const moving = new PrinterTracker(1);
    for (let s = 0; s <= 70; s += 5) {
      const printing = { state: 'printing', jobs: [job] } as const;
      const stuck = facts(still, [seen(printing)], s * 1_000).isStuck;
      expect([s, stuck]).toEqual([s, s > 60]);
      const both = [seen(printing), seen({ source: 'snmp', lifePages: 100 + s })];
      expect(facts(moving, both, s * 1_000).isStuck).toBe(false);
    }
  });

  it('with a job that waits beside an idle printer is stuck after 30 s; a held job never', () => {
    const tracker = new PrinterTracker(1);
    const pending = { ...job, state: 'pending' } as const;
    expect(facts(tracker, [seen({ jobs: [pending] })], 0).isStuck).toBe(false);
    expect(facts(tracker, [seen({ jobs: [pending] })], 31_000).isStuck).toBe(true);
    expect(facts(tracker, [seen({ jobs: [{ ...pending, state: 'held' }] })], 99_000).isStuck).toBe(
      false,
    );
  });

  it('«connecting» is believed at the second look, a jam at the first', () => {
    const tracker = new PrinterTracker(1);
    const connecting = seen({ conditions: ['offline', 'jam'] });
    expect(facts(tracker, [connecting], 0).conditions).toEqual(['jam']);
    expect(facts(tracker, [connecting], 5_000).conditions).toEqual(['jam', 'offline']);
    expect(facts(tracker, [seen({})], 10_000).conditions).toEqual([]);
  });

  it('counts pages of completed jobs once, and speed by the longest of them', () => {
    const tracker = new PrinterTracker(2);
    const ended = (id: number, pages: number, outcome: 'completed' | 'aborted' = 'completed') => ({
      id,
      outcome,
      agoMs: 1_000,
      tookMs: 30_000,
      pages,
    });
    const metrics = (list: ReturnType<typeof ended>[], nowMs: number) => {
      const outcome = tracker.add([seen({ ended: list })], nowMs);
      return outcome.kind === 'measured' ? outcome.metrics : {};
    };
    expect(metrics([ended(1, 4)], 0)['printer.2.pages.count']).toBe(0);
    const next = metrics([ended(1, 4), ended(2, 10), ended(3, 7, 'aborted')], 5_000);
    expect(next['printer.2.pages.count']).toBe(10);
    expect(next['printer.2.speed.pagesPerMinute']).toBe(20);
    expect(metrics([ended(2, 10)], 9_000)['printer.2.pages.count']).toBe(10);
    metrics([ended(2, 10), { ...ended(4, 0, 'aborted'), agoMs: 0 }], 9_000);
    expect(facts(tracker, [seen({})], 9_000).abortedJobs).toBe(1);
    expect(facts(tracker, [seen({})], 400_000).abortedJobs).toBe(0);
  });

  it('a page that came out speaks for a printer that nobody hears, for half a day', () => {
    const base: PrinterFacts = {
      state: 'idle',
      conditions: [],
      source: 'queue',
      isDeviceHeard: false,
      queueJobs: 0,
      stuckMs: 0,
      isStuck: false,
      abortedJobs: 0,
    };
    const verdict = (part: Partial<PrinterFacts>) =>
      printerState.judge({ ...base, ...part }, defaultThresholds).verdict;
    expect(verdict({})).toBe('unknown');
    expect(verdict({ proofAgeMs: 11 * 3_600_000 })).toBe('ok');
    expect(verdict({ proofAgeMs: 13 * 3_600_000 })).toBe('unknown');
    expect(verdict({ isDeviceHeard: true })).toBe('ok');
    expect(verdict({ isDeviceHeard: true, conditions: ['lowToner'] })).toBe('warn');
  });
});

describe('where a queue’s device is', () => {
  it.each([
    ['usb://HP/LaserJet?serial=1', { kind: 'usb' }],
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

  it('a USB printer is found by its class or its id', async () => {
    const root = tempDir();
    mkdirSync(join(root, '1-1'));
    mkdirSync(join(root, '1-1:1.0'));
    writeFileSync(join(root, '1-1', 'idVendor'), '03f0\n');
    writeFileSync(join(root, '1-1', 'idProduct'), '2b17\n');
    writeFileSync(join(root, '1-1:1.0', 'bInterfaceClass'), '07\n');
    const conditions = async (id: string | undefined) => {
      const look = await lookAtUsb(id, root);
      return look.kind === 'seen' ? look.sighting.conditions : look.reason;
    };
    expect(await conditions(undefined)).toEqual([]);
    expect(await conditions('03f0:2b17')).toEqual([]);
    expect(await conditions('03f0:0000')).toEqual(['offline']);
    expect(await lookAtUsb(undefined, join(root, 'none'))).toMatchObject({ kind: 'failed' });
  });
});
