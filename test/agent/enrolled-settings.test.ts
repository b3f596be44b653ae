import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeCredential } from '@ppe-pulse/protocol/enrolment';
import { loadConfig, trustOf } from '../../agent/src/config.ts';
import { choosePlace } from '../../agent/src/enrolment/choose-place.ts';
import {
  keepEnrolment,
  readEnrolment,
  type EnrolmentRecord,
} from '../../agent/src/enrolment/enrolment-record.ts';
import { takeCredential, type Way } from '../../agent/src/enrolment/take-credential.ts';
import {
  collector,
  fixedIdentity,
  goldenCredential,
  goldenFile,
  workstation,
} from '../support/enrolment-documents.ts';
import { tempDir } from '../support/temp-dir.ts';

const relay = fixedIdentity(5);
const direct: Way = { url: 'wss://pulse.example:8443', isRelay: false, relayKey: undefined };
const plainRelay: Way = { url: 'ws://10.0.0.5:8085', isRelay: true, relayKey: relay.publicKey };
const caPem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

function taken(way: Way, credential = goldenCredential) {
  const text = JSON.stringify(writeCredential(credential, (each) => collector.sign(each)));
  const file = { ...goldenFile, collector: { ...goldenFile.collector, caPem } };
  return takeCredential(text, { file, publicKey: workstation.publicKey, way });
}

function record(way: Way): EnrolmentRecord {
  const outcome = taken(way);
  if (outcome.kind === 'refused') throw new Error(outcome.because);
  return outcome.record;
}

/** Settings of a PC with these words in its file, enrolled or not. */
function settings(file: object, enrolled?: EnrolmentRecord) {
  const home = tempDir();
  mkdirSync(join(home, 'data'));
  writeFileSync(join(home, 'agent.yaml'), JSON.stringify(file));
  if (enrolled) keepEnrolment(join(home, 'data'), enrolled);
  return loadConfig(join(home, 'agent.yaml'), {});
}

describe('the settings of an enrolled PC', () => {
  it('name the collector of its file without a word of their own', () => {
    const { pins } = goldenFile.collector;
    const config = settings({}, record(direct));
    expect(trustOf(config)).toEqual({
      url: direct.url,
      publicKey: collector.publicKey,
      caPem,
      pins,
      relayOf: undefined,
      systemRoots: false,
    });
  });

  it('believe the system for the collector where the file says so, and keep what relays are known by', () => {
    const enrolled = record(direct);
    const operated = {
      ...enrolled,
      collector: { ...enrolled.collector, systemRoots: true } as const,
    };
    const { pins } = goldenFile.collector;
    expect(trustOf(settings({}, operated))).toMatchObject({ caPem, pins, systemRoots: true });
  });

  it('know a relay by the authority over TLS, and by its key without', () => {
    const secure = settings({}, record({ ...plainRelay, url: 'wss://10.0.0.5:8085' }));
    expect(trustOf(secure)).toMatchObject({ publicKey: undefined, relayOf: '4216' });
    expect(secure.collector.publicKey).toBe(collector.publicKey);
    const plain = settings({}, record(plainRelay));
    expect(trustOf(plain)).toMatchObject({ publicKey: relay.publicKey, relayOf: undefined });
  });

  it('win over the enrolment where they say something', () => {
    const url = 'wss://other.example:1';
    const own = settings({ collector: { url } }, record(plainRelay));
    expect(trustOf(own)).toMatchObject({ url, publicKey: collector.publicKey, relayOf: undefined });
    const certificate = '-----BEGIN CERTIFICATE-----\nBBBB';
    expect(settings({ relay: { certificate } }, record(direct)).relay.certificate).toBe(
      certificate,
    );
  });

  it('make the PC of a Штаб the relay of its ППЭ where the collector gave it a certificate', () => {
    const certificate = '-----BEGIN CERTIFICATE-----\nCCCC';
    const hq = { ...record(direct), relayCertificatePem: certificate };
    expect(settings({}, hq).relay).toMatchObject({ enabled: true, certificate, port: 8_085 });
    expect(settings({ relay: { port: 9_000 } }, hq).relay).toMatchObject({
      enabled: true,
      port: 9_000,
    });
    expect(settings({ relay: { enabled: false } }, hq).relay.enabled).toBe(false);
    expect(settings({}, record(direct)).relay.enabled).toBe(false);
  });

  it('are as before without one, and a damaged one is named', () => {
    expect(() => trustOf(settings({}))).toThrow('enrol this workstation first');
    const home = tempDir();
    writeFileSync(join(home, 'enrolment.json'), '{"format":"ppe-pulse.enrolled.v1"}');
    expect(() => readEnrolment(home)).toThrow('enrolment.json is damaged');
  });
});

describe('a credential', () => {
  it('keeps no code, and names no relay that the collector does not know', () => {
    expect(JSON.stringify(record(direct))).not.toContain(goldenFile.places[0]?.code);
    const strange = { ...plainRelay, relayKey: fixedIdentity(9).publicKey };
    const two = { ...goldenCredential, relays: [relay.publicKey, fixedIdentity(6).publicKey] };
    expect(taken(strange, two)).toEqual({ kind: 'refused', because: 'unknownRelay' });
    expect(taken(plainRelay, { ...goldenCredential, relays: [] })).toEqual({
      kind: 'refused',
      because: 'unknownRelay',
    });
  });
});

describe('the place of a PC', () => {
  const all = [
    { ...goldenFile.places[0], roomCode: '7777', role: 'hq', duty: 'main', number: 1 },
    { ...goldenFile.places[0], roomCode: '0012', role: 'kege', duty: 'main', number: 2 },
    { ...goldenFile.places[0], roomCode: '0012', role: 'kege', duty: 'main', number: 1 },
    { ...goldenFile.places[0], roomCode: '0012', role: 'kege', duty: 'reserve', number: 1 },
  ] as typeof goldenFile.places;

  it('is the only one that fits, or equal ones in their order', () => {
    expect(choosePlace(all.slice(0, 1), {})).toMatchObject({ kind: 'chosen' });
    expect(choosePlace(all, { role: 'kege', duty: 'main' })).toMatchObject({
      kind: 'chosen',
      places: [{ number: 1 }, { number: 2 }],
    });
    expect(choosePlace(all, { role: 'kege', duty: 'main', number: 2 })).toMatchObject({
      places: [{ number: 2 }],
    });
  });

  it('must be named where several differ', () => {
    expect(choosePlace(all, {})).toEqual({ kind: 'several' });
    expect(choosePlace(all, { roomCode: '0012' })).toEqual({ kind: 'several' });
    expect(choosePlace(all, { roomCode: '0013' })).toEqual({ kind: 'none' });
  });
});
