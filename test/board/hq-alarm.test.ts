import { describe, expect, it } from 'vitest';
import type { HqFrame, HqIncident } from '@ppe-pulse/protocol';
import {
  REPEAT_MS,
  callsOf,
  ringOf,
  silentSoFar,
  type AlarmMemory,
  type Call,
} from '../../board/src/hq/hq-alarm.ts';
import { nothingSeen, takeFrame } from '../../board/src/hq/hq-state.ts';
import { HQ_AT_MS, hqFrame, hqWorkstation } from '../support/hq-frames.ts';
import { hqIncident, hqIncidents, providerCut } from '../support/hq-incidents.ts';
import { workstationId } from '../support/rows.ts';

const MIN = 60_000;
const jammed = hqWorkstation(10, '0001', { said: [['printer.state', 'fail', 'jam']] });
const live = { state: 'live', sinceMs: HQ_AT_MS - 72 * MIN, spooled: 0, dropped: 0 } as const;
const cut = (agoMs: number): HqFrame['uplink'] => ({
  ...live,
  state: 'waiting',
  sinceMs: HQ_AT_MS - agoMs,
});
const keys = (
  uplink: HqFrame['uplink'],
  incidents: readonly HqIncident[] = [],
  workstations = [jammed],
): string[] => {
  const frame = hqFrame(workstations, { uplink, incidents: hqIncidents(incidents) });
  return callsOf(takeFrame(nothingSeen, frame)).map(({ key }) => key);
};

describe('what calls for a person in the Штаб', () => {
  it('is a critical incident that nobody has taken, silenced or snoozed, while the centre sees us', () => {
    const incidents = [
      hqIncident(1),
      hqIncident(2, { severity: 'warning' }),
      hqIncident(3, { acknowledgedAtMs: HQ_AT_MS }),
      hqIncident(4, { silencedUntilMs: HQ_AT_MS + MIN }),
      hqIncident(5, { snoozedUntilMs: HQ_AT_MS + MIN }),
      providerCut(6, { acknowledgedAtMs: null }),
    ];
    expect(keys(live, incidents)).toEqual(['i-1', 'i-6']);
    expect(keys(live)).toEqual([]);
    expect(callsOf(nothingSeen)).toEqual([]);
  });

  it('is what fails here as soon as the centre does not see us, and not at every short break', () => {
    const printer = `printer jam fail false false ${workstationId(10)} 1`;
    expect(keys(cut(30_000), [hqIncident(1)])).toEqual(['i-1']);
    expect(keys(cut(MIN), [hqIncident(1)])).toEqual([printer]);
    expect(keys({ ...live, state: 'stopped', sinceMs: HQ_AT_MS })).toEqual([printer, 'uplink']);
  });

  it('is every place of a failure by itself: a second jam is news', () => {
    const two = [jammed, { ...jammed, id: workstationId(11) }];
    expect(keys(cut(5 * MIN), [], two)).toHaveLength(2);
  });

  it('is nothing that was known to be taken before the line went', () => {
    const taken = hqIncident(1, { acknowledgedAtMs: HQ_AT_MS - 8 * MIN });
    expect(keys(cut(5 * MIN), [taken])).toEqual([]);
  });

  it('is no warning and no note of this ППЭ', () => {
    const low = hqWorkstation(10, '0001', { said: [['printer.state', 'warn', 'lowToner']] });
    expect(keys(cut(5 * MIN), [], [low])).toEqual([]);
  });
});

/** Looks at calls second by second; what rang, and when. */
function heard(...looks: [atSeconds: number, ...calls: (string | Call)[]][]): string[] {
  let memory: AlarmMemory = silentSoFar;
  return looks.flatMap(([atSeconds, ...calls]) => {
    const list = calls.map((each) =>
      typeof each === 'string' ? { key: each, isDrill: false } : each,
    );
    const look = ringOf(memory, list, atSeconds * 1_000);
    memory = look.memory;
    return look.ring === 'none' ? [] : [`${atSeconds} ${look.ring}`];
  });
}

describe('the alarm of the Штаб', () => {
  it('sounds at once on what is new, and again every minute while it calls', () => {
    expect(REPEAT_MS).toBe(60_000);
    expect(heard([0], [1, 'a'], [2, 'a'], [60, 'a'], [61, 'a'], [121, 'a'], [130], [131])).toEqual([
      '1 critical',
      '61 critical',
      '121 critical',
    ]);
    expect(heard([1, 'a'], [5, 'a', 'b'], [6, 'a', 'b'], [65, 'a', 'b'])).toEqual([
      '1 critical',
      '5 critical',
      '65 critical',
    ]);
  });

  it('sounds on what was over and came again', () => {
    expect(heard([1, 'a'], [2], [3, 'a'])).toEqual(['1 critical', '3 critical']);
  });

  it('tells a drill once and softly, and a real one over it', () => {
    const drill: Call = { key: 'd', isDrill: true };
    expect(heard([1, drill], [2, drill], [99, drill])).toEqual(['1 soft']);
    expect(heard([1, drill, 'a'], [62, drill, 'a'])).toEqual(['1 critical', '62 critical']);
  });
});
