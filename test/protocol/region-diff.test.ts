import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  diffRegions,
  isNoChange,
  plannedWorkstations,
  purposesOf,
  regionLimits,
  type Region,
  type Room,
  type Site,
} from '@ppe-pulse/protocol';

const empty: Region = {
  isSample: false,
  timeZone: 'Asia/Novokuznetsk',
  municipalities: [],
  sites: [],
};

function room(siteCode: string, code: string, count: number): Room {
  const place = { siteCode, roomCode: code, role: 'organizer', duty: 'main' } as const;
  const workstations = plannedWorkstations(place, count);
  return { code, purposes: ['written'], seats: 15, cameras: 2, workstations };
}

function site(code: string, rooms: readonly Room[], more: Partial<Site> = {}): Site {
  return {
    code,
    kind: 'ppe',
    period: 'main',
    commission: null,
    name: `Школа ${code}`,
    municipality: 'yurga',
    address: '',
    timeZone: null,
    isRemote: false,
    provider: null,
    contractBytesPerSecond: null,
    dutyPhone: null,
    rooms,
    ...more,
  };
}

const of = (...sites: Site[]): Region => ({ ...empty, sites });

describe('the difference of two regions', () => {
  it('of a region and itself is none', () => {
    const region = of(site('0001', [room('0001', '0001', 2)]));
    const diff = diffRegions(region, region);
    expect(isNoChange(diff)).toBe(true);
    expect(diff.sites).toEqual({ added: 0, changed: 0, removed: 0 });
  });

  it('counts what comes with a site and lists the site alone', () => {
    const diff = diffRegions(empty, of(site('0001', [room('0001', '0001', 2)])));
    expect([diff.sites.added, diff.rooms.added, diff.workstations.added]).toEqual([1, 1, 2]);
    expect(diff.changes.listed).toMatchObject([{ kind: 'added', what: 'site', siteCode: '0001' }]);
  });

  it('names each field with what it was and what it becomes, nothing as an empty text', () => {
    const before = of(site('0001', [room('0001', '0001', 1)], { provider: 'A', isRemote: false }));
    const after = of(site('0001', [room('0001', '0001', 1)], { provider: null, isRemote: true }));
    expect(diffRegions(before, after).changes.listed).toEqual([
      {
        kind: 'changed',
        what: 'site',
        siteCode: '0001',
        roomCode: null,
        workstation: null,
        fields: [
          { field: 'isRemote', from: 'false', to: 'true' },
          { field: 'provider', from: 'A', to: '' },
        ],
      },
    ]);
  });

  it('counts adopted workstations that stay, and says when an import plans one', () => {
    const [first] = room('0001', '0001', 1).workstations;
    if (!first) throw new Error('one was asked for');
    const withOrigin = (origin: 'adopted' | 'imported'): Region =>
      of(site('0001', [{ ...room('0001', '0001', 0), workstations: [{ ...first, origin }] }]));
    expect(diffRegions(withOrigin('adopted'), withOrigin('adopted')).adoptedKept).toBe(1);
    const planned = diffRegions(withOrigin('adopted'), withOrigin('imported'));
    expect(planned.workstations).toEqual({ added: 0, changed: 1, removed: 0 });
    expect(planned.changes.listed[0]?.fields).toEqual([
      { field: 'origin', from: 'adopted', to: 'imported' },
    ]);
  });

  it('lists so many changes and counts all', () => {
    const sites = Array.from({ length: 800 }, (_, at) => site(String(at).padStart(4, '0'), []));
    const { changes } = diffRegions(empty, of(...sites));
    expect(changes.total).toBe(800);
    expect(changes.listed).toHaveLength(regionLimits.listedChanges);
  });

  it('backwards is what was added removed, and the other way round', () => {
    const rooms = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 4 });
    const region = fc
      .uniqueArray(fc.record({ code: fc.integer({ min: 1, max: 9 }), rooms }), {
        maxLength: 6,
        selector: ({ code }) => code,
      })
      .map((sites) =>
        of(
          ...sites.map(({ code, rooms: numbers }) => {
            const siteCode = `000${code}`;
            return site(
              siteCode,
              numbers.map((number) => room(siteCode, `000${number}`, number % 3)),
            );
          }),
        ),
      );
    fc.assert(
      fc.property(region, region, (from, to) => {
        const there = diffRegions(from, to);
        const back = diffRegions(to, from);
        for (const what of ['sites', 'rooms', 'workstations'] as const) {
          expect(back[what].added).toBe(there[what].removed);
          expect(back[what].changed).toBe(there[what].changed);
        }
      }),
      { seed: 20240515 },
    );
  });
});

describe('planned workstations', () => {
  it('are called by their place and their number', () => {
    const place = { siteCode: '4216', roomCode: '0012', role: 'organizer', duty: 'main' } as const;
    expect(plannedWorkstations(place, 2).map(({ id }) => id)).toEqual([
      '4216-0012-organizer-main-1',
      '4216-0012-organizer-main-2',
    ]);
  });

  it('say what their room is for, and 7777 is the Штаб whatever stands in it', () => {
    expect(purposesOf('0001', ['organizer', 'print', 'kege'])).toEqual(['kege', 'written']);
    expect(purposesOf('7777', ['organizer'])).toEqual(['hq']);
    expect(purposesOf('0001', [])).toEqual([]);
  });
});
