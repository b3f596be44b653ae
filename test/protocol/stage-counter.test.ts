import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCounter, foldSignals, type CounterSignal } from '@ppe-pulse/protocol';
import { at, check, facts } from './stage-world.ts';

const MINUTE = 60_000;
const window = at('10:00');

/** Readings as `[time, value]` folded one after the other. */
function counted(...readings: readonly (readonly [string, number])[]): CounterSignal | undefined {
  return readings.reduce<CounterSignal | undefined>(
    (before, [time, value]) => foldCounter(before, { value, atMs: at(time) }, window),
    undefined,
  );
}

describe('a counter of pages', () => {
  it('counts from the window on: the test page of the morning is no set', () => {
    expect(counted(['08:20', 700], ['08:21', 702], ['10:02', 722])?.counted).toBe(20);
  });

  it('loses nothing over a gap, also one over the window’s start', () => {
    expect(counted(['09:30', 700], ['10:40', 1_000])).toMatchObject({
      counted: 300,
      isPartial: false,
    });
  });

  it('goes on after it began again at nought', () => {
    expect(counted(['09:59', 700], ['10:02', 750], ['10:05', 30], ['10:06', 50])?.counted).toBe(
      100,
    );
  });

  it('does not count the life of another printer, and says that its count is not whole', () => {
    expect(counted(['09:59', 700], ['10:02', 750], ['10:04', 45_000], ['10:05', 45_020])).toEqual(
      expect.objectContaining({ counted: 70, isPartial: true }),
    );
    expect(counted(['09:59', 70_000], ['10:02', 70_050], ['10:04', 45_000])).toMatchObject({
      counted: 50,
      isPartial: true,
    });
  });

  it('knows that it does not know what came out before it was first read', () => {
    expect(counted(['10:07', 900])?.isPartial).toBe(true);
    expect(counted(['10:00', 900])?.isPartial).toBe(false);
  });

  it('leaves a reading aside that is older than the newest', () => {
    const before = counted(['09:59', 700], ['10:05', 800]);
    expect(foldCounter(before, { value: 750, atMs: at('10:03') }, window)).toBe(before);
  });

  it('settles when it stands still for three minutes, and no sooner', () => {
    expect(counted(['09:59', 0], ['10:01', 40], ['10:03', 40])?.settled).toBe(0);
    expect(counted(['09:59', 0], ['10:01', 40], ['10:04', 40])?.settled).toBe(40);
  });

  it('counts every page of any run with gaps and restarts', () => {
    const run = fc.array(
      fc.record({
        minutes: fc.integer({ min: 1, max: 30 }),
        pages: fc.integer({ min: 0, max: 60 }),
        isRestarted: fc.boolean(),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(run, fc.integer({ min: 0, max: 100_000 }), (steps, start) => {
        let atMs = window;
        let value = start;
        let printed = 0;
        let counter = foldCounter(undefined, { value, atMs }, window);
        for (const { minutes, pages, isRestarted } of steps) {
          atMs += minutes * MINUTE;
          // A counter that restarts is told from one that grows only when it shows less than before.
          value = isRestarted && pages < value ? pages : value + pages;
          printed += pages;
          counter = foldCounter(counter, { value, atMs }, window);
        }
        expect(counter.counted).toBe(printed);
      }),
    );
  });
});

describe('signals of a workstation', () => {
  const seen = { checks: [check('camera.1.stream', 'ok'), check('printer.2.state', 'ok')] };

  it('are the same object when nothing changed', () => {
    const first = foldSignals(undefined, facts('w', seen, 1), 1);
    expect(foldSignals(first, facts('w', seen, 2), 2)).toBe(first);
    expect(foldSignals(first, facts('w', { ...seen, isHeard: false }, 3), 3)).not.toBe(first);
  });

  it('hold plain JSON only', () => {
    const metrics = { 'printer.pages.count': 4, 'printer.2.pages.count': 9 };
    const signals = foldSignals(undefined, facts('w', { ...seen, metrics }, 1), 1);
    expect(JSON.parse(JSON.stringify(signals))).toEqual(signals);
    expect(Object.keys(signals.printers)).toEqual(['1', '2']);
  });

  it('tell a camera that is off from one that only shows badly', () => {
    const on = (verdict: 'ok' | 'warn' | 'fail', evidence = {}) =>
      foldSignals(
        undefined,
        facts('w', { checks: [check('camera.1.stream', verdict, evidence)] }, 1),
        1,
      ).cameras['1']?.isOn;
    expect([on('ok'), on('warn', { picture: 'moving' })]).toEqual([true, true]);
    // The other camera of the room streams: amber, and this one is off all the same.
    expect([on('warn', { otherStreams: true }), on('fail')]).toEqual([false, false]);
  });

  it('count for the room where the workstation stands: in another one it begins anew', () => {
    const windows = { printFromMs: 0, scanFromMs: 0 };
    const pages = (value: number) => ({ metrics: { 'printer.pages.count': value } });
    let signals = foldSignals(undefined, facts('w', pages(100), 1), 1, windows);
    signals = foldSignals(signals, facts('w', pages(120), 2), 2, windows);
    expect(signals.printers['1']?.counted).toBe(20);
    signals = foldSignals(signals, facts('w', { roomCode: '0002', ...pages(121) }, 3), 3, windows);
    expect(signals.printers['1']?.counted).toBe(1);
  });
});
