import { createHmac, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ENROLMENT_FILE_CHARACTERS,
  enrolmentRequestText,
  readEnrolmentRequest,
  signDocument,
  writeCredential,
  writeEnrolmentFile,
} from '@ppe-pulse/protocol/enrolment';
import { makeRequest } from '../../agent/src/enrolment/make-request.ts';
import { isSignedBy } from '../../agent/src/platform/identity.ts';
import { isCodeProof, codeHashOf } from '../../server/src/enrolment/code-proof.ts';
import {
  collector,
  fixedIdentity,
  goldenCredential,
  goldenFile,
  readFile,
  readTheirs,
  workstation,
} from '../support/enrolment-documents.ts';
import { fuzzed } from '../support/fuzz.ts';

const directory = join(import.meta.dirname, '..', 'fixtures', 'enrolment');
const golden = (name: string): string => readFileSync(join(directory, name), 'utf8');

const [, place] = goldenFile.places;
if (!place) throw new Error('the golden file has two places');
const made = {
  file: writeEnrolmentFile(goldenFile, (text) => collector.sign(text)),
  request: makeRequest(goldenFile, place, workstation),
  credential: writeCredential(goldenCredential, (text) => collector.sign(text)),
};
const file = golden('file.json');
const request = golden('request.json');
const credential = golden('credential.json');

describe('golden documents of an enrolment', () => {
  it('are read as they were written, and written again to the byte', () => {
    expect(readFile(file)).toEqual({ kind: 'read', value: goldenFile });
    expect(readEnrolmentRequest(request)).toEqual(made.request);
    expect(readTheirs(credential)).toEqual({ kind: 'read', value: goldenCredential });
    expect([file, request, credential].map((text) => text.trim())).toEqual(
      [made.file, made.request, made.credential].map((each) => JSON.stringify(each)),
    );
  });

  it('hold what PROTOCOL.md says of proofs', () => {
    const { codeProof, signature, publicKey } = made.request;
    const text = [
      'ppe-pulse.enrolment-request.v1',
      made.request.collectorId,
      made.request.fileId,
      made.request.codeId,
      publicKey,
      made.request.siteCode,
    ].join('\n');
    expect(enrolmentRequestText(made.request)).toBe(text);
    const key = createHash('sha256').update(Buffer.from(place.code, 'base64url')).digest();
    expect(codeProof).toBe(createHmac('sha256', key).update(text).digest('base64url'));
    expect(isSignedBy(publicKey, text, signature)).toBe(true);
    expect(isCodeProof(codeHashOf(place.code), text, codeProof)).toBe(true);
    expect(request).not.toContain(place.code);
  });
});

describe('a request', () => {
  it.each(['collectorId', 'fileId', 'codeId', 'publicKey', 'siteCode'] as const)(
    'proves nothing under another %s',
    (field) => {
      const strange = {
        collectorId: 'c-00000000000000ff',
        fileId: 'f-00000000000000ff',
        codeId: 'e-00000000000000ff',
        publicKey: fixedIdentity(7).publicKey,
        siteCode: '4217',
      };
      const altered = { ...made.request, [field]: strange[field] };
      const text = enrolmentRequestText(altered);
      expect(isCodeProof(codeHashOf(place.code), text, altered.codeProof)).toBe(false);
      expect(isSignedBy(made.request.publicKey, text, altered.signature)).toBe(false);
    },
  );

  it('proves nothing with the code of another place', () => {
    const [other] = goldenFile.places;
    const text = enrolmentRequestText(made.request);
    expect(isCodeProof(codeHashOf(other?.code ?? ''), text, made.request.codeProof)).toBe(false);
    expect(isCodeProof(codeHashOf(place.code), text, '')).toBe(false);
  });

  it('is not read with a field more, a field less or longer than any', () => {
    expect(readEnrolmentRequest(JSON.stringify({ ...made.request, code: place.code }))).toBe(
      undefined,
    );
    expect(readEnrolmentRequest(request.replace('"siteCode":"4216",', ''))).toBe(undefined);
    expect(readEnrolmentRequest(request + ' '.repeat(5_000))).toBe(undefined);
    expect(readEnrolmentRequest('null')).toBe(undefined);
  });
});

describe('a document', () => {
  const refusedFile = (text: string): string => {
    const reading = readFile(text);
    return reading.kind === 'refused' ? reading.because : 'read';
  };
  const refusedCredential = (text: string, publicKey?: string): string => {
    const reading = readTheirs(text, publicKey);
    return reading.kind === 'refused' ? reading.because : 'read';
  };
  const signed = (value: object, format = 'ppe-pulse.enrolment.v1'): string =>
    JSON.stringify(signDocument(format, JSON.stringify(value), (text) => collector.sign(text)));

  it('says what is wrong with it', () => {
    expect(refusedFile(' '.repeat(ENROLMENT_FILE_CHARACTERS + 1))).toBe('tooBig');
    expect(refusedFile(file.slice(0, -20))).toBe('notJson');
    expect(refusedFile('[]')).toBe('otherFormat');
    expect(refusedFile(credential)).toBe('otherFormat');
    expect(refusedFile(file.replace('enrolment.v1', 'enrolment.v2'))).toBe('newerFormat');
    expect(refusedFile(file.replace('4216', '4217'))).toBe('badSignature');
    expect(refusedFile(JSON.stringify({ ...made.file, text: '{}' }))).toBe('wrongShape');
    expect(refusedFile(JSON.stringify({ ...made.file, signature: 5 }))).toBe('wrongShape');
    expect(refusedCredential(file)).toBe('otherFormat');
    expect(refusedCredential(credential, fixedIdentity(7).publicKey)).toBe('otherKey');
    expect(refusedCredential(credential.replace('kege', 'scan'))).toBe('badSignature');
  });

  it('is not taken with a signature of another kind of document, also of the right key', () => {
    const asFile = signDocument('ppe-pulse.credential.v1', made.file.text, (text) =>
      collector.sign(text),
    );
    expect(refusedFile(JSON.stringify({ ...asFile, format: made.file.format }))).toBe(
      'badSignature',
    );
  });

  it('is not taken when it contradicts itself', () => {
    const { collector: own } = goldenFile;
    const strange = { ...goldenFile, collector: { ...own, id: 'c-00000000000000ff' } };
    expect(refusedFile(signed(strange))).toBe('wrongShape');
    expect(refusedFile(signed({ ...goldenFile, validToMs: goldenFile.validFromMs }))).toBe(
      'wrongShape',
    );
    expect(refusedFile(signed({ ...goldenFile, places: [place, place] }))).toBe('wrongShape');
    expect(refusedFile(signed({ ...goldenFile, places: [] }))).toBe('wrongShape');
    const elsewhere = { ...goldenCredential, collectorId: 'c-00000000000000ff' };
    expect(refusedCredential(signed(elsewhere, made.credential.format))).toBe('wrongShape');
  });

  it('that was damaged anyhow is never taken for another, and reading it never throws', () => {
    const all = [file, request, credential].map((text) => Buffer.from(text));
    fuzzed('enrolment documents', all, (bytes) => {
      const text = bytes.toString('utf8');
      const readings = [readFile(text), readTheirs(text)];
      // What is outside of the text, blanks and unknown fields, says nothing.
      const [asFile, asCredential] = readings;
      if (asFile?.kind === 'read') expect(asFile.value).toEqual(goldenFile);
      if (asCredential?.kind === 'read') expect(asCredential.value).toEqual(goldenCredential);
      const asked = readEnrolmentRequest(text);
      if (!asked) return;
      const proven = enrolmentRequestText(asked);
      const isProven =
        isCodeProof(codeHashOf(place.code), proven, asked.codeProof) &&
        isSignedBy(asked.publicKey, proven, asked.signature);
      if (isProven) expect(proven).toBe(enrolmentRequestText(made.request));
    });
  });
});
