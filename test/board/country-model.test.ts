import { describe, expect, it } from 'vitest';
import type { LiveMunicipality, LiveSite, LiveWorkstation, Verdict } from '@ppe-pulse/protocol';
import {
  CountryModel,
  DONE_STATE,
  roomCounts,
  worstGroups,
  type Looked,
} from '../../board/src/country/country-model.ts';
import { moved, type CursorField } from '../../board/src/country/country-cursor.ts';
import { siteOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const municipalities: readonly LiveMunicipality[] = [
  { slug: 'b', name: 'Б', kind: 'ГО', tile: null },
  { slug: 'a', name: 'А', kind: '', tile: null },
];

function station(code: string, room: string, verdict: Verdict): LiveWorkstation {
  return {
    index: 0,
    id: workstationId(Number(code + room)),
    placement: {
      siteCode: code,
      roomCode: room,
      role: 'organizer',
      duty: 'main',
      simulated: false,
    },
    verdict,
    reason: 'ok',
    lastSeenMs: 1,
    problems: [],
    values: [],
  };
}

function registered(code: string, slug: string, part: Partial<LiveSite> = {}): LiveSite {
  const rooms = [
    { code: '0001', isDone: false },
    { code: '0002', isDone: true },
  ];
  return { ...siteOf(code, slug, slug), rooms, ...part };
}

/** Two ППЭ in «А», one in «Б», one that nobody imported. */
function picture(): Looked {
  return {
    municipalities,
    sites: new Map([
      ['0002', [station('0002', '0001', 'ok'), station('0002', '0002', 'ok')]],
      ['0001', [station('0001', '0001', 'fail'), station('0001', '0001', 'ok')]],
      ['0003', []],
      ['0009', [station('0009', '0007', 'warn')]],
    ]),
    registry: new Map([
      ['0001', registered('0001', 'a')],
      ['0002', registered('0002', 'a')],
      ['0003', registered('0003', 'b', { isInvolved: false })],
    ]),
  };
}

describe('the model of a country', () => {
  it('groups sites as the registry has its municipalities, those of none last', () => {
    const model = new CountryModel();
    expect(model.update(picture()).isRebuilt).toBe(true);
    expect(model.groups.map(({ name }) => name)).toEqual(['Б ГО', 'А', '']);
    expect(model.sites.map(({ code }) => code)).toEqual(['0003', '0001', '0002', '0009']);
  });

  it('shows the worst of a room, unknown where nobody was heard, and what is done', () => {
    const model = new CountryModel();
    model.update(picture());
    // 0003 takes no part; 0001: fail and nobody; 0002: ok and done; 0009: warn.
    expect([...model.roomStates]).toEqual([5, 5, 2, 3, 0, DONE_STATE, 1]);
    expect(model.sites.map((_, at) => model.verdictOf(at))).toEqual([
      'notInvolved',
      'fail',
      'ok',
      'warn',
    ]);
    expect(roomCounts(model, 2)).toMatchObject({ ok: 2, fail: 0 });
  });

  it('tells only the rooms that look different, and keeps every place while only verdicts change', () => {
    const model = new CountryModel();
    const before = picture();
    model.update(before);
    const sites = new Map(before.sites);
    sites.set('0002', [station('0002', '0001', 'warn'), station('0002', '0002', 'ok')]);
    expect(model.update({ ...before, sites })).toEqual({
      isRebuilt: false,
      rooms: [4],
      sites: [2],
    });
    expect(model.update({ ...before, sites })).toEqual({ isRebuilt: false, rooms: [], sites: [] });
    const repeated = new Map(sites);
    repeated.set('0002', [station('0002', '0001', 'warn'), station('0002', '0002', 'ok')]);
    const again = model.update({ ...before, sites: repeated });
    expect(again).toEqual({ isRebuilt: false, rooms: [], sites: [] });
  });

  it('is built anew when a site comes, goes, moves, or has other rooms', () => {
    const before = picture();
    const changes: readonly ((looked: Looked) => Looked)[] = [
      (looked) => ({ ...looked, sites: new Map([...looked.sites, ['0004', []]]) }),
      (looked) => {
        const sites = new Map(looked.sites);
        sites.delete('0009');
        return { ...looked, sites };
      },
      (looked) => ({
        ...looked,
        registry: new Map([...looked.registry, ['0001', registered('0001', 'b')]]),
      }),
      (looked) => ({
        ...looked,
        sites: new Map([...looked.sites, ['0009', [station('0009', '0008', 'ok')]]]),
      }),
      (looked) => ({ ...looked, municipalities: [...municipalities] }),
    ];
    for (const change of changes) {
      const model = new CountryModel();
      model.update(before);
      expect(model.update(change(before)).isRebuilt).toBe(true);
    }
  });

  it('puts the worst groups first: failures, then those that nobody hears', () => {
    const model = new CountryModel();
    model.update(picture());
    const order = worstGroups(model.groups, model.counts());
    expect(order.map((at) => model.groups[at]?.name)).toEqual(['А', '', 'Б ГО']);
  });
});

describe('the cursor on a country', () => {
  /** Three sites side by side, ten pixels each, in two groups. */
  const field: CursorField = {
    sites: ['0001', '0002', '0003'].map((code, at) => ({
      code,
      group: at < 2 ? 0 : 1,
      firstRoom: at,
      roomCodes: ['0001'],
    })),
    groups: [
      { slug: 'a', name: 'А', sites: [0, 1] },
      { slug: 'b', name: 'Б', sites: [2] },
    ],
    widthPx: 30,
    boxesOf: (site) => [{ leftPx: site * 10, topPx: 0, widthPx: 10, heightPx: 10 }],
    siteAt: (xPx) => (xPx >= 0 && xPx < 30 ? Math.floor(xPx / 10) : -1),
  };

  it('begins at the first site, and goes by arrows, to the ends and from group to group', () => {
    expect(moved(field, 'ArrowRight', null)).toBe(0);
    expect(moved(field, 'ArrowRight', 0)).toBe(1);
    expect(moved(field, 'ArrowLeft', 2)).toBe(1);
    expect(moved(field, 'ArrowDown', 1)).toBe(2);
    expect(moved(field, 'ArrowUp', 1)).toBe(0);
    expect(moved(field, 'Home', 2)).toBe(0);
    expect(moved(field, 'End', 0)).toBe(2);
    expect(moved(field, 'PageDown', 0)).toBe(2);
    expect(moved(field, 'PageUp', 2)).toBe(0);
  });

  it('stays at the edges, and leaves other keys to the page', () => {
    expect(moved(field, 'ArrowRight', 2)).toBe(2);
    expect(moved(field, 'ArrowLeft', 0)).toBe(0);
    expect(moved(field, 'ArrowDown', 2)).toBe(2);
    expect(moved(field, 'PageDown', 2)).toBe(2);
    expect(moved(field, 'Tab', 0)).toBeUndefined();
    expect(moved({ ...field, sites: [] }, 'Home', null)).toBeUndefined();
  });
});
