import { describe, expect, it } from 'vitest';
import { HQ_ROOM_CODE, regionLimits } from '@ppe-pulse/protocol';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { csvTemplate, templateTables, xlsxTemplate } from '../../server/src/region/template.ts';
import { csvFile, parsed, sitesOf } from '../support/region-files.ts';

const region = sampleRegion({ ppe: 100, seed: 1 });
const ppe = region.sites.filter(({ kind }) => kind === 'ppe');

describe('the sample region', () => {
  it('says that it is one, and is the same for the same seed only', () => {
    expect(region.isSample).toBe(true);
    expect(sampleRegion({ ppe: 100, seed: 1 })).toEqual(region);
    expect(sampleRegion({ ppe: 100, seed: 2 })).not.toEqual(region);
  });

  it('has ППЭ in all 34 municipalities, most in the largest', () => {
    const counts = new Map<string, number>();
    for (const { municipality } of ppe)
      counts.set(municipality, (counts.get(municipality) ?? 0) + 1);
    expect(counts.size).toBe(34);
    const most = Math.max(...counts.values());
    expect([counts.get('kemerovo'), counts.get('novokuznetsk')]).toContain(most);
  });

  it.each([1, 5, 100, 6_000])(
    'of %i ППЭ has unique codes and rooms of 3…25, 10.8 on average',
    (n) => {
      const sites = sampleRegion({ ppe: n, seed: 9 }).sites;
      expect(sites).toHaveLength(n + 4);
      expect(new Set(sites.map(({ code }) => code)).size).toBe(n + 4);
      const rooms = sites
        .filter(({ kind }) => kind === 'ppe')
        .map((site) => site.rooms.filter(({ code }) => code !== HQ_ROOM_CODE).length);
      expect(Math.min(...rooms)).toBeGreaterThanOrEqual(3);
      expect(Math.max(...rooms)).toBeLessThanOrEqual(25);
      expect(rooms.reduce((sum, count) => sum + count, 0)).toBe(Math.round(n * 10.8));
    },
  );

  it('has both periods, remote places, informatics and speaking in some, and centres to watch', () => {
    expect(new Set(ppe.map(({ period }) => period))).toEqual(new Set(['early', 'main']));
    expect(ppe.some(({ isRemote }) => isRemote)).toBe(true);
    const purposes = new Set(ppe.flatMap(({ rooms }) => rooms.flatMap((room) => room.purposes)));
    expect(purposes).toEqual(new Set(['written', 'kege', 'speaking', 'hq']));
    const centres = region.sites.filter(({ kind }) => kind !== 'ppe');
    expect(centres.map(({ kind, commission }) => commission ?? kind)).toEqual([
      'rcoi',
      'subject',
      'subject',
      'appeal',
    ]);
  });

  it('fits into what an import may have, with a Штаб and a reserve in each ППЭ', () => {
    for (const site of ppe) {
      const all = site.rooms.flatMap((room) => room.workstations);
      expect(all.length).toBeLessThanOrEqual(regionLimits.workstationsOfSite);
      const hq = site.rooms.find(({ code }) => code === HQ_ROOM_CODE);
      expect(hq?.workstations.map(({ role, duty }) => `${role} ${duty}`)).toEqual([
        'hq main',
        'organizer reserve',
        'video main',
      ]);
      expect(site.rooms.every(({ cameras }) => cameras === 2)).toBe(true);
    }
  });
});

describe('the templates', () => {
  it('are read in as they are, with their example and without a problem', () => {
    const flat = sitesOf(csvFile(csvTemplate('flat')));
    const workbook = { name: 'registry.xlsx', bytes: xlsxTemplate() };
    const tables = (['sites', 'rooms', 'workstations'] as const).map((table) =>
      csvFile(csvTemplate(table), `${table}.csv`),
    );
    expect(flat).toHaveLength(1);
    expect(sitesOf(workbook)).toEqual(flat);
    expect(sitesOf(...tables)).toEqual(flat);
    expect(parsed(workbook).warnings.total).toBe(0);
  });

  it('open in a spreadsheet: a mark, `;` and explanations that are no rows', () => {
    for (const table of templateTables) {
      const text = csvTemplate(table);
      expect(text.startsWith('\uFEFF"# ')).toBe(true);
      expect(parsed(csvFile(text)).warnings.total).toBe(0);
    }
    expect(xlsxTemplate()).toEqual(xlsxTemplate());
  });
});
