import { isIPv4, isIPv6 } from 'node:net';

/** The eight groups of an IPv6 address; undefined for what is none. */
export function groupsOf(address: string): readonly number[] | undefined {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return undefined;
  // A URL writes every spelling in one way: hexadecimal groups, the longest run of zeros left out.
  const canonical = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const before = hexGroups(head);
  if (tail === undefined) return before;
  const after = hexGroups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after];
}

/**
 * The IPv4 address that an IPv6 one stands for: mapped, compatible, NAT64, 6to4, Teredo. Where a
 * packet to it ends up is decided by that.
 */
export function embeddedIpv4(address: string): string | undefined {
  const groups = groupsOf(address);
  if (!groups) return undefined;
  const [first = 0, second = 0, third = 0] = groups;
  const inner = ipv4Of(groups[6] ?? 0, groups[7] ?? 0);
  const isZero = (from: number, to: number): boolean =>
    groups.slice(from, to).every((group) => group === 0);
  if (isZero(0, 5) && groups[5] === 0xffff) return inner;
  // `::` and `::1` are addresses of their own.
  if (isZero(0, 6) && !(groups[6] === 0 && (groups[7] ?? 0) <= 1)) return inner;
  // IPv4-translated, RFC 2765.
  if (isZero(0, 4) && groups[4] === 0xffff && groups[5] === 0) return inner;
  if (first === 0x64 && second === 0xff9b && isZero(2, 6)) return inner;
  if (first === 0x2002) return ipv4Of(second, third);
  if (first === 0x2001 && second === 0)
    return ipv4Of((groups[6] ?? 0) ^ 0xffff, (groups[7] ?? 0) ^ 0xffff);
  return undefined;
}

/** A host of a URL without the brackets of IPv6. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

export function isAddress(host: string): boolean {
  return isIPv4(host) || isIPv6(host);
}

function hexGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function ipv4Of(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
