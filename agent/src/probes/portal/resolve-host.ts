import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { dialHost } from '../../platform/resolve-localhost.ts';

/** How a name is looked up. */
export interface ResolveOptions {
  /** 0 for whatever the system prefers. */
  readonly family: 0 | 4 | 6;
  readonly deadlineMs: number;
}

/** The system's resolver is asked, hosts file and all: what the browser on this PC would do. */
const MAX_ADDRESSES = 3;

/**
 * Addresses of a host in the system's order, at most three; none when the name has no address or the
 * resolver is silent. An address is its own answer, `localhost` is 127.0.0.1. Rejects only with the
 * reason of an abort.
 *
 * The system's call cannot be taken back: one that hangs keeps a thread until it gives up (about
 * 10 s), so look-ups are for probes that run once a minute or less.
 */
export function resolveHost(
  host: string,
  options: ResolveOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const settle = (addresses: readonly string[]): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(addresses);
    };
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => settle([]), options.deadlineMs);
    signal.addEventListener('abort', onAbort, { once: true });
    void askResolver(host, options.family).then(settle);
  });
}

/** The same without a deadline: for who must know when the system's call has ended. Never rejects. */
export function askResolver(host: string, family: 0 | 4 | 6 = 0): Promise<readonly string[]> {
  const address = family === 6 ? host : dialHost(host);
  if (isIP(address) !== 0) return Promise.resolve([address]);
  return new Promise((resolve) => {
    lookup(address, { all: true, family }, (error, found) => {
      resolve(error ? [] : found.slice(0, MAX_ADDRESSES).map((each) => each.address));
    });
  });
}
