import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits } from '@ppe-pulse/protocol';
import { loadConfig } from '../../agent/src/config.ts';
import { encodeRecord } from '../../agent/src/journal/record.ts';
import { BOOT, fullHeartbeat } from '../agent/journal-heartbeats.ts';
import { openJournal } from '../agent/journal-opened.ts';
import { tempDir } from '../support/temp-dir.ts';

const DAY_MS = 86_400_000;
const HEARTBEATS = (3 * DAY_MS) / limits.heartbeatIntervalMs;
/** Heartbeats of chance; they come again and again, each with a number of its own. */
const DIFFERENT = 240;

/** What an agent has when nobody set anything. */
function defaults(): { maxBytes: number; maxAgeMs: number } {
  const path = join(tempDir(), 'agent.yaml');
  writeFileSync(path, '');
  const { maxBytes, maxAgeDays } = loadConfig(path, {}).journal;
  return { maxBytes, maxAgeMs: maxAgeDays * DAY_MS };
}

const full = (cameras: number) =>
  Array.from({ length: DIFFERENT }, (_, at) => fullHeartbeat(at + 1, cameras));

describe('a journal with default settings', () => {
  it('holds 72 hours of full heartbeats every 5 s, is small in memory and soon open again', () => {
    const directory = tempDir();
    const options = defaults();
    const samples = full(1);
    const { journal, clock } = openJournal(directory, options);
    for (let seq = 1; seq <= HEARTBEATS; seq += 1) {
      const sample = samples[seq % DIFFERENT];
      if (!sample) throw new Error('no sample');
      journal.append({ ...sample, seq, monotonicMs: seq * limits.heartbeatIntervalMs });
      clock.pass(limits.heartbeatIntervalMs);
    }
    journal.sync();
    expect([journal.lag, journal.droppedHeartbeats]).toEqual([HEARTBEATS, 0]);
    expect(journal.bytes).toBeLessThan(options.maxBytes / 2);
    expect(journal.indexBytes).toBeLessThan(HEARTBEATS * 16);
    const startMs = performance.now();
    const again = openJournal(directory, options).journal;
    // A third of a second on a slow disk; ten times as much for a busy machine.
    expect(performance.now() - startMs).toBeLessThan(3_000);
    expect(again.lag).toBe(HEARTBEATS);
    expect(again.indexBytes).toBeLessThan(1_000_000);
    const [oldest] = again.unacked();
    expect(oldest && again.read(oldest)?.seq).toBe(1);
    expect(again.read({ bootId: BOOT, seq: HEARTBEATS })?.seq).toBe(HEARTBEATS);
  });

  it('also has the room for those of a PC that watches the 50 cameras of 25 rooms', () => {
    const samples = full(50);
    const text = JSON.stringify(samples[0]);
    expect(Buffer.byteLength(text)).toBeGreaterThan(25_000);
    const about = { isEvent: false, atMs: 0, wallMs: 0 };
    const bytes = samples.reduce((sum, each) => sum + encodeRecord(each, about).length, 0);
    expect((bytes / DIFFERENT) * HEARTBEATS).toBeLessThan(defaults().maxBytes);
  });
});
