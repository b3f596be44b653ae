import { join } from 'node:path';
import { codeOf } from '../platform/errors.ts';
import { readText, writeWhole } from '../platform/files.ts';
import type { Log } from '../platform/log.ts';
import type { LocalMode } from './planned-mode.ts';

const fileOf = (dataDir: string): string => join(dataDir, 'mode.json');

/** What somebody asked for before this start; a restart does not take it back. */
export function readLocalMode(dataDir: string): LocalMode | undefined {
  const text = readText(fileOf(dataDir));
  if (text === undefined) return undefined;
  try {
    return localModeOf(JSON.parse(text));
  } catch {
    // A damaged file asks for nothing.
    return undefined;
  }
}

/** Remembers it; a disk that takes nothing remembers it until the next start. */
export function keepLocalMode(dataDir: string, local: LocalMode | undefined, log: Log): void {
  try {
    writeWhole(fileOf(dataDir), `${JSON.stringify(local ?? null)}\n`);
  } catch (error) {
    log.error({ error: codeOf(error) }, 'the local mode cannot be written');
  }
}

function localModeOf(value: unknown): LocalMode | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { mode, untilMs } = value as Partial<Record<keyof LocalMode, unknown>>;
  if (mode !== 'quiet' && mode !== 'off') return undefined;
  if (untilMs === null) return { mode, untilMs };
  return typeof untilMs === 'number' && Number.isFinite(untilMs) ? { mode, untilMs } : undefined;
}
