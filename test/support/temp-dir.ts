import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that goes with the test, also when it fails. */
export function tempDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'ppe-pulse-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
