import { Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { leaveCertificate, takeCertificateAway } from './access/own-tls.ts';
import { followTls, type ServedTls } from './access/served-tls.ts';
import type { Api } from './api/http.ts';
import { ConfigError } from './config-error.ts';
import { codeOf, type CollectorConfig } from './config.ts';
import type { Log } from './log.ts';

/** Commands of this machine know the collector by what it shows; answers how to take that away. */
export function showTls(
  app: Api,
  config: CollectorConfig,
  tls: ServedTls | undefined,
  world: { readonly log: Log; readonly nowMs: () => number },
): () => Promise<void> {
  const { dataDir } = config;
  if (!tls || !(app.server instanceof SecureServer)) {
    takeCertificateAway(dataDir);
    return async () => undefined;
  }
  leaveCertificate(dataDir, tls.cert);
  const stop = followTls(app.server, config, {
    ...world,
    taken: (pem) => leaveCertificate(dataDir, pem),
  });
  return async () => {
    stop();
    takeCertificateAway(dataDir);
  };
}

/** Opens the port; answers the address with the port that was really taken. */
export async function listen(app: Api, { host, port }: CollectorConfig): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') {
      throw new ConfigError(
        `port ${port} on ${host} is used by another program: stop it, or choose another with --port`,
      );
    }
    throw new ConfigError(
      `cannot listen on ${host}:${port} (${code}): choose another address with --host and --port`,
    );
  }
  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const scheme = app.server instanceof SecureServer ? 'https' : 'http';
  return `${scheme}://${name}:${address.port}`;
}
