import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ENROL_PATH, writeEnrolmentFile } from '@ppe-pulse/protocol/enrolment';
import { makeRequest } from '../../agent/src/enrolment/make-request.ts';
import { answerStickRequests, requestFileOf } from '../../agent/src/enrolment/stick-requests.ts';
import { collector, goldenFile, workstation } from '../support/enrolment-documents.ts';
import { examPc } from '../support/enrolment.ts';
import { tempDir } from '../support/temp-dir.ts';

const isPosix = process.platform !== 'win32';
const VICTIM = 'what nobody may overwrite';
const REQUEST = '.enrolment-request.json';
const ids = [1, 2, 3, 4].map((digit) => `w-${String(digit).repeat(16)}`);

/** A listener that gives everybody who asks a credential. */
async function generous() {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked += 1;
      response.writeHead(request.url === ENROL_PATH ? 200 : 404).end('{"a":"credential"}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `ws://127.0.0.1:${port}`;
  const trust = { url, caPem: undefined, pins: [], relayOf: undefined, systemRoots: false };
  return { trust: () => trust, asked: () => asked };
}

function victim(): string {
  const path = join(tempDir(), 'victim');
  writeFileSync(path, VICTIM);
  return path;
}

describe.runIf(isPosix)('a flash drive that means it ill', () => {
  it('gets no file of this PC written over, and none is read through its links', async () => {
    const stick = tempDir();
    const pathOf = (id: string | undefined): string => requestFileOf(stick, '4216', id ?? '');
    const [place] = goldenFile.places;
    const request = place && JSON.stringify(makeRequest(goldenFile, place, workstation));
    if (request === undefined) throw new Error('the file has no place');
    const [sound, linked, piped, folder] = ids;
    writeFileSync(pathOf(sound), request);
    const target = victim();
    const credential = pathOf(sound).replace(REQUEST, '.credential.json');
    symlinkSync(target, credential);
    symlinkSync(target, `${credential}.tmp`);
    const secret = join(tempDir(), 'request');
    writeFileSync(secret, request);
    symlinkSync(secret, pathOf(linked));
    execFileSync('mkfifo', [pathOf(piped)]);
    mkdirSync(pathOf(folder));

    const { trust, asked } = await generous();
    const outcomes = await answerStickRequests(stick, trust);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'credential',
      'strange',
      'strange',
      'strange',
    ]);
    expect(asked()).toBe(1);
    expect(readFileSync(target, 'utf8')).toBe(VICTIM);
    expect(lstatSync(credential).isFile()).toBe(true);
    expect(readFileSync(credential, 'utf8')).toBe('{"a":"credential"}');
  });

  it('is not written through by a PC that asks, nor waited for by one that takes', async () => {
    const stick = tempDir();
    const file = join(stick, 'ppe.enrolment.json');
    const document = writeEnrolmentFile(goldenFile, (text) => collector.sign(text));
    writeFileSync(file, JSON.stringify(document));
    const pc = examPc();
    const enroll = async (...flags: string[]) => pc.enroll(file, '--role', 'hq', ...flags);
    const first = JSON.parse((await enroll('--request', stick, '--json')).output) as {
      request: string;
    };
    const target = victim();
    execFileSync('ln', ['-sf', target, first.request]);
    expect(await enroll('--request', stick)).toMatchObject({ code: 0 });
    expect(readFileSync(target, 'utf8')).toBe(VICTIM);
    expect(lstatSync(first.request).isFile()).toBe(true);

    const pipe = join(stick, 'ppe.credential.json');
    execFileSync('mkfifo', [pipe]);
    const waited = await enroll('--credential', pipe);
    expect(waited).toMatchObject({ code: 78 });
    expect(waited.errors).toContain('NOT_A_FILE');
  });
});
