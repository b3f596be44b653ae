import { isIPv4 } from 'node:net';

/** How many sockets may be open whose peers have not shown who they are. */
export interface UnprovenBounds {
  readonly inAll: number;
  /** Of one address; of one /64 for IPv6, which is what one peer can have to itself. */
  readonly perAddress: number;
}

/** A place among the unproven, or why there is none. */
export type Admission =
  | { readonly kind: 'admitted'; readonly leave: () => void }
  | { readonly kind: 'refused'; readonly reason: 'tooManyUnproven' | 'tooManyOfAddress' };

/**
 * Bounds what strangers can take of the collector's memory. Those who are let in hold a place until
 * they have proven themselves or are gone; those who find no place are told to come back.
 */
export class UnprovenSockets {
  readonly #bounds: UnprovenBounds;
  readonly #byAddress = new Map<string, number>();
  #count = 0;

  constructor(bounds: UnprovenBounds) {
    this.#bounds = bounds;
  }

  /** Places that are taken now. */
  get count(): number {
    return this.#count;
  }

  /** Takes a place; its `leave` may be called more than once. */
  admit(address: string): Admission {
    const network = networkOf(address);
    const ofAddress = this.#byAddress.get(network) ?? 0;
    if (ofAddress >= this.#bounds.perAddress) {
      return { kind: 'refused', reason: 'tooManyOfAddress' };
    }
    if (this.#count >= this.#bounds.inAll) return { kind: 'refused', reason: 'tooManyUnproven' };
    this.#byAddress.set(network, ofAddress + 1);
    this.#count += 1;
    let isHere = true;
    return {
      kind: 'admitted',
      leave: () => {
        if (isHere) this.#leave(network);
        isHere = false;
      },
    };
  }

  #leave(network: string): void {
    this.#count -= 1;
    const left = (this.#byAddress.get(network) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(network, left);
    else this.#byAddress.delete(network);
  }
}

/** An IPv4 address as it is, also when it came mapped into IPv6; the /64 of an IPv6 one. */
export function networkOf(address: string): string {
  const plain = address.toLowerCase().replace(/%.*$/, '');
  const mapped = plain.replace(/^::ffff:/, '');
  if (isIPv4(mapped)) return mapped;
  const [front = '', back] = plain.split('::');
  const groups = front === '' ? [] : front.split(':');
  const behind = back === undefined || back === '' ? [] : back.split(':');
  const missing = back === undefined ? 0 : Math.max(0, 8 - groups.length - behind.length);
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...behind];
  return `${all.slice(0, 4).join(':')}::/64`;
}
