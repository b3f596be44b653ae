import 'reflect-metadata';
import { createPublicKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A private key and the certificate over its public half, both PEM. */
export interface KeyedCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

/** When a certificate holds, ms since 1970 UTC. */
export interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Positive and of 16 bytes: RFC 5280 wants at most 20. */
const SERIAL_BYTES = 16;

/** A certificate authority that signs servers only, and no other authority. */
export async function createCa(name: string, validity: Validity): Promise<KeyedCertificate> {
  const keyPem = newKeyPem();
  const keys = await signingKeys(keyPem);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=${name}`,
    ...datesOf(validity),
    signingAlgorithm: EC,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { keyPem, certificatePem: pemOf(certificate) };
}

/** A key of its own and its certificate for a server that is known by these names and addresses. */
export async function issueServer(
  ca: KeyedCertificate,
  hosts: readonly string[],
  validity: Validity,
): Promise<KeyedCertificate> {
  const keyPem = newKeyPem();
  const spki = createPublicKey(keyPem).export({ format: 'der', type: 'spki' });
  return { keyPem, certificatePem: await certify(ca, { spki, algorithm: EC, hosts }, validity) };
}

/** A certificate over a key that stays where it is. */
export async function issueOver(
  ca: KeyedCertificate,
  subject: { readonly spki: Buffer; readonly hosts: readonly string[] },
  validity: Validity,
): Promise<string> {
  return certify(ca, { ...subject, algorithm: { name: 'Ed25519' } }, validity);
}

async function certify(
  ca: KeyedCertificate,
  subject: {
    readonly spki: Buffer;
    readonly algorithm: webcrypto.AlgorithmIdentifier | webcrypto.EcKeyImportParams;
    readonly hosts: readonly string[];
  },
  validity: Validity,
): Promise<string> {
  const { spki, algorithm, hosts } = subject;
  const issuer = new X509Certificate(ca.certificatePem);
  const signing = await signingKeys(ca.keyPem);
  const publicKey = await webcrypto.subtle.importKey('spki', spki, algorithm, true, ['verify']);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    // Names of hosts stand in the extension: the common name is for people who look.
    subject: `CN=${hosts[0] ?? ''}`,
    issuer: issuer.subjectName,
    ...datesOf(validity),
    signingAlgorithm: EC,
    publicKey,
    signingKey: signing.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return pemOf(certificate);
}

function newKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: EC.namedCurve });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

async function signingKeys(keyPem: string): Promise<webcrypto.CryptoKeyPair> {
  const body = keyPem.replace(/-----[^-]+-----/g, '');
  const spki = createPublicKey(keyPem).export({ format: 'der', type: 'spki' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', Buffer.from(body, 'base64'), EC, false, [
      'sign',
    ]),
    publicKey: await webcrypto.subtle.importKey('spki', spki, EC, true, ['verify']),
  };
}

function newSerial(): string {
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  return serial.toString('hex');
}

function datesOf({ fromMs, toMs }: Validity): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(fromMs), notAfter: new Date(toMs) };
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}
