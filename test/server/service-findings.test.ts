import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupName, dropOldBackups, keptBackups } from '../../server/src/backup/kept-backups.ts';
import { ageFinding, endFinding, roomFinding } from '../../server/src/cli/service-findings.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2024, 4, 14, 3);

/** A folder of a backup; whole unless it broke off before its manifest. */
function backupIn(folder: string, atMs: number, isWhole = true): string {
  const name = backupName(atMs);
  mkdirSync(join(folder, name));
  if (isWhole)
    writeFileSync(
      join(folder, name, 'manifest.json'),
      JSON.stringify({ at: new Date(atMs).toISOString() }),
    );
  return name;
}

describe('what a service of months needs', () => {
  it('is room for a day', () => {
    expect(roomFinding(2_000_000_000)).toMatchObject({ ok: true, detail: '2.0 GB free' });
    expect(roomFinding(1_999_999_999)).toMatchObject({ ok: false });
  });

  it('is a certificate with a month to go', () => {
    const day = (days: number) => endFinding('certificate', NOW_MS + days * 24 * HOUR_MS, NOW_MS);
    expect(day(30)).toEqual({
      part: 'certificate',
      ok: true,
      detail: 'until 2024-06-13, 30 days',
    });
    expect(day(29)).toMatchObject({ ok: false, detail: 'until 2024-06-12, 29 days: "tls renew"' });
    expect(day(-1)).toMatchObject({ ok: false, detail: expect.stringContaining('it has ended') });
  });

  it('is a backup of last night', () => {
    const aged = (hours: number) => ageFinding('/b', NOW_MS - hours * HOUR_MS, NOW_MS);
    expect(aged(26)).toEqual({ part: 'backup', ok: true, detail: 'the newest is 26 h old' });
    expect(aged(27)).toMatchObject({ ok: false });
    expect(ageFinding('/b', undefined, NOW_MS)).toMatchObject({ ok: false });
  });
});

describe('a folder of backups', () => {
  it('keeps the newest whole ones, and nothing that broke off before them', () => {
    const folder = tempDir();
    const [old, half, middle, newest, running] = [
      backupIn(folder, NOW_MS),
      backupIn(folder, NOW_MS + HOUR_MS, false),
      backupIn(folder, NOW_MS + 2 * HOUR_MS),
      backupIn(folder, NOW_MS + 3 * HOUR_MS),
      // Perhaps one that is being written.
      backupIn(folder, NOW_MS + 4 * HOUR_MS, false),
    ];
    mkdirSync(join(folder, 'somebody’s'));
    expect(keptBackups(folder).map(({ name }) => name)).toEqual([newest, middle, old]);
    expect(dropOldBackups(folder, 2)).toEqual([old, half]);
    expect(readdirSync(folder).sort()).toEqual([middle, newest, running, 'somebody’s'].sort());
    expect(keptBackups(join(folder, 'missing'))).toEqual([]);
  });
});
