import { describe, expect, it } from 'vitest';
import { printerState, type PrinterFacts } from '@ppe-pulse/protocol';
import { PrinterTracker } from '../../agent/src/probes/printer/printer-tracker.ts';
import type { PrinterSighting, SourceLook } from '../../agent/src/probes/printer/sighting.ts';
import { judged as judgedBy } from '../support/judged.ts';

const seen = (part: Partial<PrinterSighting>): SourceLook => ({
  kind: 'seen',
  sighting: { source: 'queue', state: 'idle', conditions: [], ...part },
});
const facts = (tracker: PrinterTracker, looks: SourceLook[], nowMs: number): PrinterFacts => {
  const outcome = tracker.add(looks, nowMs);
  if (outcome.kind !== 'measured' || outcome.facts.subject !== 'printer')
    throw new Error(outcome.kind);
  return outcome.facts.facts;
};
/** Verdict and reason of the check at this look. */
const judged = (tracker: PrinterTracker, looks: SourceLook[], seconds: number): string => {
  const { verdict, reason } = judgedBy(printerState, facts(tracker, looks, seconds * 1_000));
  return `${verdict} ${reason}`;
};
const job = { id: 1, state: 'processing', ageMs: 0, progress: 0 } as const;
const usb = seen({ source: 'usb' });

describe('a printer between two looks', () => {
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

  it('«offline» is believed at the second look, a jam at the first', () => {
    const tracker = new PrinterTracker(1);
    const gone = seen({ conditions: ['offline', 'jam'] });
    expect(facts(tracker, [gone], 0).conditions).toEqual(['jam']);
    expect(facts(tracker, [gone], 5_000).conditions).toEqual(['jam', 'offline']);
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
      judgedBy(printerState, { ...base, ...part }).verdict;
    expect(verdict({})).toBe('unknown');
    expect(verdict({ proofAgeMs: 11 * 3_600_000 })).toBe('ok');
    expect(verdict({ proofAgeMs: 13 * 3_600_000 })).toBe('unknown');
    expect(verdict({ isDeviceHeard: true })).toBe('ok');
    expect(verdict({ isDeviceHeard: true, conditions: ['lowToner'] })).toBe('warn');
  });
});

describe('a long job', () => {
  const printing = (pages?: number) =>
    seen({ state: 'printing', jobs: [{ ...job, ...(pages === undefined ? {} : { pages }) }] });

  it.each([
    ['of 300 pages', 300, 1_800],
    ['of one page', 1, 60],
    ['whose pages nobody knows', undefined, 300],
  ])(
    '%s on a printer that is heard is stuck after its own time, and shown before',
    (_, pages, limit) => {
      const tracker = new PrinterTracker(1);
      const looks = [printing(pages), usb];
      expect(judged(tracker, looks, 0)).toBe('ok ok');
      expect(judged(tracker, looks, 60)).toBe('ok ok');
      if (limit > 60) expect(judged(tracker, looks, 61)).toBe('warn stuckQueue');
      expect(judged(tracker, looks, limit)).toBe(limit > 60 ? 'warn stuckQueue' : 'ok ok');
      expect(judged(tracker, looks, limit + 1)).toBe('fail stuckQueue');
    },
  );

  it('on a printer that nobody hears is stuck after a minute, however long it is', () => {
    const tracker = new PrinterTracker(1);
    expect(judged(tracker, [printing(300)], 0)).toBe('ok ok');
    expect(judged(tracker, [printing(300)], 61)).toBe('fail stuckQueue');
  });

  it('keeps those behind it waiting, and they are not late', () => {
    const tracker = new PrinterTracker(1);
    const waiting = { ...job, id: 2, state: 'pending' } as const;
    const snmp = seen({ source: 'snmp' });
    for (let s = 0; s <= 240; s += 5) {
      const looks = [seen({ state: 'printing', jobs: [{ ...job, progress: s }, waiting] }), snmp];
      expect(judged(tracker, looks, s)).toBe('ok ok');
    }
  });
});

describe('a tray that lacks something', () => {
  const empty = { conditions: ['lowPaper'], lacking: 'noPaper' } as const;

  it('warns while no job wants it, and fails within two periods when one stands still', () => {
    const tracker = new PrinterTracker(1);
    expect(judged(tracker, [seen(empty), usb], 0)).toBe('warn lowPaper');
    expect(judged(tracker, [seen(empty), usb], 60)).toBe('warn lowPaper');
    const waiting = seen({ ...empty, state: 'printing', jobs: [job] });
    expect(judged(tracker, [waiting, usb], 65)).toBe('warn lowPaper');
    expect(judged(tracker, [waiting, usb], 70)).toBe('fail noPaper');
    const moving = seen({ ...empty, state: 'printing', jobs: [{ ...job, progress: 1 }] });
    expect(judged(tracker, [moving, usb], 75)).toBe('warn lowPaper');
  });

  it('of a queue is not believed when the device speaks', () => {
    const waiting = seen({ ...empty, state: 'printing', jobs: [job] });
    const snmp = seen({ source: 'snmp' });
    const tracker = new PrinterTracker(1);
    expect(judged(tracker, [waiting, snmp], 0)).toBe('ok ok');
    expect(judged(tracker, [waiting, snmp], 20)).toBe('ok ok');
  });

  it('on a slow printer whose counter moves is another tray', () => {
    const tracker = new PrinterTracker(1);
    for (let s = 0; s <= 60; s += 5) {
      const lifePages = Math.floor(s / 12);
      const snmp = seen({ source: 'snmp', ...empty, state: 'printing', lifePages });
      const verdict = judged(tracker, [seen({ state: 'printing', jobs: [job] }), snmp], s);
      expect(verdict).toBe('warn lowPaper');
    }
  });

  it('a remark warns and never alarms', () => {
    const remark = seen({ source: 'ipp', remarks: ['printerError'] });
    expect(judged(new PrinterTracker(1), [remark], 0)).toBe('warn printerError');
  });
});

describe('a queue that looks for its device', () => {
  const connecting = seen({ state: 'printing', isConnecting: true, jobs: [job] });

  it('has lost it after 15 s', () => {
    const tracker = new PrinterTracker(1);
    for (const s of [0, 5, 14]) expect(judged(tracker, [connecting], s)).toBe('ok ok');
    expect(judged(tracker, [connecting], 15)).toBe('fail offline');
    expect(judged(tracker, [seen({ state: 'printing', jobs: [job] })], 20)).toBe('ok ok');
    expect(judged(tracker, [connecting], 25)).toBe('ok ok');
  });

  it.each(['snmp', 'ipp', 'usb'] as const)('has not where %s hears it', (source) => {
    const tracker = new PrinterTracker(1);
    for (const s of [0, 10, 20, 30])
      expect(judged(tracker, [connecting, seen({ source })], s)).toBe('ok ok');
  });
});

describe('whose jobs count', () => {
  it('the spooler’s, where the device has an empty list of its own', () => {
    const tracker = new PrinterTracker(1);
    const looks = [
      seen({ source: 'ipp', jobs: [] }),
      seen({ source: 'winspool', jobs: [{ ...job, state: 'pending' }] }),
    ];
    expect(facts(tracker, looks, 0).queueJobs).toBe(1);
    expect(judged(tracker, looks, 31)).toBe('fail stuckQueue');
  });
});

describe('a port that is silent', () => {
  it('is believed when it was looked at twice, not when one look was told twice', () => {
    const tracker = new PrinterTracker(1);
    const silent: SourceLook = { kind: 'failed', source: 'port', reason: 'refused' };
    const conditions = (s: number) => facts(tracker, [seen({}), silent], s * 1_000).conditions;
    expect([conditions(0), conditions(2), conditions(6)]).toEqual([[], [], ['offline']]);
  });
});
