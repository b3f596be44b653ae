import { describe, expect, it } from 'vitest';
import type { Site } from '@ppe-pulse/protocol';
import { kuzbassMunicipalities } from '../../server/src/region/kuzbass-municipalities.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { csvFile, csvFiles, workbook } from '../support/region-files.ts';
import type { ImportFile } from '../../server/src/region/raw-table.ts';
import type { Collector } from '../../server/src/collector.ts';

const region = sampleRegion({ ppe: 5, seed: 4 });
const IMPORT = '/api/v1/registry/import';

async function send(
  collector: Collector,
  query: string,
  files: readonly ImportFile[],
): ReturnType<typeof api> {
  const body = {
    files: files.map(({ name, bytes }) => ({
      name,
      base64: Buffer.from(bytes).toString('base64'),
    })),
  };
  return api(collector, `${IMPORT}?${query}`, { method: 'POST', body });
}

describe('the registry over HTTP', () => {
  it('is compared, applied to the version it was compared with, and read in pages', async () => {
    const collector = await testCollector();
    const files = csvFiles(region);
    const checked = await send(collector, 'dryRun=true', files);
    expect(checked).toMatchObject({
      status: 200,
      body: { kind: 'checked', baseVersion: 0, diff: { sites: { added: 9 } } },
    });
    expect((await api(collector, '/api/v1/registry')).body).toMatchObject({ version: 0 });
    expect(await send(collector, 'baseVersion=0', files)).toMatchObject({
      status: 200,
      body: { kind: 'applied', version: 1 },
    });
    expect(await send(collector, 'baseVersion=0', files)).toMatchObject({
      status: 409,
      body: { type: 'urn:ppe-pulse:problem:registryMoved' },
    });
    expect((await api(collector, '/api/v1/registry')).body).toMatchObject({
      version: 1,
      isSample: false,
      importedBy: 'admin',
      counts: { sites: 9, byKind: { ppe: 5, rcoi: 1, commission: 3 } },
    });
    const first = await api(collector, '/api/v1/registry/sites?limit=6');
    expect(first.body.items).toEqual(region.sites.slice(0, 6));
    const cursor = String(first.body.nextCursor);
    const second = await api(collector, `/api/v1/registry/sites?limit=6&cursor=${cursor}`);
    expect(second.body).toEqual({ version: 1, total: 9, items: region.sites.slice(6) });
  });

  it('finds sites by a part of their code, of their name or of their municipality', async () => {
    const collector = await testCollector();
    await send(collector, 'baseVersion=0', csvFiles(region));
    const search = async (text: string): Promise<unknown[]> => {
      const path = `/api/v1/registry/sites?search=${encodeURIComponent(text)}`;
      const { items, total } = (await api(collector, path)).body as unknown as {
        items: Site[];
        total: number;
      };
      expect(total).toBe(items.length);
      return items.map(({ code }) => code);
    };
    const [first] = region.sites;
    const place = kuzbassMunicipalities.find(({ slug }) => slug === first?.municipality);
    expect(await search(first?.code ?? '')).toContain(first?.code);
    expect(await search(` ${(first?.name ?? '').toUpperCase()} `)).toContain(first?.code);
    expect(await search(place?.name ?? '')).toEqual(
      region.sites
        .filter(({ municipality }) => municipality === place?.slug)
        .map((each) => each.code),
    );
    expect(await search('нет такого места')).toEqual([]);
  });

  it('says which removed sites still have agents', async () => {
    const collector = await testCollector();
    await send(collector, 'baseVersion=0', csvFiles(region));
    const gone = region.sites[0];
    const { publicKey } = newIdentity();
    const placement = { siteCode: gone?.code, roomCode: '7777', role: 'hq', duty: 'main' };
    await api(collector, '/api/v1/workstations', {
      method: 'POST',
      body: { publicKey, placement },
    });
    const rest = { sites: region.sites.slice(2) };
    const checked = await send(collector, 'dryRun=true', csvFiles(rest));
    expect(checked.body).toMatchObject({
      diff: { sites: { removed: 2 } },
      enrolledLost: { total: 1, listed: [{ siteCode: gone?.code, agents: 1 }] },
    });
  });

  it('takes the bytes of one file, and wants a version to apply to', async () => {
    const collector = await testCollector();
    const { bytes } = workbook(region);
    const post = async (query: string): Promise<Response> =>
      fetch(`${collector.url}${IMPORT}?${query}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${collector.adminToken}`,
          'content-type': 'application/octet-stream',
        },
        body: Buffer.from(bytes),
      });
    expect((await post('dryRun=true&name=region.xlsx')).status).toBe(200);
    expect((await post('name=region.xlsx')).status).toBe(400);
    for (const body of [{}, { files: [] }, { files: [{ name: 'a' }] }, { files: 'a' }])
      expect((await api(collector, `${IMPORT}?dryRun=true`, { method: 'POST', body })).status).toBe(
        400,
      );
  });

  it('lists the problems of bad files in the refusal and stays as it was', async () => {
    const collector = await testCollector();
    const bad = csvFile('Код ППЭ;Период;Наименование;Муниципалитет\nA1;main;Ш;yurga\n');
    expect(await send(collector, 'baseVersion=0', [bad])).toMatchObject({
      status: 422,
      body: {
        type: 'urn:ppe-pulse:problem:registryRefused',
        problems: { total: 1, listed: [{ code: 'badCode', cell: 'A2', found: 'A1' }] },
      },
    });
    expect((await api(collector, '/api/v1/registry')).body).toMatchObject({ version: 0 });
  });

  it('hands out templates, and a sample only where no imported region is in use', async () => {
    const collector = await testCollector();
    const sample = async (body: object): ReturnType<typeof api> =>
      api(collector, '/api/v1/registry/sample', { method: 'POST', body });
    const csv = await api(collector, '/api/v1/registry/template.csv?table=rooms');
    expect(csv.headers.get('content-disposition')).toContain('rooms.csv');
    const xlsx = await api(collector, '/api/v1/registry/template.xlsx');
    expect([csv.status, xlsx.status]).toEqual([200, 200]);
    expect((await sample({ ppe: 3 })).body).toMatchObject({ version: 1, isSample: true });
    expect((await sample({ ppe: 4, seed: 2 })).status).toBe(200);
    await send(collector, 'baseVersion=2', csvFiles(region));
    expect((await sample({ ppe: 3 })).status).toBe(409);
    expect((await sample({ ppe: 3, replace: true })).body).toMatchObject({ isSample: true });
    expect((await sample({ ppe: 6_001 })).status).toBe(400);
  });

  it('is closed to those who did not sign in', async () => {
    const collector = await testCollector();
    for (const path of ['', '/sites', '/template.xlsx', '/template.csv'])
      expect((await fetch(`${collector.url}/api/v1/registry${path}`)).status).toBe(401);
    expect((await fetch(collector.url + IMPORT, { method: 'POST' })).status).toBe(401);
  });
});
