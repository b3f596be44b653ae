import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FromAgent, ToAgent, UpdateStateMessage } from '@ppe-pulse/protocol';
import { createLog } from '../../agent/src/platform/log.ts';
import { MemberUpdates } from '../../agent/src/relay/member-updates.ts';
import { BundleFiles } from '../../agent/src/update/bundle-files.ts';
import { Depot } from '../../agent/src/update/depot.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, rootOf, updateOf, type MadeUpdate } from '../support/update-kit.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const signers = [newSigner(), newSigner()];
const ann = 'w-00000000000000a1';
const ben = 'w-00000000000000b2';

/** A relay's part in updates, with a real disk under it; uplink and LAN are the test. */
function relay() {
  const members = new Set([ann, ben]);
  const here = new Set<string>();
  const sent: { readonly id: string; readonly message: ToAgent }[] = [];
  const told: FromAgent[] = [];
  const reads: number[] = [];
  let isUp = true;
  const tell = (message: FromAgent): boolean => {
    if (isUp) told.push(message);
    return isUp;
  };
  const log = createLog('silent');
  const depot = new Depot({
    files: new BundleFiles(join(tempDir(), 'bundles')),
    timers: new VirtualTimers(),
    log,
    send: (message) => {
      if (isUp && message.type === 'updateRead') reads.push(message.offset);
      return isUp;
    },
  });
  const updates = new MemberUpdates({
    updates: { root: rootOf(signers), depot },
    isMember: (id) => members.has(id),
    send: (id, message) => {
      if (here.has(id)) sent.push({ id, message });
      return here.has(id);
    },
    tell,
    log,
  });
  const offer = (id: string, { manifest, signatures }: MadeUpdate): void =>
    updates.offered(id, { type: 'updateOffer', manifest, signatures: [...signatures] });
  const bring = ({ packed }: MadeUpdate): void =>
    depot.take({
      type: 'updatePart',
      version: '0.2.0',
      offset: 0,
      data: packed.toString('base64'),
    });
  const offered = (): string[] => sent.map(({ id, message }) => `${id} ${message.type}`);
  const uplink = (next: boolean): void => {
    isUp = next;
  };
  return { updates, members, here, sent, told, reads, offer, bring, offered, uplink };
}

const update = updateOf('agent of 0.2.0', signers);
const state = (part: Partial<UpdateStateMessage> = {}): UpdateStateMessage => ({
  type: 'updateState',
  version: '0.2.0',
  state: 'staged',
  reason: 'ok',
  ...part,
});

describe('a relay and the updates of its members', () => {
  it('fetches a bundle once for all of them, and offers it as it came when it has it', () => {
    const { here, sent, reads, offer, bring, offered } = relay();
    here.add(ann).add(ben);
    offer(ann, update);
    offer(ben, update);
    expect([reads, sent]).toEqual([[0], []]);
    bring(update);
    expect(offered()).toEqual([`${ann} updateOffer`, `${ben} updateOffer`]);
    const { manifest, signatures } = update;
    expect(sent[0]?.message).toEqual({ type: 'updateOffer', manifest, signatures });
    offer(ben, update);
    expect(offered()).toHaveLength(3);
    expect(reads).toEqual([0]);
  });

  it('offers it to a member that comes later, also while the uplink is cut', () => {
    const { updates, here, offer, bring, offered, uplink } = relay();
    offer(ann, update);
    bring(update);
    uplink(false);
    here.add(ann);
    updates.present(ann);
    expect(offered()).toEqual([`${ann} updateOffer`]);
    const part = updates.read('0.2.0', 0);
    expect(Buffer.from(part?.data ?? '', 'base64').equals(update.packed)).toBe(true);
    // Whom nobody offered anything is offered nothing.
    here.add(ben);
    updates.present(ben);
    expect(offered()).toHaveLength(1);
  });

  it('stops offering once the member has settled it', () => {
    const { updates, here, offer, bring, offered } = relay();
    here.add(ann);
    offer(ann, update);
    bring(update);
    updates.told(ann, state({ state: 'refused', reason: 'frozen' }));
    updates.present(ann);
    expect(offered()).toHaveLength(1);
  });

  it('tells what members said, and once more what it could not tell', () => {
    const { updates, told, uplink } = relay();
    updates.told(ann, state());
    uplink(false);
    updates.told(ben, state({ state: 'trial' }));
    expect(told).toEqual([{ ...state(), agentId: ann }]);
    uplink(true);
    updates.welcomed();
    expect(told.slice(1)).toEqual([
      { ...state(), agentId: ann },
      { ...state({ state: 'trial' }), agentId: ben },
    ]);
  });

  it('keeps no disk and no line for what its own keys do not vouch for', () => {
    const { reads, told, offer } = relay();
    offer(ann, updateOf('agent', [newSigner(), newSigner()]));
    offer(ben, updateOf('agent', signers.slice(1)));
    expect(reads).toEqual([]);
    expect(told).toEqual([
      { ...state({ state: 'refused', reason: 'unknownKey' }), agentId: ann },
      { ...state({ state: 'refused', reason: 'tooFewSignatures' }), agentId: ben },
    ]);
  });

  it('does nothing for a stranger, and forgets who is no member any more', () => {
    const { updates, members, here, told, reads, offer, bring, offered } = relay();
    offer('w-00000000000000c3', update);
    expect(reads).toEqual([]);
    offer(ann, update);
    updates.told(ann, state());
    members.delete(ann);
    updates.retain();
    here.add(ann);
    bring(update);
    updates.present(ann);
    expect(offered()).toEqual([]);
    told.length = 0;
    updates.welcomed();
    expect(told).toEqual([]);
  });
});
