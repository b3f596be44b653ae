import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataDir } from '../../server/src/data-dir.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { tempDir } from '../support/temp-dir.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe.skipIf(process.platform === 'win32')('what others could read before', () => {
  it('is closed to them when the folder and the state are opened', () => {
    const path = join(tempDir(), 'data');
    mkdirSync(path);
    chmodSync(path, 0o755);
    const state = join(path, 'state.sqlite');
    writeFileSync(state, '');
    chmodSync(state, 0o644);
    const dataDir = openDataDir(path);
    onTestFinished(() => dataDir.release());
    const database = openState(state);
    onTestFinished(() => database.close());
    expect(modeOf(path)).toBe(0o700);
    for (const file of [state, `${state}-wal`, `${state}-shm`])
      expect([file, modeOf(file)]).toEqual([file, 0o600]);
  });
});
