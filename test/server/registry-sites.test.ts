import { describe, expect, it } from 'vitest';
import type { Site } from '@ppe-pulse/protocol';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import type { Collector } from '../../server/src/collector.ts';
import { api, testCollector } from '../support/collector.ts';
import { csvFiles } from '../support/region-files.ts';

const region = sampleRegion({ ppe: 3, seed: 4 });

/** A collector with three ППЭ in its registry, version 1, and the first of them. */
async function prepared(): Promise<{ readonly collector: Collector; readonly site: Site }> {
  const collector = await testCollector();
  const files = csvFiles(region).map(({ name, bytes }) => ({
    name,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  await api(collector, '/api/v1/registry/import?baseVersion=0', {
    method: 'POST',
    body: { files },
  });
  const site = region.sites.find(({ kind }) => kind === 'ppe');
  if (!site) throw new Error('the sample has no ППЭ');
  return { collector, site };
}

/** The site as a form has it. */
function textsOf(site: Site) {
  const speed = site.contractBytesPerSecond;
  return {
    site: {
      kind: site.kind,
      period: site.period ?? '',
      commission: site.commission ?? '',
      siteName: site.name,
      municipality: site.municipality,
      address: site.address,
      timeZone: site.timeZone ?? '',
      isRemote: site.isRemote ? 'yes' : 'no',
      provider: site.provider ?? '',
      contractMbit: speed === null ? '' : String((speed * 8) / 1_000_000),
      dutyPhone: site.dutyPhone ?? '',
    },
    rooms: site.rooms.map(({ code, purposes, seats, cameras }) => ({
      roomCode: code,
      purposes: purposes.join(','),
      seats: seats === null ? '' : String(seats),
      cameras: String(cameras),
    })),
    workstations: site.rooms.flatMap((room) =>
      room.workstations.map(({ role, duty }) => ({
        roomCode: room.code,
        role,
        duty,
        count: '1',
      })),
    ),
  };
}

async function put(
  collector: Collector,
  code: string,
  body: object,
): Promise<{ status: number; body: unknown }> {
  return api(collector, `/api/v1/registry/sites/${code}`, { method: 'PUT', body });
}

async function siteNow(collector: Collector, code: string): Promise<Site | undefined> {
  const { items } = (await api(collector, `/api/v1/registry/sites?search=${code}`))
    .body as unknown as { items: Site[] };
  return items.find((each) => each.code === code);
}

describe('PUT /api/v1/registry/sites/:code', () => {
  it('says what would change, changes it once, and is the same when it is asked again', async () => {
    const { collector, site } = await prepared();
    const texts = textsOf(site);
    const [room, ...rooms] = texts.rooms;
    const body = {
      ...texts,
      site: { ...texts.site, dutyPhone: '+7 384 555-77-77', contractMbit: '12,5' },
      rooms: [{ ...room, seats: '9' }, ...rooms],
      baseVersion: 1,
    };
    const dry = await put(collector, site.code, { ...body, dryRun: true });
    expect(dry).toMatchObject({
      status: 200,
      body: {
        kind: 'wouldApply',
        version: 1,
        diff: { sites: { changed: 1 }, rooms: { changed: 1 }, workstations: { removed: 0 } },
      },
    });
    expect(await siteNow(collector, site.code)).toEqual(site);
    expect(await put(collector, site.code, body)).toMatchObject({
      status: 200,
      body: { kind: 'applied', version: 2 },
    });
    expect(await put(collector, site.code, body)).toMatchObject({
      status: 200,
      body: { kind: 'same', version: 2 },
    });
    expect(await siteNow(collector, site.code)).toMatchObject({
      dutyPhone: '+7 384 555-77-77',
      contractBytesPerSecond: 1_562_500,
    });
    const audit = await api(collector, '/api/v1/audit');
    const { items } = audit.body as unknown as { items: { action: string; subject: string }[] };
    expect(items.filter(({ action }) => action === 'registry.edit')).toMatchObject([
      { subject: site.code, account: 'admin' },
    ]);
    // Who imported the region, and when, is still told.
    expect((await api(collector, '/api/v1/registry')).body).toMatchObject({
      version: 2,
      importedBy: 'admin',
    });
  });

  it('refuses what an import would refuse, each mistake with its table, row and field', async () => {
    const { collector, site } = await prepared();
    const texts = textsOf(site);
    const [room, ...rooms] = texts.rooms;
    const answer = await put(collector, site.code, {
      ...texts,
      site: { ...texts.site, siteName: '', dutyPhone: 'звоните', provider: 'Иванов И.И.' },
      rooms: [{ ...room, seats: '-1' }, ...rooms],
      workstations: [
        ...texts.workstations,
        { roomCode: '9999', role: 'print', duty: '', count: '' },
        { roomCode: room?.roomCode, role: 'дворник', duty: '', count: '' },
      ],
      baseVersion: 1,
    });
    expect(answer.status).toBe(422);
    const { problems } = answer.body as { problems: { total: number; listed: object[] } };
    const row = texts.workstations.length + 1;
    expect(problems.listed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'site', row: 1, column: 'dutyPhone', code: 'badPhone' }),
        expect.objectContaining({
          file: 'site',
          row: 1,
          column: 'provider',
          code: 'personalValue',
        }),
        expect.objectContaining({ file: 'rooms', row: 1, column: 'seats', code: 'badNumber' }),
        expect.objectContaining({ file: 'workstations', row, code: 'unknownRoom', found: '9999' }),
        expect.objectContaining({ file: 'workstations', row: row + 1, column: 'role' }),
      ]),
    );
    expect(JSON.stringify(problems)).not.toContain('Иванов');
    expect(await siteNow(collector, site.code)).toEqual(site);
  });

  it('refuses an edit of a registry that moved, of a site that is not there, and without signing in', async () => {
    const { collector, site } = await prepared();
    const texts = textsOf(site);
    const renamed = { ...texts, site: { ...texts.site, siteName: '<b>Школа</b>' }, baseVersion: 1 };
    expect((await put(collector, site.code, renamed)).status).toBe(200);
    const other = { ...texts, site: { ...texts.site, siteName: 'Другая' }, baseVersion: 1 };
    expect(await put(collector, site.code, other)).toMatchObject({
      status: 409,
      body: { type: 'urn:ppe-pulse:problem:registryMoved' },
    });
    expect((await siteNow(collector, site.code))?.name).toBe('<b>Школа</b>');
    expect((await put(collector, '9998', renamed)).status).toBe(404);
    expect((await put(collector, site.code, { baseVersion: 1 })).status).toBe(400);
    const anonymous = await fetch(`${collector.url}/api/v1/registry/sites/${site.code}`, {
      method: 'PUT',
    });
    expect(anonymous.status).toBe(401);
  });

  it('takes a site without rooms', async () => {
    const { collector, site } = await prepared();
    const texts = textsOf(site);
    const emptied = { ...texts, rooms: [], workstations: [], baseVersion: 1 };
    expect(await put(collector, site.code, emptied)).toMatchObject({
      status: 200,
      body: { kind: 'applied', diff: { rooms: { removed: site.rooms.length } } },
    });
    expect((await siteNow(collector, site.code))?.rooms).toEqual([]);
  });
});
