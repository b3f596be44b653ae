import { join } from 'node:path';
import type { Fleet, Moment, Remembered } from '@ppe-pulse/protocol';
import { readText, writeWhole } from '../platform/files.ts';

/** What a relay must know again after a restart. */
export interface RelayMemory {
  /** Collector's clock minus the PC's wall clock. */
  readonly wallOffsetMs: number;
  /** Heartbeat period that the collector last asked for, null for never. */
  readonly intervalMs: number | null;
  /** What the local judge knew of each workstation. */
  readonly workstations: Readonly<Record<string, Remembered>>;
}

const fileOf = (dataDir: string): string => join(dataDir, 'relay.json');

/** What the last run kept; undefined when there was none, or the disk altered it. */
export function readMemory(dataDir: string): RelayMemory | undefined {
  const text = readText(fileOf(dataDir));
  if (text === undefined) return undefined;
  try {
    return memoryOf(JSON.parse(text));
  } catch {
    // A damaged memory is no memory: the next heartbeats tell it all again.
    return undefined;
  }
}

/** Replaces the memory. Throws when the disk does not take it. */
export function writeMemory(dataDir: string, memory: RelayMemory): void {
  writeWhole(fileOf(dataDir), `${JSON.stringify(memory)}\n`);
}

/** What is kept of a fleet now. */
export function rememberFleet(fleet: Fleet, now: Moment): Record<string, Remembered> {
  return Object.fromEntries(
    [...fleet.all()].map((state) => [
      state.id,
      {
        ...fleet.remembered(state, now),
        lastSeenAtMs: state.lastSeenAtMs,
        silentForMs: fleet.silentForMs(state, now),
      },
    ]),
  );
}

function memoryOf(value: unknown): RelayMemory | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { wallOffsetMs, intervalMs, workstations } = value as Partial<
    Record<keyof RelayMemory, unknown>
  >;
  if (typeof workstations !== 'object' || workstations === null) return undefined;
  return {
    wallOffsetMs: Number.isFinite(wallOffsetMs) ? Number(wallOffsetMs) : 0,
    intervalMs: Number.isFinite(intervalMs) ? Number(intervalMs) : null,
    workstations: Object.fromEntries(
      Object.entries(workstations).filter((entry): entry is [string, Remembered] =>
        isRemembered(entry[1]),
      ),
    ),
  };
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null) return false;
  const { heartbeat, checks, intervalMs } = value as Partial<Record<keyof Remembered, unknown>>;
  return (
    typeof heartbeat === 'object' &&
    heartbeat !== null &&
    Array.isArray(checks) &&
    Number.isFinite(intervalMs)
  );
}
