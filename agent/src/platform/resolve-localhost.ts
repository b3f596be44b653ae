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

function isLocalhost(host: string): boolean {
  return host.toLowerCase() === 'localhost';
}
