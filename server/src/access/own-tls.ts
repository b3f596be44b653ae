import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PeerCertificate } from 'node:tls';

/** How commands of this machine know the collector that runs on it, by the file that it left. */
export interface OwnTls {
  readonly ca: string;
  readonly allowPartialTrustChain: true;
  readonly minVersion: 'TLSv1.2';
  readonly rejectUnauthorized: true;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** What the running collector shows; beside its address. */
const CERTIFICATE_FILE = 'collector.cert';

/** Leaves the certificate for commands of this machine. */
export function leaveCertificate(dataDir: string, certificatePem: string): void {
  writeFileSync(join(dataDir, CERTIFICATE_FILE), certificatePem);
}

export function takeCertificateAway(dataDir: string): void {
  rmSync(join(dataDir, CERTIFICATE_FILE), { force: true });
}

/**
 * That very certificate and no other, whatever names stand in it: an operator's own is for the name of
 * his server and not for this machine's address. Undefined for a collector without TLS.
 */
export function ownTls(dataDir: string | undefined): OwnTls | undefined {
  const pem = dataDir === undefined ? undefined : readPem(join(dataDir, CERTIFICATE_FILE));
  if (pem === undefined) return undefined;
  const own = new X509Certificate(pem);
  return {
    ca: pem,
    allowPartialTrustChain: true,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    checkServerIdentity: (_host, { raw }) =>
      own.raw.equals(raw) ? undefined : new Error('another certificate than the collector left'),
  };
}

function readPem(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
