import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { testCollector } from '../support/collector.ts';
import { workbook } from '../support/region-files.ts';
import { runCollector } from '../support/run-collector.ts';
import { tempDir } from '../support/temp-dir.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  const { code, out, err } = await runCollector('registry', ...args);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

function listOf(ppe: number): string {
  const path = join(tempDir(), 'region.xlsx');
  writeFileSync(path, workbook(sampleRegion({ ppe, seed: 1 })).bytes);
  return path;
}

describe('ppe-collector registry', () => {
  it('says what a list would change, applies it, and says nothing changes the second time', async () => {
    const data = tempDir();
    const file = listOf(3);
    const dry = await run('import', file, '--data', data, '--dry-run');
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain('would change version 0: sites +7 ~0 -0');
    const first = await run('import', file, '--data', data);
    expect(first.out).toContain('applied as version 1: sites +7');
    const second = await run('import', file, '--data', data, '--json');
    expect(JSON.parse(second.out)).toMatchObject({
      kind: 'applied',
      version: 1,
      diff: { changes: { total: 0 } },
    });
  });

  it('goes through the collector that runs on the folder', async () => {
    const data = tempDir();
    const collector = await testCollector({ dataDir: data });
    const imported = await run('import', listOf(2), '--data', data);
    expect(imported).toMatchObject({ code: 0, err: '' });
    const refused = await run('sample', '--ppe', '3', '--data', data);
    expect(refused).toMatchObject({ code: 78, err: expect.stringContaining('"replace": true') });
    await collector.stop();
    // Its address is still in the folder; nobody listens there.
    const sample = await run('sample', '--ppe', '3', '--data', data, '--replace');
    expect(sample).toMatchObject({ code: 0, out: expect.stringContaining('version 2') });
  });

  it('names file, cell and what is expected, in the language asked for, and exits 78', async () => {
    const path = join(tempDir(), 'bad.csv');
    writeFileSync(path, 'Код ППЭ;Период;Наименование;Муниципалитет\n0012;летний;Ш;yurga\n');
    const told = await run('import', path, '--data', tempDir(), '--language', 'ru');
    expect(told.code).toBe(78);
    expect(told.out).toContain('bad.csv, B2, столбец «Период»: «летний» — не период');
    expect(told.out).toContain('nothing was imported: 1 problems');
  });

  it('writes templates and writes over nothing', async () => {
    const folder = join(tempDir(), 'new');
    expect((await run('template', folder)).code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual([
      'flat.csv',
      'registry.xlsx',
      'rooms.csv',
      'sites.csv',
      'workstations.csv',
    ]);
    expect(await run('template', folder)).toMatchObject({
      code: 78,
      err: expect.stringContaining('EEXIST'),
    });
  });

  it.each([
    [['imprt'], 64, 'did you mean "import"?'],
    [['import'], 64, 'needs the files'],
    [['template'], 64, 'needs one folder'],
    [['sample', '--ppe', '0'], 64, '--ppe needs a whole number from 1 to 6000'],
    [['sample', '--ppe', '2', '--seed', 'x'], 64, '--seed needs'],
    [['import', 'nowhere.csv'], 78, 'nowhere.csv: cannot be read (ENOENT)'],
    [['import', 'nowhere.csv', '--language', 'de'], 64, '--language needs ru or en'],
  ])('refuses %j', async (args, code, message) => {
    const told = await run(...args);
    expect(told.code).toBe(code);
    expect(told.err).toContain(message);
  });
});
