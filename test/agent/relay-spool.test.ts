import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '../../server/src/log.ts';
import { describe, expect, it } from 'vitest';
import {
  ProtocolError,
  limits,
  takeHeartbeat,
  type Heartbeat,
  type TakenHeartbeat,
} from '@ppe-pulse/protocol';
import { createAgentDecoder } from '@ppe-pulse/protocol/codec';
import { HqTime } from '../../agent/src/relay/hq-time.ts';
import { Spools, frameOf } from '../../agent/src/relay/spools.ts';
import { CARRIED_BOOT, carriedHeartbeat, numbers } from '../support/carried.ts';
import { noise } from './journal-heartbeats.ts';
import { tempDir } from '../support/temp-dir.ts';

const ID = `w-${'1'.repeat(16)}`;
const NOW = 1_800_000_000_000;
const log = createLog('silent');
const clock = { wallMs: () => NOW, elapsedMs: () => 0 };

function spoolsIn(directory = join(tempDir(), 'spool'), time = knownTime()) {
  const options = { maxBytes: 300_000, maxAgeMs: 1e9 };
  return { directory, time, spools: new Spools({ directory, options, time, log }) };
}

function knownTime(): HqTime {
  const time = new HqTime(clock, 0);
  time.learn(NOW);
  return time;
}

function taken(seq: number, part: Partial<Heartbeat> = {}, workstationId = ID): TakenHeartbeat {
  return takeHeartbeat(carriedHeartbeat(seq, part), {
    workstationId,
    relayId: null,
    atMs: NOW + seq,
    takenAtMs: NOW,
    takenMonotonicMs: 0,
    clockOffsetMs: 0,
    intervalMs: 5_000,
    agentVersion: '0.1.0',
    inventory: null,
  });
}

const unackedOf = (spools: Spools, id = ID): number[] =>
  [...(spools.find(id)?.unacked() ?? [])].map(({ seq }) => seq);

describe('the spools of a ППЭ', () => {
  it('ack a heartbeat after the sync, and never before', () => {
    const { spools } = spoolsIn();
    expect(spools.store(taken(1))).toBe('pending');
    expect(spools.store(taken(1))).toBe('pending');
    expect(spools.sync()).toEqual([
      { workstationId: ID, bootId: CARRIED_BOOT, seq: 1, relayId: null },
    ]);
    expect(spools.store(taken(1))).toBe('durable');
    expect(spools.sync()).toEqual([]);
    expect(spools.lag).toBe(1);
  });

  it('hand back what they were given, with its own identity, number and clocks', () => {
    const { spools } = spoolsIn();
    spools.store(taken(7, { journalDropped: 3, mode: 'quiet' }));
    const found = spools.find(ID)?.read({ bootId: CARRIED_BOOT, seq: 7 });
    const own = carriedHeartbeat(7, { mode: 'quiet' });
    expect(found).toEqual({
      ...own,
      agentId: ID,
      producedAtMs: NOW + 7,
      journalDropped: 3,
    });
    expect(createAgentDecoder()(JSON.stringify(found))).toEqual(found);
  });

  it('know after a restart what they have, also what the collector took since', () => {
    const first = spoolsIn();
    for (const seq of numbers(1, 5)) first.spools.store(taken(seq));
    first.spools.sync();
    first.spools.find(ID)?.ack(CARRIED_BOOT, [[1, 2]]);
    expect(first.spools.store(taken(1))).toBe('durable');
    first.spools.close();
    const second = spoolsIn(first.directory);
    second.spools.retain(new Set([ID]));
    expect(unackedOf(second.spools).slice(-3)).toEqual([3, 4, 5]);
    expect(second.spools.store(taken(4))).toBe('durable');
  });

  it('put right, on the way out, times that were told before the collector was heard', () => {
    const guess = new HqTime(clock, 0);
    const { spools } = spoolsIn(undefined, guess);
    spools.store(taken(1));
    guess.learn(NOW - 36_000_000);
    spools.store(taken(2));
    const at = (seq: number) => spools.find(ID)?.read({ bootId: CARRIED_BOOT, seq })?.producedAtMs;
    expect([at(1), at(2)]).toEqual([NOW + 1 - 36_000_000, NOW + 2]);
  });

  it('count what a bound dropped into what the collector hears of losses', () => {
    const { spools } = spoolsIn();
    const evidence = { padding: 'x' };
    for (let seq = 1; seq <= 2_000; seq += 1) {
      spools.store(
        taken(seq, {
          verdicts: [
            {
              id: 'pc.cpu',
              verdict: 'ok',
              reason: 'ok',
              evidence: { ...evidence, noise: noise(seq, 80) },
              ageMs: 0,
            },
          ],
        }),
      );
    }
    expect(spools.dropped).toBeGreaterThan(20);
    expect(spools.lag + spools.dropped).toBe(2_000);
    expect(spools.find(ID)?.read({ bootId: CARRIED_BOOT, seq: 2_000 })?.journalDropped).toBe(
      spools.dropped,
    );
  });

  it('refuse the peer whose heartbeat would not fit into the uplink’s frame', () => {
    const { spools } = spoolsIn();
    // Written short, such numbers are long when they are written again.
    const metrics = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, at) => [`net.m${at}.${'x'.repeat(40)}`, 1e20 + at]),
    );
    const big = taken(1, { metrics });
    expect(Buffer.byteLength(JSON.stringify(frameOf(big)))).toBeGreaterThan(limits.agentFrameBytes);
    expect(() => spools.store(big)).toThrow(ProtocolError);
    expect(spools.lag).toBe(0);
  });

  it('keep the others when the folder of one is unusable', () => {
    const { spools, directory } = spoolsIn();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, ID), 'a file where a folder should be');
    const other = `w-${'2'.repeat(16)}`;
    expect(spools.store(taken(1))).toBe('refused');
    expect(spools.store(taken(1, {}, other))).toBe('pending');
    expect(spools.sync()).toHaveLength(1);
  });

  it('let go of who is no member any more, and find its heartbeats when it is one again', () => {
    const { spools } = spoolsIn();
    spools.store(taken(1));
    spools.retain(new Set());
    expect([spools.lag, spools.find(ID)]).toEqual([0, undefined]);
    spools.retain(new Set([ID]));
    expect(spools.lag).toBe(1);
  });
});

describe('what a flash drive brings into a spool', () => {
  const member = {
    id: ID,
    publicKey: 'A'.repeat(43),
    placement: {
      siteCode: '0042',
      roomCode: '0012',
      role: 'organizer',
      duty: 'main',
      simulated: false,
    },
  } as const;
  const carried = (from: number, to: number): Heartbeat[] =>
    numbers(from, to).map((seq) =>
      carriedHeartbeat(seq, { delivery: 'carried', agentId: ID, producedAtMs: NOW - 1_000 + seq }),
    );

  it('is taken once, beside what came over the LAN', () => {
    const { spools } = spoolsIn();
    spools.store(taken(3));
    const fresh = spools.storeCarried(member, carried(1, 5));
    expect(fresh?.map(({ seq }) => seq)).toEqual([1, 2, 4, 5]);
    expect(spools.storeCarried(member, carried(1, 5))).toEqual([]);
    expect(spools.lag).toBe(5);
    expect(spools.store(taken(5))).toBe('durable');
    // The row that waited all the while is still to be acked.
    expect(spools.sync().map(({ seq }) => seq)).toEqual([3]);
    expect(spools.find(ID)?.read({ bootId: CARRIED_BOOT, seq: 4 })).toMatchObject({
      delivery: 'carried',
      producedAtMs: NOW - 996,
    });
  });

  it('waits while its spool is half full', () => {
    const { spools } = spoolsIn();
    let seq = 0;
    let isTaken = true;
    while (isTaken && seq < 20_000) {
      isTaken = spools.storeCarried(member, carried(seq + 1, seq + 200)) !== undefined;
      seq += 200;
    }
    expect(isTaken).toBe(false);
    expect(spools.dropped).toBe(0);
  });
});
