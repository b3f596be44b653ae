import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { Journal } from '../../agent/src/journal/journal.ts';
import { RelayDelivery } from '../../agent/src/relay/relay-delivery.ts';
import { carriedHeartbeat } from '../support/carried.ts';
import { tempDir } from '../support/temp-dir.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const OWN = `w-${'0'.repeat(16)}`;
const ROOMS = ['1', '2', '3'].map((digit) => `w-${digit.repeat(16)}`);
const bootOf = (id: string): string => id.slice(2);
const heartbeat = (id: string, seq: number, part: Partial<Heartbeat> = {}): Heartbeat =>
  carriedHeartbeat(seq, { bootId: bootOf(id), ...(id !== OWN && { agentId: id }), ...part });

describe('the delivery of a relay', () => {
  let timers: VirtualTimers;
  let journals: Map<string, Journal>;
  let sent: Heartbeat[];
  let held: Set<string>;
  let delivery: RelayDelivery;

  beforeEach(() => {
    timers = new VirtualTimers();
    sent = [];
    held = new Set();
    const options = { maxBytes: 1e7, maxAgeMs: 1e9 };
    journals = new Map(
      [OWN, ...ROOMS].map((id) => [id, new Journal(join(tempDir(), 'journal'), options)]),
    );
    delivery = new RelayDelivery({
      ownId: OWN,
      journal: journalOf(OWN),
      spools: {
        find: (id) => journals.get(id),
        sendable: () => ROOMS.filter((id) => !held.has(id) && journalOf(id).lag > 0),
      },
      monotonicMs: () => timers.nowMs,
      timers,
      send: (each) => sent.push(each) > 0,
      bufferedBytes: () => 0,
      stamp: (each) => ({ ...each, producedAtMs: 42 }),
    });
  });

  const journalOf = (id: string): Journal => {
    const journal = journals.get(id);
    if (!journal) throw new Error(`no journal of ${id}`);
    return journal;
  };
  const keep = (id: string, count: number, part: Partial<Heartbeat> = {}): void => {
    for (let seq = 1; seq <= count; seq += 1) journalOf(id).append(heartbeat(id, seq, part));
  };
  const sentOf = (id: string): number[] =>
    sent.filter(({ bootId }) => bootId === bootOf(id)).map(({ seq }) => seq);

  it('says whose each heartbeat is, and leaves identity and number as they were', async () => {
    keep(OWN, 1);
    keep(ROOMS[0] ?? '', 1);
    delivery.connected(100);
    await timers.advance(300);
    const [own, member] = [OWN, ROOMS[0] ?? ''].map((id) =>
      sent.find(({ bootId }) => bootId === bootOf(id)),
    );
    expect(own).toEqual({
      ...heartbeat(OWN, 1, { delivery: 'backlog', producedAtMs: 42 }),
    });
    expect(own && 'agentId' in own).toBe(false);
    // A member's time is the spool's word, not this agent's.
    expect(member).toEqual(heartbeat(ROOMS[0] ?? '', 1, { delivery: 'backlog' }));
  });

  it('sends live ones at once, of whomever', () => {
    keep(OWN, 50);
    delivery.connected(10);
    const live = heartbeat(ROOMS[1] ?? '', 9);
    journalOf(ROOMS[1] ?? '').append(live);
    delivery.live(live);
    expect(sent).toEqual([live]);
  });

  it('says of its own live one when it was, since the line may hold it up', () => {
    delivery.connected(10);
    delivery.live(heartbeat(OWN, 1));
    expect(sent).toEqual([heartbeat(OWN, 1, { producedAtMs: 42 })]);
  });

  it('lets all backlogs take turns, oldest first in each', async () => {
    for (const id of [OWN, ...ROOMS]) keep(id, 100);
    delivery.connected(16);
    await timers.advance(2_500);
    const counts = [OWN, ...ROOMS].map((id) => sentOf(id).length);
    expect(sent.length).toBeGreaterThanOrEqual(36);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    for (const id of [OWN, ...ROOMS]) expect(sentOf(id)).toEqual(sentOf(id).map((_, at) => at + 1));
  });

  it('gives the last its turn also when every look sends less than one of each', async () => {
    for (const id of [OWN, ...ROOMS]) keep(id, 30);
    // One a look, and acked at once: whoever is first in the list has always something left.
    delivery.connected(4);
    for (let look = 0; look < 24; look += 1) {
      await timers.advance(250);
      const last = sent.at(-1);
      if (last) delivery.acked(ackOf(last));
    }
    for (const id of [OWN, ...ROOMS]) expect(sentOf(id).length).toBeGreaterThanOrEqual(5);
  });

  it('keeps what is carried as such', async () => {
    keep(ROOMS[0] ?? '', 1, { delivery: 'carried' });
    delivery.connected(10);
    await timers.advance(300);
    expect(sent[0]).toMatchObject({ delivery: 'carried', agentId: ROOMS[0] });
  });

  it('frees by whose it is: a boot that somebody else claims frees nothing of the other', () => {
    const [honest = '', liar = ''] = ROOMS;
    keep(honest, 5);
    delivery.acked({ type: 'ack', agentId: liar, bootId: bootOf(honest), ranges: [[1, 5]] });
    expect(journalOf(honest).lag).toBe(5);
    delivery.acked({ type: 'ack', agentId: honest, bootId: bootOf(honest), ranges: [[1, 3]] });
    expect(journalOf(honest).lag).toBe(2);
    keep(OWN, 2);
    delivery.acked({ type: 'ack', bootId: bootOf(OWN), ranges: [[1, 2]] });
    expect(journalOf(OWN).lag).toBe(0);
  });

  it('sends nothing of a member that the collector does not take, until it does', async () => {
    const [first = '', second = ''] = ROOMS;
    keep(first, 2);
    keep(second, 2);
    held.add(first);
    delivery.connected(100);
    await timers.advance(1_000);
    expect([sentOf(first), sentOf(second)]).toEqual([[], [1, 2]]);
    held.delete(first);
    await timers.advance(6_000);
    expect(sentOf(first)).toEqual([1, 2]);
  });

  it('sends again what was not acked, on the same line after a while and on a new one at once', async () => {
    const [id = ''] = ROOMS;
    keep(id, 2);
    delivery.connected(100);
    await timers.advance(1_000);
    delivery.acked({ type: 'ack', agentId: id, bootId: bootOf(id), ranges: [[1, 1]] });
    await timers.advance(40_000);
    expect(sentOf(id)).toEqual([1, 2, 2]);
    delivery.disconnected();
    delivery.connected(100);
    await timers.advance(1_000);
    expect(sentOf(id)).toEqual([1, 2, 2, 2]);
  });

  it('does not let what a journal dropped meanwhile take up the line', async () => {
    const [id = ''] = ROOMS;
    keep(id, 600);
    delivery.connected(10_000);
    await timers.advance(1_000);
    expect(sentOf(id)).toHaveLength(256);
    // Freed behind the delivery's back, as a bound does.
    journalOf(id).ack(bootOf(id), [[1, 256]]);
    await timers.advance(1_000);
    expect(sentOf(id)).toHaveLength(512);
  });
});

function ackOf({ agentId, bootId, seq }: Heartbeat): Parameters<RelayDelivery['acked']>[0] {
  return { type: 'ack', bootId, ranges: [[seq, seq]], ...(agentId !== undefined && { agentId }) };
}
