import { randomBytes } from 'node:crypto';
import {
  writeEnrolmentFile,
  type EnrolmentCollector,
  type SignedDocument,
} from '@ppe-pulse/protocol/enrolment';
import { isLoopback, type Site } from '@ppe-pulse/protocol';
import { randomToken } from '../access/secrets.ts';
import { codeHashOf } from './code-proof.ts';
import type { EnrolmentPlaceOf, WrittenCode } from './enrolment-code.ts';
import type { EnrolmentValidity } from './validity.ts';

/** What a file is made for. */
export interface FileOrder {
  readonly siteCode: string;
  readonly places: readonly EnrolmentPlaceOf[];
  readonly validity: EnrolmentValidity;
  readonly needsApproval: boolean;
  readonly collector: EnrolmentCollector;
  readonly account: string;
  readonly nowMs: number;
}

/** A file, and what the collector keeps of it: hashes of its codes. */
export interface MadeFile {
  readonly fileId: string;
  readonly document: SignedDocument;
  readonly codes: readonly WrittenCode[];
}

/** Makes a file with a fresh code for every place. The codes are nowhere but in it. */
export function makeFile(order: FileOrder, sign: (text: string) => string): MadeFile {
  const { siteCode, validity, collector, nowMs } = order;
  const fileId = randomId('f');
  const fresh = order.places.map((place) => ({
    place,
    codeId: randomId('e'),
    code: randomToken(),
  }));
  const document = writeEnrolmentFile(
    {
      fileId,
      siteCode,
      collector,
      validFromMs: validity.fromMs,
      validToMs: validity.toMs,
      createdAtMs: Math.round(nowMs),
      places: fresh.map(({ place: { roomCode, role, duty, number }, codeId, code }) => ({
        codeId,
        code,
        roomCode,
        role,
        duty,
        number,
      })),
    },
    sign,
  );
  const codes = fresh.map(({ place, codeId, code }) => ({
    ...unusedCode(order, place),
    codeId,
    fileId,
    codeHash: codeHashOf(code),
  }));
  return { fileId, document, codes };
}

/** The first address of a file at which a PC would speak in the clear beyond its machine. Pure. */
export function plainAddress({ urls, relayUrl }: EnrolmentCollector): string | undefined {
  const all = relayUrl === undefined ? urls : [...urls, relayUrl];
  // An address of IPv6 stands in brackets.
  const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');
  return all.find((url) => url.startsWith('ws:') && !isLoopback(hostOf(url)));
}

/** The places of a site's registry, in its order. */
export function placesOf({ code, rooms }: Site): EnrolmentPlaceOf[] {
  return rooms.flatMap((room) =>
    room.workstations.map(({ role, duty, number }) => ({
      siteCode: code,
      roomCode: room.code,
      role,
      duty,
      number,
    })),
  );
}

function unusedCode(
  { validity, needsApproval, account, nowMs }: FileOrder,
  place: EnrolmentPlaceOf,
): Omit<WrittenCode, 'codeId' | 'fileId' | 'codeHash'> {
  return {
    place,
    validFromMs: validity.fromMs,
    validToMs: validity.toMs,
    needsApproval,
    createdAtMs: Math.round(nowMs),
    createdBy: account,
    state: 'unused',
    holderKey: null,
    enrolledAtMs: null,
    way: null,
  };
}

function randomId(prefix: string): string {
  return `${prefix}-${randomBytes(8).toString('hex')}`;
}
