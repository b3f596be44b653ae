import { lookup } from 'node:dns/promises';
import { isAllowed, type AddressPolicy } from './address-policy.ts';
import { isAddress, withoutBrackets } from './ip-address.ts';

/** An address that a name stands for. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Asks what a name stands for; throws as `dns.lookup` does. */
export type ResolveName = (name: string) => Promise<readonly ResolvedAddress[]>;

/**
 * Names that are asked at once. The system's resolver takes a thread of four, for as long as a dead
 * server of names lets it wait; the files of the collector need the others.
 */
const MAX_ASKED = 2;

/** Asks the system, hosts file included. The same name is asked once at a time. */
export function systemResolver(ask: ResolveName = askSystem): ResolveName {
  const asked = new Map<string, Promise<readonly ResolvedAddress[]>>();
  const queue: (() => void)[] = [];
  let running = 0;
  const next = (): void => {
    running -= 1;
    queue.shift()?.();
  };
  const askInTurn = async (name: string): Promise<readonly ResolvedAddress[]> => {
    if (running >= MAX_ASKED) await new Promise<void>((resolve) => queue.push(resolve));
    running += 1;
    try {
      return await ask(name);
    } finally {
      asked.delete(name);
      next();
    }
  };
  return (name) => {
    const known = asked.get(name);
    if (known) return known;
    const answer = askInTurn(name);
    asked.set(name, answer);
    return answer;
  };
}

/** Addresses that were judged; `refused` names nobody: which of them it was is not for receivers. */
export type HostAddresses =
  | { readonly kind: 'addresses'; readonly addresses: readonly ResolvedAddress[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown' };

/**
 * The addresses that a connection may go to. One bad address among good ones refuses the host: which of
 * them a connection would take is not ours to choose.
 */
export async function addressesOf(
  host: string,
  allowsPrivate: boolean,
  by: { readonly policy: AddressPolicy; readonly resolve: ResolveName },
): Promise<HostAddresses> {
  const name = withoutBrackets(host);
  if (!isAllowed(by.policy.kindOfName(name), allowsPrivate)) return { kind: 'refused' };
  if (isAddress(name)) {
    return { kind: 'addresses', addresses: [{ address: name, family: familyOf(name) }] };
  }
  const addresses = await by.resolve(name).catch(() => []);
  if (addresses.length === 0) return { kind: 'unknown' };
  const isGood = addresses.every(({ address }) =>
    isAllowed(by.policy.kindOf(address), allowsPrivate),
  );
  return isGood ? { kind: 'addresses', addresses } : { kind: 'refused' };
}

function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

async function askSystem(name: string): Promise<readonly ResolvedAddress[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => ({ address, family: familyOf(address) }));
}
