import { isIP } from 'node:net';

/**
 * Where to connect for a host of the configuration. `localhost` is this PC and no name to look up: a
 * resolver that is silent delays it by 40 s where the hosts file does not have it.
 */
export function dialHost(host: string): string {
  return isLocalhost(host) ? '127.0.0.1' : host;
}

/** Options of an HTTP request that keep the name in its head and go to the address. */
export function dialOptions(url: URL): {
  readonly hostname?: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  if (!isLocalhost(url.hostname)) return { headers: {} };
  return { hostname: dialHost(url.hostname), headers: { host: url.host } };
}

/**
 * True for a name that somebody must be asked for: in mode `quiet` nothing is looked up, so a device
 * of a quiet room is configured by its address.
 */
export function needsResolver(host: string | undefined): boolean {
  return host !== undefined && isIP(host) === 0 && !isLocalhost(host);
}

/** The host of a device's address, without the brackets of IPv6; undefined for none. */
export function hostOf(address: string | undefined): string | undefined {
  // A scheme that URL does not know has no host for it.
  const url = address?.replace(/^[a-z]+:/, 'http:');
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replaceAll(/^\[|\]$/g, '');
}

function isLocalhost(host: string): boolean {
  return host.toLowerCase() === 'localhost';
}
