import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptBackups } from '../../server/src/backup/kept-backups.ts';
import { testCollector } from '../support/collector.ts';
import { runCollector } from '../support/run-collector.ts';
import { tempDir } from '../support/temp-dir.ts';

interface Finding {
  readonly part: string;
  readonly ok: boolean;
  readonly detail: string;
}

async function findingsOf(...flags: string[]): Promise<readonly Finding[]> {
  const ran = await runCollector('doctor', '--json', ...flags);
  return (JSON.parse(ran.out[0] ?? '') as { findings: Finding[] }).findings;
}

describe('a collector that runs as a service', { timeout: 120_000 }, () => {
  it('writes dated backups beside its work, and doctor says how it is and how old they are', async () => {
    const [dataDir, folder] = [tempDir(), join(tempDir(), 'backups')];
    const collector = await testCollector({ dataDir });
    const flags = ['--data', dataDir, '--backups', folder];
    // The port and the stores are the collector's: they are no fault.
    const before = await findingsOf(...flags);
    expect(before).toContainEqual({
      part: 'collector',
      ok: true,
      detail: `runs at ${collector.url} and is ready`,
    });
    expect(before.find(({ part }) => part === 'backup')).toMatchObject({ ok: false });
    expect(before.map(({ part }) => part)).toEqual(['collector', 'disk', 'clock', 'backup']);
    expect(existsSync(folder)).toBe(false);
    const keep = ['--data', dataDir, '--keep', '1'];
    expect(await runCollector('backup', folder, ...keep)).toMatchObject({ code: 0 });
    expect(keptBackups(folder)).toHaveLength(1);
    const after = await findingsOf(...flags);
    expect(after.find(({ part }) => part === 'backup')).toMatchObject({
      ok: true,
      detail: 'the newest is 0 h old',
    });
    expect(await runCollector('backup', folder, '--keep', '0')).toMatchObject({ code: 64 });
  });

  it('backs up no folder of what it has not: one without an authority has none to restore', async () => {
    const [dataDir, folder] = [tempDir(), join(tempDir(), 'backup')];
    await testCollector({ dataDir });
    expect(existsSync(join(dataDir, 'tls'))).toBe(false);
    const backup = () => runCollector('backup', folder, '--data', dataDir);
    expect(await backup()).toMatchObject({ code: 0 });
    const text = readFileSync(join(folder, 'manifest.json'), 'utf8');
    const { files } = JSON.parse(text) as { readonly files: readonly { readonly path: string }[] };
    const named = files.map(({ path }) => path.replace(/\/.*/, ''));
    // Beside the manifest there is what it names, and the folder of a store that is empty yet.
    const wanted = new Set([...named, 'manifest.json', 'series']);
    expect(readdirSync(folder).sort()).toEqual([...wanted].sort());
  });
});
