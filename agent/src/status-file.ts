import { join } from 'node:path';
import type { CheckVerdict, Placement } from '@ppe-pulse/protocol';
import { readText, writeWhole } from './platform/files.ts';

/** What a running agent says of itself, for `ppe-agent status`. Times are ms since 1970 UTC. */
export interface AgentStatus {
  readonly pid: number;
  readonly agentId: string;
  readonly agentVersion: string;
  readonly bootId: string;
  readonly writtenAtMs: number;
  readonly intervalMs: number;
  readonly collectorUrl: string;
  readonly link: string;
  readonly lastAckAtMs: number | null;
  readonly journalLag: number;
  readonly droppedHeartbeats: number;
  readonly placement: Placement | null;
  readonly verdicts: readonly CheckVerdict[];
}

/** Replaces the status file. */
export function writeStatus(dataDir: string, status: AgentStatus): void {
  writeWhole(join(dataDir, 'status.json'), `${JSON.stringify(status)}\n`);
}

/** The last status that an agent wrote here, undefined when none did. */
export function readStatus(dataDir: string): AgentStatus | undefined {
  const text = readText(join(dataDir, 'status.json'));
  if (text === undefined) return undefined;
  try {
    // Only agents of this version write it, whole; anything else is no status.
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'agentId' in value
      ? (value as AgentStatus)
      : undefined;
  } catch {
    return undefined;
  }
}
