import { describe, expect, it } from 'vitest';
import { sightingOf } from '../../agent/src/probes/printer/ipp-printer.ts';
import { readReasons } from '../../agent/src/probes/printer/keywords.ts';

describe('reasons of printers', () => {
  it.each([
    [['none'], []],
    [['media-jam-error', 'media-jam-report'], ['jam']],
    [['door-open', 'cover-open-warning'], ['coverOpen']],
    [['cups-waiting-for-job-completed'], []],
    [['something-new-error', 'constructor'], []],
    [['media-empty-report'], ['lowPaper']],
    [['input-tray-missing'], ['lowPaper']],
    [['media-empty-warning', 'media-needed-warning'], ['noPaper']],
    [['connecting-to-device', 'timed-out'], ['offline']],
  ])('%j are %j', (keywords, conditions) => {
    expect(readReasons(keywords).conditions).toEqual(conditions);
  });

  it('an empty or missing tray is what a waiting job may need', () => {
    expect(readReasons(['media-empty-warning']).lacking).toBe('noPaper');
    expect(readReasons(['input-tray-missing-report']).lacking).toBe('trayMissing');
    expect(readReasons(['media-empty', 'media-needed'])).not.toHaveProperty('lacking');
  });

  it('«other» and a cold fuser are remarks, and «connecting» is neither', () => {
    expect(readReasons(['other-error', 'fuser-under-temp-warning'])).toEqual({
      conditions: [],
      remarks: ['printerError', 'serviceNeeded'],
      isConnecting: false,
    });
    expect(readReasons(['connecting-to-device-report'])).toEqual({
      conditions: [],
      remarks: [],
      isConnecting: true,
    });
  });

  it.each([
    [[0, 250], ['lowPaper'], 'noPaper'],
    [[0, -2], ['lowPaper', 'noPaper'], undefined],
    [[0, -3], ['lowPaper'], 'noPaper'],
    [[], ['lowPaper'], 'noPaper'],
  ])('an empty tray among levels %j', (levels, conditions, lacking) => {
    const trays = levels.map((level) => `type=sheetFeedAuto;maxcapacity=250;level=${level};`);
    const printer = new Map<string, readonly (string | number)[]>([
      ['printer-state', [3]],
      ['printer-state-reasons', ['media-empty-report']],
      ['printer-input-tray', trays],
    ]);
    expect(sightingOf(printer)).toMatchObject({ conditions });
    expect(sightingOf(printer).lacking).toBe(lacking);
  });
});
