import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { embeddedIpv4, isAddress, withoutBrackets } from './ip-address.ts';

/**
 * What an address is to the collector. `private`: only where a webhook `allowsPrivate`. `forbidden`:
 * never, whoever asks: services that hand out credentials of the machine, and what no receiver has.
 */
export type AddressKind = 'public' | 'private' | 'forbidden';

/** Decides where alerts may go. Ranges: the special-purpose registries of IANA (RFC 6890). */
export class AddressPolicy {
  readonly #forbidden = listOf(forbiddenRanges);
  readonly #private = listOf(privateRanges);
  readonly #global = listOf(['2000::/3']);

  /** `address` is a literal one; what is none is forbidden. */
  kindOf(address: string): AddressKind {
    const inner = embeddedIpv4(address);
    // Forbidden by either spelling, private by the inner one.
    if (inner !== undefined)
      return this.#isIn(this.#forbidden, address) ? 'forbidden' : this.kindOf(inner);
    if (!isAddress(address) || this.#isIn(this.#forbidden, address)) return 'forbidden';
    if (this.#isIn(this.#private, address)) return 'private';
    // All of IPv6 that is neither is not given out yet.
    return isIPv6(address) && !this.#isIn(this.#global, address) ? 'forbidden' : 'public';
  }

  /** What a name says by itself, before anybody is asked; `public` for most. */
  kindOfName(host: string): AddressKind {
    const name = withoutBrackets(host).toLowerCase().replace(/\.$/, '');
    if (isAddress(name)) return this.kindOf(name);
    if (metadataNames.has(name)) return 'forbidden';
    return name === 'localhost' || name.endsWith('.localhost') ? 'private' : 'public';
  }

  #isIn(list: BlockList, address: string): boolean {
    return list.check(address.replace(/%.*$/, ''), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
}

export function isAllowed(kind: AddressKind, allowsPrivate: boolean): boolean {
  return kind === 'public' || (kind === 'private' && allowsPrivate);
}

const forbiddenRanges = [
  // Metadata services of clouds.
  '169.254.169.254/32',
  '169.254.169.253/32',
  '169.254.170.2/32',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  // «This host», multicast, reserved, broadcast.
  '0.0.0.0/8',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'ff00::/8',
];

const privateRanges = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  // Documentation, 6to4 relays, benchmarks: used as private ones here and there.
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
];

const metadataNames: ReadonlySet<string> = new Set([
  'metadata.google.internal',
  'metadata.azure.internal',
  'instance-data.ec2.internal',
  'instance-data',
]);

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix = ''] = range.split('/');
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}
