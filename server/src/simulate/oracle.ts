import { closeSync, openSync, writeSync } from 'node:fs';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import type { HeartbeatWitness } from './agent.ts';
import type { JournalRecord } from './memory-journal.ts';

/** Lines wait in memory for at most this much, or until the next flush. */
const BUFFER_CHARACTERS = 262_144;

/** What really happened, as JSON lines: one when a heartbeat is produced, one when it is acked. */
export interface Oracle extends HeartbeatWitness {
  flush(): void;
  close(): void;
  /** Lines that the disk did not take. */
  readonly lost: number;
}

/**
 * Opens the file anew. A line is `{agentId, bootId, seq, producedAt, acked}`; one that a full journal
 * dropped unacked has `dropped` beside it.
 */
export function openOracle(path: string): Oracle {
  const file = openFile(path);
  let waiting: string[] = [];
  let characters = 0;
  let lost = 0;
  const flush = (): void => {
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    characters = 0;
    try {
      writeWhole(file, Buffer.from(lines.join('')));
    } catch {
      // A full disk: the run goes on, and its summary says that the oracle is not whole.
      lost += lines.length;
    }
  };
  const add = (agentId: string, record: JournalRecord, rest: string): void => {
    const producedAt = new Date(record.producedAtMs).toISOString();
    const line = `{"agentId":"${agentId}","bootId":"${record.bootId}","seq":${record.seq},"producedAt":"${producedAt}",${rest}}\n`;
    waiting.push(line);
    characters += line.length;
    if (characters > BUFFER_CHARACTERS) flush();
  };
  return {
    produced: (agentId, record) => add(agentId, record, '"acked":false'),
    acked: (agentId, record) => add(agentId, record, '"acked":true'),
    dropped: (agentId, record) => add(agentId, record, '"acked":false,"dropped":true'),
    flush,
    close: () => {
      flush();
      closeSync(file);
    },
    get lost() {
      return lost;
    },
  };
}

/** A disk that is nearly full takes a part. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from);
}

function openFile(path: string): number {
  try {
    return openSync(path, 'w', 0o644);
  } catch (error) {
    throw new ConfigError(`${path}: the oracle cannot be written (${codeOf(error)})`);
  }
}
