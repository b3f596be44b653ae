import { describe, expect, it } from 'vitest';
import { HeardOrder, type OrderedBeat } from '../../server/src/rehearsal/heard-order.ts';

const ID = 'w-0123456789abcdef';

function beat(seq: number, part: Partial<OrderedBeat> = {}): OrderedBeat {
  return { workstationId: ID, bootId: 'a', seq, delivery: 'live', journalLag: 1, ...part };
}

describe('the order in which a workstation is heard', () => {
  it('is whole while heartbeats come one after another', () => {
    const order = new HeardOrder();
    for (let seq = 1; seq <= 20; seq += 1) {
      order.take(beat(seq), seq * 1_000);
      expect(order.isWaiting(ID, seq * 1_000)).toBe(false);
    }
    expect(order.isWaiting('w-ffffffffffffffff', 0)).toBe(false);
  });

  it('waits for what a room wrote in its isolation, and no longer', () => {
    const order = new HeardOrder();
    order.take(beat(10), 0);
    order.take(beat(500, { journalLag: 490 }), 1_000);
    expect(order.isWaiting(ID, 1_000)).toBe(true);
    let nowMs = 1_000;
    for (let seq = 11; seq < 497; seq += 1) {
      order.take(beat(seq, { delivery: 'backlog' }), (nowMs += 50));
      if (seq % 100 === 0) order.take(beat(500 + seq / 100), nowMs);
      expect(order.isWaiting(ID, nowMs)).toBe(true);
    }
    for (let seq = 497; seq <= 503; seq += 1)
      order.take(beat(seq, { delivery: 'backlog' }), (nowMs += 50));
    expect(order.isWaiting(ID, nowMs)).toBe(false);
  });

  it('gives up after a minute in which nothing late came', () => {
    const order = new HeardOrder();
    order.take(beat(10), 0);
    order.take(beat(500), 1_000);
    order.take(beat(501), 40_000);
    expect(order.isWaiting(ID, 60_000)).toBe(true);
    expect(order.isWaiting(ID, 61_001)).toBe(false);
    order.take(beat(502), 62_000);
    expect(order.isWaiting(ID, 62_000)).toBe(false);
  });

  it('goes by the journal of one that is heard for the first time', () => {
    const order = new HeardOrder();
    order.take(beat(500, { journalLag: 200 }), 0);
    expect(order.isWaiting(ID, 0)).toBe(true);
    const fresh = new HeardOrder();
    fresh.take(beat(500), 0);
    expect(fresh.isWaiting(ID, 0)).toBe(false);
  });

  it('begins anew with a boot, and lets what an earlier one left come in', () => {
    const order = new HeardOrder();
    order.take(beat(300), 0);
    order.take(beat(1, { bootId: 'b' }), 1_000);
    expect(order.isWaiting(ID, 1_000)).toBe(false);
    order.take(beat(301, { delivery: 'backlog' }), 2_000);
    expect(order.isWaiting(ID, 2_000)).toBe(false);
  });
});
