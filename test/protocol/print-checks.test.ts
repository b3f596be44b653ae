import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  families,
  judgeAll,
  pagesLeft,
  type PrinterFacts,
  type PrintTask,
} from '@ppe-pulse/protocol';

const norms = { setsPerRoom: 15, pagesPerSet: 20, pagesPerMinute: 30, startAt: 'start' };
const idle: PrinterFacts = {
  state: 'idle',
  conditions: [],
  source: 'snmp',
  isDeviceHeard: true,
  queueJobs: 0,
  stuckMs: 0,
  isStuck: false,
  abortedJobs: 0,
};

function judged(facts: Partial<PrinterFacts>, print: PrintTask | null) {
  const verdicts = judgeAll({
    role: 'organizer',
    readings: new Map(),
    families: new Map(families.map((family) => [family, { kind: 'nothing' }])),
    observations: [
      {
        subject: 'printer',
        device: 1,
        last: { facts: { subject: 'printer', facts: { ...idle, ...facts } }, atMs: 0 },
      },
    ],
    nowMs: 1_000,
    print,
  });
  const of = (id: string) => {
    const found = verdicts.find((each) => each.id === id);
    return found && `${found.verdict} ${found.reason}`;
  };
  return { paper: of('printer.paper'), eta: of('printer.eta') };
}
const task = (printedPages = 0): PrintTask => ({ norms, printedPages });

describe('paper and time of a room’s print', () => {
  it('wait for the plan without one', () => {
    expect(judged({ paperSheets: 500 }, null)).toEqual({
      paper: 'unknown noPlan',
      eta: 'unknown noPlan',
    });
  });

  it.each([
    [330, 'ok ok'],
    [329, 'warn lowPaper'],
    [300, 'warn lowPaper'],
    [299, 'fail tooLow'],
    [0, 'fail tooLow'],
  ])('%i sheets for 300 pages are %s', (paperSheets, expected) => {
    expect(judged({ paperSheets }, task()).paper).toBe(expected);
  });

  it('of a printer that does not tell its paper nobody judges', () => {
    expect(judged({}, task()).paper).toBeUndefined();
  });

  it.each([
    [30, 'ok ok'],
    [29, 'warn tooSlow'],
    [20, 'warn tooSlow'],
    [19, 'fail tooSlow'],
  ])('300 pages at %i a minute are %s', (pagesPerMinute, expected) => {
    expect(judged({ pagesPerMinute }, task()).eta).toBe(expected);
  });

  it('go by the plan’s speed until the printer’s own is measured', () => {
    expect(judged({}, task()).eta).toBe('ok ok');
    const slow = { norms: { ...norms, pagesPerMinute: 10 }, printedPages: 0 };
    expect(judged({}, slow).eta).toBe('fail tooSlow');
    expect(judged({ pagesPerMinute: 40 }, slow).eta).toBe('ok ok');
  });

  it('ask for less the more is printed, and for nothing at the end', () => {
    expect(judged({ paperSheets: 50, pagesPerMinute: 5 }, task(260))).toEqual({
      paper: 'ok ok',
      eta: 'ok ok',
    });
    expect(judged({ paperSheets: 0, pagesPerMinute: 1 }, task(300))).toEqual({
      paper: 'ok ok',
      eta: 'ok ok',
    });
  });

  it('never leave less than nothing to print', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (printedPages) => {
        expect(pagesLeft(task(printedPages))).toBeGreaterThanOrEqual(0);
      }),
      { seed: 668 },
    );
  });
});
