import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf, UnprovenSockets } from '../../server/src/unproven.ts';
import { fuzzSeed } from '../support/fuzz.ts';

const bounds = { inAll: 5, perAddress: 3 };

function admit(sockets: UnprovenSockets, address: string): () => void {
  const place = sockets.admit(address);
  if (place.kind === 'refused') throw new Error(place.reason);
  return place.leave;
}

describe('places of unproven sockets', () => {
  it('end for one address before they end for all', () => {
    const sockets = new UnprovenSockets(bounds);
    for (let at = 0; at < 3; at += 1) admit(sockets, '10.0.0.1');
    expect(sockets.admit('10.0.0.1')).toEqual({ kind: 'refused', reason: 'tooManyOfAddress' });
    admit(sockets, '10.0.0.2');
    admit(sockets, '10.0.0.3');
    expect(sockets.admit('10.0.0.4')).toEqual({ kind: 'refused', reason: 'tooManyUnproven' });
    expect(sockets.count).toBe(5);
  });

  it('are free again when they are left, once each', () => {
    const sockets = new UnprovenSockets(bounds);
    const leave = admit(sockets, '10.0.0.1');
    admit(sockets, '10.0.0.1');
    leave();
    leave();
    expect(sockets.count).toBe(1);
    admit(sockets, '10.0.0.1');
    admit(sockets, '10.0.0.1');
    expect(sockets.admit('10.0.0.1').kind).toBe('refused');
  });

  it('are never more than the bounds and never lost, in any order', () => {
    const step = fc.record({ address: fc.nat({ max: 4 }), leaves: fc.nat({ max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sockets = new UnprovenSockets(bounds);
        const here: { address: number; leave: () => void }[] = [];
        for (const { address, leaves } of steps) {
          const ofAddress = here.filter((each) => each.address === address).length;
          const place = sockets.admit(`10.0.0.${address}`);
          const hasRoom = here.length < bounds.inAll && ofAddress < bounds.perAddress;
          expect(place.kind).toBe(hasRoom ? 'admitted' : 'refused');
          if (place.kind === 'admitted') here.push({ address, leave: place.leave });
          if (leaves < here.length) here.splice(leaves, 1)[0]?.leave();
          expect(sockets.count).toBe(here.length);
        }
      }),
      { seed: fuzzSeed('places of unproven sockets') },
    );
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.168.7.1', '192.168.7.1'],
    ['::ffff:192.168.7.1', '192.168.7.1'],
    ['::FFFF:192.168.7.1', '192.168.7.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', '::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
