import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../agent/src/platform/log.ts';
import { readStatus, StatusFile, type AgentStatus } from '../../agent/src/status-file.ts';
import { tempDir } from '../support/temp-dir.ts';

const log = createLog('silent');

function status(journalLag: number, collectorUrl = 'ws://127.0.0.1:1'): AgentStatus {
  return {
    pid: 1,
    agentId: 'w-1',
    agentVersion: '0.1.0',
    bootId: 'b',
    writtenAtMs: Date.UTC(2027, 2, 15, 6),
    intervalMs: 5_000,
    collectorUrl,
    link: 'live',
    refusal: null,
    lastAckAtMs: null,
    journalLag,
    droppedHeartbeats: 0,
    pagePort: null,
    placement: null,
    verdicts: [],
  };
}

const LONG = `ws://127.0.0.1:1/${'п'.repeat(500)}`;

describe('the status of a running agent', () => {
  it('is the newest one, also when that is shorter, for readers that know nothing of it', () => {
    const dataDir = tempDir();
    const file = new StatusFile(dataDir, log);
    for (const each of [status(1), status(2, LONG), status(3), status(400)]) {
      file.keep(each);
      expect(readStatus(dataDir)).toEqual(each);
      expect(JSON.parse(readFileSync(join(dataDir, 'status.json'), 'utf8'))).toEqual(each);
    }
  });

  it('is written in place: no file takes the place of another with each heartbeat', () => {
    const dataDir = tempDir();
    const file = new StatusFile(dataDir, log);
    const inode = (): number => statSync(join(dataDir, 'status.json')).ino;
    file.keep(status(1));
    const first = inode();
    file.keep(status(2));
    expect(inode()).toBe(first);
  });

  it('replaces what a longer one of another start left, or a half of it', () => {
    const dataDir = tempDir();
    new StatusFile(dataDir, log).keep(status(1, LONG));
    new StatusFile(dataDir, log).keep(status(2));
    expect(readStatus(dataDir)).toEqual(status(2));
    writeFileSync(join(dataDir, 'status.json'), JSON.stringify(status(3)).slice(0, 40));
    expect(readStatus(dataDir)).toBeUndefined();
    new StatusFile(dataDir, log).keep(status(4));
    expect(readStatus(dataDir)).toEqual(status(4));
  });

  it('comes back when somebody took the file away', () => {
    const dataDir = tempDir();
    const file = new StatusFile(dataDir, log);
    file.keep(status(1));
    rmSync(join(dataDir, 'status.json'));
    expect(readStatus(dataDir)).toBeUndefined();
    file.keep(status(2));
    expect(readStatus(dataDir)).toEqual(status(2));
  });

  it('that the disk does not take ends nobody, and replaces the old one as soon as it does', () => {
    const dataDir = tempDir();
    const path = join(dataDir, 'status.json');
    new StatusFile(dataDir, log).keep(status(1, LONG));
    const file = new StatusFile(dataDir, log);
    // A folder in the way of the draft: root may write into what is read-only.
    mkdirSync(`${path}.new`);
    file.keep(status(2));
    expect(readStatus(dataDir)).toEqual(status(1, LONG));
    rmSync(`${path}.new`, { recursive: true });
    file.keep(status(3));
    expect(readStatus(dataDir)).toEqual(status(3));
  });
});
