import {
  readCredential,
  readEnrolmentFile,
  type Credential,
  type EnrolmentFile,
} from '@ppe-pulse/protocol/enrolment';
import { enrolmentKeys } from '../../agent/src/enrolment/enrolment-keys.ts';
import { collectorIdOf, identityOf, type Identity } from '../../agent/src/platform/identity.ts';

/** PKCS #8 of an Ed25519 key, before its 32 bytes (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The same key at every run, by a number. */
export function fixedIdentity(byte: number): Identity {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, byte)]).toString('base64');
  return identityOf(`-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`);
}

export const collector = fixedIdentity(1);
export const workstation = fixedIdentity(2);
export const collectorId = collectorIdOf(collector.publicKey);
const codeOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64url');

/** What the golden file holds. */
export const goldenFile: EnrolmentFile = {
  fileId: 'f-00000000000000f1',
  siteCode: '4216',
  collector: {
    id: collectorId,
    publicKey: collector.publicKey,
    urls: ['wss://pulse.example:8443'],
    caPem: null,
    pins: [`sha256/${Buffer.alloc(32, 9).toString('base64')}`],
  },
  // 2024-05-08 to 2024-05-16, whole days in Novokuznetsk.
  validFromMs: 1_715_101_200_000,
  validToMs: 1_715_878_800_000,
  createdAtMs: 1_715_000_000_000,
  places: [
    {
      codeId: 'e-00000000000000e1',
      code: codeOf(3),
      roomCode: '7777',
      role: 'hq',
      duty: 'main',
      number: 1,
    },
    {
      codeId: 'e-00000000000000e2',
      code: codeOf(4),
      roomCode: '0012',
      role: 'kege',
      duty: 'reserve',
      number: 2,
    },
  ],
};

/** What the golden credential holds. */
export const goldenCredential: Credential = {
  agentId: workstation.agentId,
  publicKey: workstation.publicKey,
  placement: {
    siteCode: '4216',
    roomCode: '0012',
    role: 'kege',
    duty: 'reserve',
    simulated: false,
  },
  collectorId,
  validFromMs: goldenFile.validFromMs,
  validToMs: goldenFile.validToMs,
  issuedAtMs: 1_715_101_260_000,
  state: 'active',
  relays: [fixedIdentity(5).publicKey],
};

export const readFile = (text: string) => readEnrolmentFile(text, enrolmentKeys);
export const readTheirs = (text: string, publicKey = workstation.publicKey) =>
  readCredential(text, { collectorKey: collector.publicKey, publicKey }, enrolmentKeys);
