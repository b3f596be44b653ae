import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config-error.ts';

/** Files of the folder `tls` in the data folder. */
export const tlsFiles = {
  caKey: 'ca.key',
  ca: 'ca.crt',
  key: 'server.key',
  certificate: 'server.crt',
} as const;

/** What of a configuration says which certificate is served. */
export interface TlsChoice {
  readonly dataDir: string;
  /** Paths of the operator's own; empty for none. */
  readonly tls: { readonly certificate: string; readonly key: string };
}

/** The folder in a data folder. */
export function tlsFolder(dataDir: string): string {
  return join(dataDir, 'tls');
}

/** Paths of what is served: the operator's own, else those of `tls init`; undefined without TLS. */
export function servedFiles({
  tls,
  dataDir,
}: TlsChoice): { readonly key: string; readonly certificate: string } | undefined {
  const { certificate, key } = tls;
  if (certificate !== '' && key !== '') return { certificate, key };
  if (certificate !== '' || key !== '')
    throw new ConfigError('tls.certificate and tls.key go together: name both');
  const folder = tlsFolder(dataDir);
  const own = { certificate: join(folder, tlsFiles.certificate), key: join(folder, tlsFiles.key) };
  return existsSync(own.certificate) ? own : undefined;
}
