import { describe, expect, it } from 'vitest';
import { emResults, percentiles, type EmSite } from '@ppe-pulse/protocol';
import { emLines, emPlaces, emStations } from '../../server/src/em/em-world.ts';

describe('the table of a rehearsal', () => {
  const site = (siteCode: string, part: Partial<EmSite>): EmSite => ({
    siteCode,
    municipality: 'kemerovo',
    startAtMs: 0,
    state: 'done',
    reason: 'ok',
    workstationId: null,
    receivedBytes: 1_000,
    tookMs: 1_000,
    retries: 0,
    servedBytes: 1_000,
    endedAtMs: 0,
    ...part,
  });

  it('has percentiles of speed and time, the slowest, and failures by reason', () => {
    const results = emResults([
      site('0001', { tookMs: 500 }),
      site('0002', { tookMs: 1_000 }),
      site('0003', { tookMs: 2_000, municipality: 'tayga' }),
      site('0004', { state: 'failed', reason: 'badPackage' }),
      site('0005', { state: 'refused', reason: 'quiet' }),
      site('0006', { state: 'failed', reason: 'badPackage', municipality: 'tayga' }),
      site('0007', { state: 'running' }),
    ]);
    expect(results.region).toMatchObject({ total: 7, done: 3, failed: 3 });
    expect(results.region.bytesPerSecond?.p50).toBe(1_000);
    expect(results.region.tookMs).toEqual({ p5: 550, p50: 1_000, p95: 1_900 });
    expect(results.municipalities.map(({ municipality, done }) => [municipality, done])).toEqual([
      ['kemerovo', 2],
      ['tayga', 1],
    ]);
    expect(results.slowest.map(({ siteCode }) => siteCode)).toEqual(['0003', '0002', '0001']);
    expect(results.failures).toEqual([
      { reason: 'badPackage', sites: 2 },
      { reason: 'quiet', sites: 1 },
    ]);
  });

  it('says nothing of what was not measured', () => {
    expect(percentiles([])).toBeNull();
    expect(percentiles([5])).toEqual({ p5: 5, p50: 5, p95: 5 });
    const { region } = emResults([site('0001', { tookMs: 0 }), site('0002', { state: 'planned' })]);
    expect([region.done, region.bytesPerSecond]).toEqual([1, null]);
  });
});

describe('what rehearsals know of the region', () => {
  const enrolled = (id: string, siteCode: string, role = 'hq', duty = 'main') => ({
    id,
    publicKey: '',
    enrolledAtMs: 0,
    validToMs: null,
    placement: { siteCode, roomCode: '7777', role, duty, simulated: false } as never,
  });
  const enrolments = {
    list: () => [
      enrolled('w-2', '0042', 'hq', 'reserve'),
      enrolled('w-3', '0042'),
      enrolled('w-1', '0042', 'organizer'),
      enrolled('w-4', '0099'),
    ],
  };

  it('lists the main station of a Штаб first and no other role', () => {
    expect(emStations(enrolments)).toEqual(
      new Map([
        ['0042', ['w-3', 'w-2']],
        ['0099', ['w-4']],
      ]),
    );
  });

  it('takes the ППЭ of the registry, and before there is one those that are enrolled', () => {
    const sites = [
      { code: '0042', kind: 'ppe', municipality: 'tayga', contractBytesPerSecond: 5 },
      { code: '0001', kind: 'rcoi', municipality: 'tayga', contractBytesPerSecond: null },
    ] as never;
    expect(emPlaces({ sites }, enrolments, ({ code }) => code === '0042')).toEqual([
      { siteCode: '0042', municipality: 'tayga', isInvolved: true, contractBytesPerSecond: 5 },
      { siteCode: '0099', municipality: '', isInvolved: false, contractBytesPerSecond: null },
    ]);
    expect(emPlaces(undefined, enrolments, undefined).map(({ siteCode }) => siteCode)).toEqual([
      '0042',
      '0099',
    ]);
  });

  it('knows a line by the newest test of its Штаб', () => {
    const state = (role: string, value: number, atMs: number) => ({
      placement: { siteCode: '0042', role },
      metrics: { newest: { 'net.down.bytesPerSecond': value }, newestAtMs: atMs, older: new Map() },
    });
    const all = [state('hq', 1, 10), state('hq', 2, 20), state('rcoi', 3, 30)];
    expect(emLines({ all: () => all.values() as never })).toEqual(new Map([['0042', 2]]));
  });
});
