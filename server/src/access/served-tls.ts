import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { join } from 'node:path';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import type { Log } from '../log.ts';
import { belongs } from './authority.ts';
import { servedFiles, type TlsChoice } from './tls-files.ts';

/** What a TLS server is opened with. */
export interface ServedTls {
  readonly key: string;
  readonly cert: string;
  readonly minVersion: 'TLSv1.2';
  readonly ticketKeys: Buffer;
}

/** A certificate that was replaced is taken up within this. */
const LOOK_MS = 5_000;
/** Of `setTicketKeys`: a name, a key and a MAC key. */
const TICKET_BYTES = 48;
/** A key that opens old tickets is thrown away after this; in TLS 1.3 a ticket alone opens nothing. */
const TICKET_LIFE_MS = 24 * 3_600_000;

/** Key and certificate, undefined for a collector without. Throws a `ConfigError` for damaged ones. */
export function readServedTls(config: TlsChoice, nowMs: number): ServedTls | undefined {
  const files = servedFiles(config);
  if (!files) return undefined;
  const { key, cert } = { key: readPem(files.key), cert: readPem(files.certificate) };
  if (!belongs(cert, key))
    throw new ConfigError(`${files.certificate} and ${files.key} do not belong together`);
  return { key, cert, minVersion: 'TLSv1.2', ticketKeys: ticketKeys(config.dataDir, nowMs) };
}

/**
 * Follows the files: a certificate that is renewed is served without a restart, and a pair that does
 * not fit is told and the old one stays. Answers how to stop.
 */
export function followTls(
  server: Server,
  config: TlsChoice,
  world: { readonly log: Log; readonly nowMs: () => number; readonly taken: (pem: string) => void },
): () => void {
  const files = servedFiles(config);
  if (!files) return () => undefined;
  let seen = changedMs(files.certificate);
  const timer = setInterval(() => {
    const now = changedMs(files.certificate);
    if (now === seen) return;
    try {
      const served = readServedTls(config, world.nowMs());
      seen = now;
      if (!served) return;
      server.setSecureContext(served);
      world.taken(served.cert);
      world.log.info({ certificate: files.certificate }, 'a new certificate is served');
    } catch (error) {
      // What a person must change is told once; what the system refuses now is tried again.
      if (error instanceof ConfigError) seen = now;
      world.log.error({ error: String(error) }, 'a new certificate is not taken');
    }
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Tickets outlive a restart: three thousand agents that come back at once take their sessions up again
 * instead of paying for whole handshakes.
 */
function ticketKeys(dataDir: string, nowMs: number): Buffer {
  const path = join(dataDir, 'tls-tickets.key');
  if (existsSync(path) && nowMs - changedMs(path) < TICKET_LIFE_MS) {
    const kept = readFileSync(path);
    if (kept.length === TICKET_BYTES) return kept;
  }
  const fresh = randomBytes(TICKET_BYTES);
  writeFileSync(path, fresh, { mode: 0o600 });
  return fresh;
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)})`);
  }
}
