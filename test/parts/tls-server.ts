import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { onTestFinished } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import { hasPart } from '../support/has-part.ts';

/** Certificates of a test: made at run time, gone with it. */
export interface Certificates {
  /** PEM text of the CA that signed all but the self-signed one. */
  readonly ca: string;
  /** Paths of PEM files, by what is right or wrong with the certificate. */
  readonly valid: CertificateFiles;
  readonly expired: CertificateFiles;
  readonly selfSigned: CertificateFiles;
  /** Of another name. */
  readonly misnamed: CertificateFiles;
}

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

const OPENSSL = '/usr/bin/openssl';
const DAY_MS = 86_400_000;
/** Days that the valid certificate has left, give or take the second it takes to make it. */
export const VALID_DAYS = 30;
const EXPIRED_DAYS = -3;

/** True when certificates can be made. In CI their absence is a failure, not a skip. */
export function hasOpenssl(): boolean {
  return hasPart(existsSync(OPENSSL), 'openssl');
}

/** A CA and its certificates for 127.0.0.1, localhost and `alsoFor`. */
export function makeCertificates(alsoFor: readonly string[] = []): Certificates {
  const directory = tempDir();
  const names = ['IP:127.0.0.1', 'DNS:localhost', ...alsoFor.map((each) => `IP:${each}`)].join(',');
  writeFileSync(join(directory, 'ca.conf'), caConfig(directory));
  writeFileSync(join(directory, 'index'), '');
  const openssl = (args: readonly string[]): void => {
    execFileSync(OPENSSL, args, { cwd: directory, stdio: 'pipe' });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const selfSign = (name: string, extension: string): void => {
    const out = ['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`];
    openssl(['req', '-x509', ...newKey, ...out, '-days', '60', '-addext', extension]);
  };
  const signed = (name: string, subjectAltName: string, days: number): CertificateFiles => {
    const out = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    openssl(['req', ...newKey, ...out]);
    writeFileSync(join(directory, `${name}.ext`), `subjectAltName=${subjectAltName}\n`);
    const files = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', `${name}.ext`];
    const now = Date.now();
    const from = ['-startdate', asn1(now - 60 * DAY_MS)];
    const to = ['-enddate', asn1(now + days * DAY_MS)];
    const how = ['-config', 'ca.conf', '-batch', '-notext', '-create_serial'];
    openssl(['ca', ...how, ...files, ...from, ...to]);
    return filesOf(name);
  };
  const filesOf = (name: string): CertificateFiles => ({
    certificate: join(directory, `${name}.pem`),
    key: join(directory, `${name}.key`),
  });
  selfSign('ca', 'keyUsage=critical,keyCertSign');
  selfSign('self', `subjectAltName=${names}`);
  return {
    ca: readFileSync(join(directory, 'ca.pem'), 'utf8'),
    valid: signed('valid', names, VALID_DAYS),
    expired: signed('expired', names, EXPIRED_DAYS),
    misnamed: signed('misnamed', 'DNS:portal.example', VALID_DAYS),
    selfSigned: filesOf('self'),
  };
}

/** A TLS server on loopback with a certificate; answers its port. */
export function tlsServer(files: CertificateFiles): Promise<number> {
  const server = createTls(
    { cert: readFileSync(files.certificate), key: readFileSync(files.key) },
    (socket) => socket.on('error', () => socket.destroy()),
  );
  return listen(server);
}

/** Accepts connections and says nothing. */
export function muteServer(): Promise<number> {
  return listen(createTcp((socket) => socket.on('error', () => socket.destroy()).resume()));
}

/** Speaks something that is not TLS. */
export function gibberishServer(): Promise<number> {
  return listen(
    createTcp((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end('220 mail.example ready\r\n');
    }),
  );
}

/** A port of loopback where nobody listens. */
export async function refusingPort(): Promise<number> {
  const server = createTcp();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** `openssl ca` is the one command of OpenSSL 3.0 that takes dates in the past. */
function caConfig(directory: string): string {
  return `[ca]
default_ca = own
[own]
database = ${join(directory, 'index')}
new_certs_dir = ${directory}
serial = ${join(directory, 'serial')}
certificate = ${join(directory, 'ca.pem')}
private_key = ${join(directory, 'ca.key')}
default_md = sha256
unique_subject = no
policy = anything
[anything]
commonName = supplied
`;
}

/** YYYYMMDDHHMMSSZ. */
function asn1(ms: number): string {
  return `${new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
}
