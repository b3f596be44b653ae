import { describe, expect, it } from 'vitest';
import { closeCodes, limits } from '@ppe-pulse/protocol';
import { DoorStage, FakePeer, bootOf } from '../support/door-stage.ts';

function station() {
  const stage = new DoorStage();
  const id = stage.enrol(1);
  return { stage, id, peer: stage.join(id, 'a') };
}

describe('door', () => {
  it('closes a socket that does not show who it is in time, and no other', () => {
    const { stage, peer } = station();
    const stranger = new FakePeer(stage, stage.enrol(2), bootOf('b'));
    stage.pass(limits.handshakeMs + 1);
    expect(stranger.closeCode).toBe(closeCodes.handshakeTimeout.code);
    expect([peer.closeCode, peer.isProven, stranger.isProven]).toEqual([undefined, true, false]);
  });

  it('acks what became durable, over the way that it came', () => {
    const { stage, id, peer } = station();
    const other = stage.join(stage.enrol(2), 'b');
    for (const seq of [1, 2, 3, 7]) peer.beat(seq);
    expect(peer.got('ack')).toEqual([]);
    const row = { workstationId: id, relayId: null, bootId: peer.bootId };
    stage.door.ack([3, 1, 2, 7].map((seq) => ({ ...row, seq })));
    const ranges = [
      [1, 3],
      [7, 7],
    ];
    expect(peer.got('ack')).toEqual([{ type: 'ack', bootId: peer.bootId, ranges }]);
    expect(other.got('ack')).toEqual([]);
    stage.storage = 'durable';
    peer.beat(2, { delivery: 'backlog' });
    expect(peer.got('ack').at(-1)?.ranges).toEqual([[2, 2]]);
    expect(stage.heard.map(({ seq }) => seq)).toEqual([1, 2, 3, 7]);
  });

  it('tells an agent to wait when the store takes nothing, once a second, and shows it still', () => {
    const { stage, peer } = station();
    stage.storage = 'refused';
    for (const seq of [1, 2, 3]) peer.beat(seq);
    expect(peer.got('error')).toEqual([{ type: 'error', code: 'storeFull', retryAfterMs: 4_000 }]);
    stage.pass(1_001);
    peer.beat(4);
    expect(peer.got('error')).toHaveLength(2);
    expect(stage.heard).toHaveLength(4);
  });

  it('replaces the half-open socket of the same boot, and hears nothing more on it', () => {
    const { stage, id, peer } = station();
    const again = stage.join(id, 'a');
    expect(peer.closeCode).toBe(closeCodes.normal.code);
    peer.beat(9);
    again.beat(1);
    peer.hangUp();
    expect(stage.heard.map(({ seq }) => seq)).toEqual([1]);
    expect([stage.present.get(id), stage.door.sessions().size]).toEqual([true, 1]);
  });

  it('shows a restarted PC with its first heartbeat when the older socket was closed', () => {
    const { stage, id, peer } = station();
    peer.beat(1);
    stage.pass(2_000);
    peer.hangUp();
    const restarted = stage.join(id, 'b');
    restarted.beat(1);
    expect(stage.heard.at(-1)?.bootId).toBe(restarted.bootId);
    expect(stage.cloned).toEqual([]);
  });

  it('shows a restarted PC within three periods when the older socket is half-open', () => {
    const { stage, id, peer } = station();
    peer.beat(1);
    stage.pass(1_000);
    const restarted = stage.join(id, 'b');
    for (const seq of [1, 2, 3]) {
      restarted.beat(seq);
      stage.pass(5_000);
    }
    expect(stage.heard.map(({ bootId, seq }) => `${bootId.at(-1)}${seq}`)).toEqual(['a1', 'b3']);
    // What was not shown meanwhile is kept.
    expect(stage.stored).toHaveLength(4);
    expect(peer.closeCode).toBe(closeCodes.replacedByNewer.code);
    expect([stage.cloned, restarted.closeCode]).toEqual([[], undefined]);
  });

  it('turns the newer of two PCs with one key away, and the older goes on', () => {
    const { stage, id, peer } = station();
    const copy = stage.join(id, 'b');
    for (const seq of [1, 2, 3]) {
      stage.pass(2_500);
      copy.beat(seq);
      stage.pass(2_500);
      peer.beat(seq);
    }
    expect(stage.cloned).toEqual([[id, copy.bootId]]);
    expect(copy.got('error')).toEqual([{ type: 'error', code: 'cloned' }]);
    expect(copy.closeCode).toBe(closeCodes.cloned.code);
    expect(peer.closeCode).toBeUndefined();
    expect(stage.heard.map(({ bootId }) => bootId.at(-1))).toEqual(['a', 'a', 'a']);
    // Nothing of the copy that came before is lost, nothing after its close is taken.
    expect(stage.stored.map(({ bootId }) => bootId.at(-1)).join('')).toBe('baaa');
    expect(stage.door.sessions().get(id)?.bootId).toBe(peer.bootId);
  });

  it('finds a copy also when the original has come again on a new socket meanwhile', () => {
    const { stage, id } = station();
    const copy = stage.join(id, 'b');
    const again = stage.join(id, 'a');
    expect(stage.door.sessions().get(id)?.bootId).toBe(again.bootId);
    stage.pass(3_000);
    again.beat(1);
    expect(stage.cloned).toEqual([[id, copy.bootId]]);
    expect(copy.closeCode).toBe(closeCodes.cloned.code);
  });

  it('tells two clones apart by where they came from', () => {
    const { stage, id, peer } = station();
    const copy = stage.join(id, 'b');
    copy.beat(1);
    stage.pass(2_000);
    peer.beat(1);
    copy.hangUp();
    expect([stage.present.get(id), stage.door.remotes().get(id)]).toEqual([true, '10.0.0.a']);
  });

  it('says goodbye to all when it closes', () => {
    const { stage, peer } = station();
    const stranger = new FakePeer(stage, stage.enrol(2), bootOf('b'));
    stage.door.close({ type: 'goodbye', reason: 'restart', expectedReturnMs: 2_000 });
    expect(peer.received.at(-1)).toMatchObject({ type: 'goodbye', expectedReturnMs: 2_000 });
    expect([peer.closeCode, stranger.closeCode]).toEqual([1001, 1001]);
  });
});

describe('door of relays', () => {
  function relayed() {
    const stage = new DoorStage();
    const relayId = stage.enrol(1, { role: 'hq', roomCode: '7777' });
    const memberId = stage.enrol(2);
    const foreignId = stage.enrol(3, { siteCode: '0099' });
    const relay = stage.join(relayId, 'a', ['relay']);
    return { stage, relayId, memberId, foreignId, relay };
  }

  it('give a relay its roster, again whenever one is new, and only its own', () => {
    const { stage, relay, relayId, memberId } = relayed();
    const idsOf = (at: number) =>
      relay
        .got('roster')
        .at(at)
        ?.members.map(({ agentId }) => agentId);
    expect(idsOf(0)).toEqual([relayId, memberId]);
    const fresh = stage.enrol(4);
    stage.door.rosterChanged('0042');
    stage.door.rosterChanged('0099');
    expect(relay.got('roster')).toHaveLength(2);
    expect(idsOf(1)).toEqual([relayId, memberId, fresh]);
  });

  it('take members over it, and ack them over it by name', () => {
    const { stage, relay, relayId, memberId } = relayed();
    relay.introduce(memberId, bootOf('m'));
    relay.beat(5, { agentId: memberId, bootId: bootOf('m') });
    expect(stage.heard).toMatchObject([{ workstationId: memberId, relayId, seq: 5 }]);
    expect([stage.present.get(memberId), stage.door.remotes().get(memberId)]).toEqual([
      true,
      '10.0.0.a',
    ]);
    stage.door.ack([{ workstationId: memberId, relayId, bootId: bootOf('m'), seq: 5 }]);
    expect(relay.got('ack')).toEqual([
      { type: 'ack', agentId: memberId, bootId: bootOf('m'), ranges: [[5, 5]] },
    ]);
    relay.introduce(memberId, bootOf('m'), 'left');
    expect(stage.present.get(memberId)).toBe(false);
  });

  it.each([
    ['a heartbeat of another ППЭ', 'foreign'],
    ['a goodbye of another ППЭ', 'goodbye'],
    ['an introduction of another ППЭ', 'member'],
    ['a live heartbeat without an introduction', 'live'],
    ['a live heartbeat of a boot that it did not introduce', 'boot'],
    ['a clone of another ППЭ', 'clone'],
  ])('answer %s with an error, count it and go on', (_, what) => {
    const { stage, relay, memberId, foreignId } = relayed();
    const lies: Record<string, () => void> = {
      foreign: () => relay.beat(1, { agentId: foreignId, delivery: 'backlog' }),
      goodbye: () => relay.say({ type: 'goodbye', agentId: foreignId, reason: 'shutdown' }),
      member: () => relay.introduce(foreignId, bootOf('f')),
      live: () => relay.beat(1, { agentId: memberId, bootId: bootOf('m') }),
      boot: () => {
        relay.introduce(memberId, bootOf('m'));
        relay.beat(1, { agentId: memberId, bootId: bootOf('9') });
      },
      clone: () => relay.say({ type: 'error', code: 'cloned', agentId: foreignId }),
    };
    lies[what]?.();
    expect(relay.got('error')).toEqual([
      {
        type: 'error',
        code: 'notYourMember',
        agentId: ['live', 'boot'].includes(what) ? memberId : foreignId,
      },
    ]);
    expect(stage.refused).toEqual(['notYourMember']);
    expect([stage.stored, stage.farewells, stage.cloned]).toEqual([[], [], []]);
    relay.beat(1);
    expect([relay.closeCode, stage.heard.length]).toEqual([undefined, 1]);
  });

  it('take what a relay kept of a member that it has not heard itself', () => {
    const { stage, relay, memberId } = relayed();
    const producedAtMs = 1.7e12 - 3_600_000;
    const part = { agentId: memberId, bootId: bootOf('m'), delivery: 'carried' as const };
    relay.beat(3, { ...part, producedAtMs });
    expect(stage.heard).toMatchObject([
      { workstationId: memberId, delivery: 'carried', atMs: producedAtMs, agentVersion: null },
    ]);
    expect(stage.refused).toEqual([]);
  });

  it('know an agent that only says it is a relay', () => {
    const stage = new DoorStage();
    stage.enrol(2);
    const liar = stage.join(stage.enrol(1), 'a', ['relay']);
    liar.introduce(stage.enrol(2), bootOf('m'));
    expect(liar.got('roster')).toEqual([]);
    expect(liar.got('error')).toMatchObject([{ code: 'notYourMember' }]);
  });

  it('lose a relay’s members with it, and find them again with its next socket', () => {
    const { stage, relay, relayId, memberId } = relayed();
    relay.introduce(memberId, bootOf('m'));
    const again = stage.join(relayId, 'a', ['relay']);
    expect(stage.present.get(memberId)).toBe(false);
    again.introduce(memberId, bootOf('m'));
    relay.hangUp();
    expect(stage.present.get(memberId)).toBe(true);
    again.hangUp();
    expect([stage.present.get(memberId), stage.present.get(relayId)]).toEqual([false, false]);
  });

  it('keep a PC that is with the relay and has a line of its own, when one of them ends', () => {
    const { stage, relay, memberId } = relayed();
    relay.introduce(memberId, bootOf('a'));
    const own = stage.join(memberId, 'a');
    own.beat(1);
    own.hangUp();
    expect(stage.present.get(memberId)).toBe(true);
    relay.beat(2, { agentId: memberId, bootId: bootOf('a') });
    expect(stage.heard.map(({ seq, relayId }) => [seq, relayId === null])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(stage.cloned).toEqual([]);
  });

  it('tell a relay of a clone that is with it', () => {
    const { stage, relay, memberId } = relayed();
    const original = stage.join(memberId, 'b');
    stage.pass(100);
    relay.introduce(memberId, bootOf('c'));
    stage.pass(2_000);
    original.beat(1);
    expect(relay.got('error')).toEqual([{ type: 'error', code: 'cloned', agentId: memberId }]);
    expect(stage.cloned).toEqual([[memberId, bootOf('c')]]);
    relay.say({ type: 'error', code: 'cloned', agentId: memberId });
    expect(stage.cloned.at(-1)).toEqual([memberId, null]);
    expect(relay.closeCode).toBeUndefined();
  });
});
