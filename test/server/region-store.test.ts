import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createRegionImport } from '../../server/src/region/region-import.ts';
import { parseRegion } from '../../server/src/region/parse-region.ts';
import { createRegionStore, type RegionStore } from '../../server/src/region/region-store.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { createAudit, type Audit } from '../../server/src/state/audit.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { csvFile, csvFiles } from '../support/region-files.ts';
import { tempDir } from '../support/temp-dir.ts';

const by = { account: 'admin', atMs: 1_715_731_200_000 };
const place = { siteCode: '0012', roomCode: '0001', role: 'organizer', duty: 'main' } as const;
const site = 'Код ППЭ;Период;Наименование;Муниципалитет\n0012;основной;Школа;yurga\n';
const rows = (...counts: number[]): string =>
  `Код ППЭ;Аудитория;Роль;Количество\n${counts.map((count, at) => `0012;000${at + 1};организатор;${count}\n`).join('')}`;

interface Opened {
  readonly store: RegionStore;
  readonly audit: Audit;
  /** The same file, opened again. */
  readonly reopened: () => RegionStore;
}

function opened(): Opened {
  const path = join(tempDir(), 'state.sqlite');
  const database = openState(path);
  const audit = createAudit(database);
  return {
    audit,
    store: createRegionStore(database, audit),
    reopened: () => createRegionStore(openState(path), audit),
  };
}

function importsInto(store: RegionStore): ReturnType<typeof createRegionImport> {
  return createRegionImport(store, ({ files, municipalities }) =>
    Promise.resolve(parseRegion(files, municipalities)),
  );
}

async function imported(store: RegionStore, workstations: string): Promise<void> {
  const files = [csvFile(site, 'sites.csv'), csvFile(workstations, 'workstations.csv')];
  const outcome = await importsInto(store).apply(files, store.current().version, by);
  expect(outcome.kind).toBe('applied');
}

const idsOf = (store: RegionStore): string[] =>
  store
    .current()
    .region.sites.flatMap((each) => each.rooms.flatMap((room) => room.workstations))
    .map(({ id, origin }) => (origin === 'adopted' ? `${id}*` : id));

describe('the region store', () => {
  it('knows the municipalities and no sites before the first import', () => {
    const { store } = opened();
    const { region, version, importedAtMs } = store.current();
    expect(region.municipalities).toHaveLength(34);
    expect([region.sites, version, importedAtMs, region.isSample]).toEqual([[], 0, null, false]);
  });

  it('keeps a region over a restart, with who put it there and when', () => {
    const { store, audit, reopened } = opened();
    const region = sampleRegion({ ppe: 20, seed: 5 });
    expect(store.apply(region, 0, by)).toEqual({ kind: 'applied', version: 1 });
    const again = reopened().current();
    expect(again).toEqual(store.current());
    expect(again).toMatchObject({ region, version: 1, importedAtMs: by.atMs, importedBy: 'admin' });
    expect(audit.list(10)).toMatchObject([{ action: 'registry.import', account: 'admin' }]);
  });

  it('drops sites that are gone and writes those that changed', () => {
    const { store, reopened } = opened();
    store.apply(sampleRegion({ ppe: 20, seed: 5 }), 0, by);
    const next = sampleRegion({ ppe: 9, seed: 6 });
    store.apply(next, 1, by);
    expect(reopened().current().region).toEqual(next);
  });

  it('takes nothing that was compared with another version', () => {
    const { store } = opened();
    store.apply(sampleRegion({ ppe: 3, seed: 1 }), 0, by);
    const before = store.current();
    const late = store.apply(sampleRegion({ ppe: 4, seed: 1 }), 0, by);
    expect(late).toEqual({ kind: 'moved', version: 1 });
    expect(store.current()).toBe(before);
  });

  it('tells its listeners once the change is stored, until they stop', () => {
    const { store } = opened();
    const heard = vi.fn();
    const stop = store.onChange(heard);
    store.apply(sampleRegion({ ppe: 3, seed: 1 }), 0, by);
    stop();
    store.apply(sampleRegion({ ppe: 4, seed: 1 }), 1, by);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(heard).toHaveBeenCalledWith(expect.objectContaining({ version: 1 }));
  });
});

describe('adoption', () => {
  it('plans one more workstation of the place, durably and audited', async () => {
    const { store, audit, reopened } = opened();
    await imported(store, rows(1));
    const outcome = store.adopt(place, by);
    expect(outcome).toMatchObject({
      kind: 'adopted',
      workstation: { id: '0012-0001-organizer-main-2', origin: 'adopted' },
    });
    expect(reopened().current()).toEqual(store.current());
    expect(audit.list(1)).toMatchObject([
      { action: 'registry.adopt', subject: '0012-0001-organizer-main-2' },
    ]);
  });

  it('makes the room that nobody planned, and no site', async () => {
    const { store } = opened();
    await imported(store, rows(1));
    store.adopt({ ...place, roomCode: '0404', role: 'kege' }, by);
    expect(store.current().region.sites[0]?.rooms.at(-1)).toMatchObject({
      code: '0404',
      purposes: ['kege'],
      cameras: 0,
    });
    expect(store.adopt({ ...place, siteCode: '9999' }, by)).toEqual({
      kind: 'refused',
      reason: 'unknownSite',
    });
  });

  it('survives a new import, until the files name as many of its place', async () => {
    const { store } = opened();
    await imported(store, rows(1));
    store.adopt(place, by);
    store.adopt({ ...place, roomCode: '0002' }, by);
    await imported(store, rows(1));
    expect(idsOf(store)).toEqual([
      '0012-0001-organizer-main-1',
      '0012-0001-organizer-main-2*',
      '0012-0002-organizer-main-1*',
    ]);
    await imported(store, rows(2, 2));
    expect(idsOf(store)).toEqual([
      '0012-0001-organizer-main-1',
      '0012-0001-organizer-main-2',
      '0012-0002-organizer-main-1',
      '0012-0002-organizer-main-2',
    ]);
  });

  it('is warned of when its whole site goes', async () => {
    const { store } = opened();
    await imported(store, rows(1));
    store.adopt(place, by);
    const other = csvFile(site.replace('0012', '0013'), 'sites.csv');
    const outcome = await importsInto(store).check([other]);
    expect(outcome).toMatchObject({
      kind: 'checked',
      warnings: { listed: [{ code: 'adoptedLost', found: '0012-0001-organizer-main-2' }] },
    });
  });

  it('ends at what a relay can speak for', async () => {
    const { store } = opened();
    await imported(store, rows(250));
    expect(store.adopt(place, by)).toEqual({ kind: 'refused', reason: 'tooManyWorkstations' });
  });
});

describe('an import', () => {
  it('shows what it would change and changes nothing', async () => {
    const { store } = opened();
    await imported(store, rows(2));
    const before = store.current();
    const files = [
      csvFile(site.replace('Школа', 'Лицей'), 'sites.csv'),
      csvFile(rows(1, 3), 'workstations.csv'),
    ];
    const outcome = await importsInto(store).check(files);
    expect(store.current()).toBe(before);
    expect(outcome).toMatchObject({
      kind: 'checked',
      baseVersion: 1,
      diff: {
        sites: { added: 0, changed: 1, removed: 0 },
        rooms: { added: 1, changed: 0, removed: 0 },
        workstations: { added: 3, changed: 0, removed: 1 },
        changes: {
          listed: [
            { what: 'site', fields: [{ field: 'name', from: 'Школа', to: 'Лицей' }] },
            { kind: 'removed', workstation: '0012-0001-organizer-main-2' },
            { kind: 'added', what: 'room', roomCode: '0002' },
          ],
        },
      },
    });
  });

  it('with a problem in one file applies nothing of the others', async () => {
    const { store } = opened();
    const files = [csvFile(site, 'sites.csv'), csvFile(rows(0), 'workstations.csv')];
    const outcome = await importsInto(store).apply(files, 0, by);
    expect(outcome).toMatchObject({ kind: 'refused', problems: { total: 1 } });
    expect(store.current().version).toBe(0);
  });

  it('of the same list once more is no new version and no line of the audit', async () => {
    const { store, audit } = opened();
    await imported(store, rows(2));
    const before = store.current();
    await imported(store, rows(2));
    expect(store.current()).toBe(before);
    expect(audit.list(10)).toHaveLength(1);
  });

  it('of a list that differs in one site leaves the others untouched objects', async () => {
    const { store } = opened();
    const region = sampleRegion({ ppe: 5, seed: 2 });
    const imports = importsInto(store);
    await imports.apply(csvFiles(region), 0, by);
    const before = store.current().region.sites;
    const [first, ...others] = region.sites;
    if (!first) throw new Error('a region has sites');
    await imports.apply(csvFiles({ sites: [{ ...first, name: 'Лицей' }, ...others] }), 1, by);
    const after = store.current().region.sites;
    expect(after[0]).not.toBe(before[0]);
    for (const [at, each] of after.entries()) if (at > 0) expect(each).toBe(before[at]);
  });

  it('puts a real region in place of a sample, and keeps nothing invented', async () => {
    const { store } = opened();
    store.apply(sampleRegion({ ppe: 8, seed: 1 }), 0, by);
    await imported(store, rows(1));
    expect(store.current().region).toMatchObject({ isSample: false });
    expect(store.current().region.sites.map(({ code }) => code)).toEqual(['0012']);
  });

  it('is refused while another one is read, and when the region moved meanwhile', async () => {
    const { store } = opened();
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const imports = createRegionImport(store, async ({ files, municipalities }) => {
      await gate;
      return parseRegion(files, municipalities);
    });
    const files = [csvFile(site, 'sites.csv')];
    const first = imports.apply(files, 0, by);
    expect(await imports.check(files)).toEqual({ kind: 'busy' });
    store.apply(sampleRegion({ ppe: 2, seed: 1 }), 0, by);
    finish();
    expect(await first).toEqual({ kind: 'moved', version: 1 });
    expect(await imports.apply(files, 0, by)).toEqual({ kind: 'moved', version: 1 });
  });
});
