import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits, type AgentPlan } from '@ppe-pulse/protocol';
import {
  compareVersions,
  freezeAt,
  judgeUpdate,
  readUpdateManifest,
  splitUpdateBundle,
  updateRefusals,
  updateRootOf,
  type UpdateFacts,
} from '@ppe-pulse/protocol/update';
import { isSignedBy } from '../../agent/src/platform/signature.ts';
import {
  newSigner,
  rootOf,
  signatureOf,
  updateOf,
  type MadeUpdate,
} from '../support/update-kit.ts';

const nowMs = Date.parse('2024-05-01T00:00:00Z');
const [ann, ben, cyd, eve] = [newSigner(), newSigner(), newSigner(), newSigner()];
const root = rootOf([ann, ben, cyd]);
const facts: UpdateFacts = {
  version: '0.1.0',
  runtime: '24.21.0',
  bad: [],
  isFrozen: false,
  freeBytes: 1e9,
};

interface Case {
  readonly update?: Partial<MadeUpdate>;
  readonly facts?: Partial<UpdateFacts>;
  readonly now?: number;
}

function judged({ update, facts: other, now = nowMs }: Case = {}): string {
  const offer = { ...updateOf('agent', [ann, ben]), ...update };
  const judgement = judgeUpdate(offer, { root, isSignedBy }, { ...facts, ...other }, now);
  return judgement.kind === 'accepted' ? 'accepted' : judgement.reason;
}

const part = (fields: object): MadeUpdate => updateOf('agent', [ann, ben], fields);
const made = updateOf('agent', [ann, ben]);
const cases: Readonly<Record<(typeof updateRefusals)[number], readonly Case[]>> = {
  badManifest: [
    { update: { manifest: '{' } },
    { update: part({ version: '0.2' }) },
    { update: part({ version: '../0.2.0' }) },
    { update: part({ runtime: '24' }) },
    { update: part({ sha256: 'x' }) },
    { update: part({ size: 0 }) },
    { update: part({ packedSize: limits.updatePackedBytes + 1 }) },
    { update: part({ expiresAt: '2024-04-01T00:00:00.000Z' }) },
    { update: part({ expiresAt: 'later' }) },
    { update: part({ note: 'ё' }) },
    { update: part({ nextRoot: { version: 2, threshold: 1, keys: [] } }) },
    { update: part({ nextRoot: rootOf([ann, ben], 3) }) },
    { update: { manifest: `${made.manifest}${' '.repeat(limits.updateManifestCharacters)}` } },
  ],
  otherProduct: [{ update: part({ product: 'ppe-pulse-collector' }) }],
  unknownKey: [
    { update: updateOf('agent', [ann, eve]) },
    { update: updateOf('agent', [ann, ben, eve]) },
    { update: part({ rootVersion: 2 }) },
  ],
  sameKeyTwice: [{ update: updateOf('agent', [ann, ann]) }],
  tampered: [
    { update: { manifest: made.manifest.replace('0.2.0', '0.3.0') } },
    { update: { manifest: `${made.manifest} ` } },
    {
      update: {
        signatures: [
          signatureOf(ann, made.manifest),
          { ...signatureOf(ann, made.manifest), keyId: ben.id },
        ],
      },
    },
  ],
  tooFewSignatures: [
    { update: updateOf('agent', []) },
    { update: updateOf('agent', [cyd]) },
    // The old set alone does not hand on to a new one, nor the new one to itself.
    { update: updateOf('agent', [ann, ben], { nextRoot: rootOf([cyd, eve], 2) }) },
    { update: updateOf('agent', [cyd, eve], { nextRoot: rootOf([cyd, eve], 2) }) },
  ],
  expired: [
    { update: part({ expiresAt: '2024-05-01T00:00:00.000Z' }) },
    { now: Date.parse('2099-01-01T00:00:00Z') },
  ],
  downgrade: [
    { facts: { version: '0.2.0' } },
    { facts: { version: '0.10.0' } },
    { facts: { version: '0.2.0-local' } },
  ],
  knownBad: [{ facts: { bad: ['0.1.9', '0.2.0'] } }],
  runtimeTooOld: [{ update: part({ runtime: '>=26' }) }],
  frozen: [{ facts: { isFrozen: true } }],
  noSpace: [{ facts: { freeBytes: 1_000_000 } }],
};

describe('an update', () => {
  it.each(
    updateRefusals.flatMap((reason) =>
      cases[reason].map((each, at) => [reason, at, each] as const),
    ),
  )('is refused: %s, case %i', (reason, _, each) => {
    expect(judged(each)).toBe(reason);
  });

  it('is accepted with two of three keys, and with all of them', () => {
    expect(judged()).toBe('accepted');
    expect(judged({ update: updateOf('agent', [cyd, ann]) })).toBe('accepted');
    expect(judged({ update: updateOf('agent', [ann, ben, cyd]) })).toBe('accepted');
  });

  it('brings new keys when a threshold of the old and one of the new signed it', () => {
    const next = rootOf([cyd, eve], 2);
    expect(judged({ update: updateOf('agent', [ann, ben, cyd, eve], { nextRoot: next }) })).toBe(
      'accepted',
    );
    // A key of both counts in both.
    expect(judged({ update: updateOf('agent', [ann, cyd, eve], { nextRoot: next }) })).toBe(
      'accepted',
    );
  });

  it('is never accepted once any byte of its manifest or of a signature is another', () => {
    const texts = [made.manifest, ...made.signatures.map(({ signature }) => signature)];
    fc.assert(
      fc.property(
        fc.nat(2),
        fc.nat(2_000),
        fc.integer({ min: 0x20, max: 0x7e }),
        (which, at, code) => {
          const text = texts[which] ?? '';
          const place = at % text.length;
          const changed = text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1);
          fc.pre(changed !== text);
          const signatures = made.signatures.map((each, index) =>
            index === which - 1 ? { ...each, signature: changed } : each,
          );
          // The last character of base64url holds bits that nobody reads: the same bytes are the same.
          fc.pre(
            which === 0 ||
              !Buffer.from(changed, 'base64url').equals(Buffer.from(text, 'base64url')),
          );
          const update = which === 0 ? { manifest: changed } : { signatures };
          expect(judged({ update })).not.toBe('accepted');
        },
      ),
      { seed: 909, numRuns: 1_000 },
    );
  });
});

describe('a bundle', () => {
  it('is split into what it was joined of, and read without a schema library', () => {
    const bundle = splitUpdateBundle(made.file);
    expect(bundle?.manifest).toBe(made.manifest);
    expect(bundle?.signatures).toEqual(made.signatures);
    expect(Buffer.from(bundle?.packed ?? []).equals(made.packed)).toBe(true);
    expect(readUpdateManifest(made.manifest)).toMatchObject({ version: '0.2.0', runtimeMajor: 20 });
  });

  it('never makes the reader throw, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const bytes = Buffer.from(made.file);
        bytes[at % bytes.length] = byte;
        const read = splitUpdateBundle(isCut ? bytes.subarray(0, at) : bytes);
        expect(read === undefined || typeof read.manifest === 'string').toBe(true);
      }),
      { seed: 910, numRuns: 2_000 },
    );
  });
});

describe('a set of keys', () => {
  const keys = root.keys;
  it.each([
    ['a threshold of one', { ...root, threshold: 1 }],
    ['a threshold above its keys', { ...root, threshold: 4 }],
    ['one key under two names', { ...root, keys: [...keys, { ...keys[0], id: eve.id }] }],
    [
      'two keys of one name',
      { ...root, keys: [...keys, { ...keys[0], publicKey: eve.publicKey }] },
    ],
    ['no version', { ...root, version: 0 }],
    ['a key that is none', { ...root, keys: [...keys, { id: eve.id, publicKey: 'x' }] }],
    ['no keys', { version: 1, threshold: 2, keys: [] }],
  ])('with %s is none', (_, value) => {
    expect(updateRootOf(value)).toBeUndefined();
  });

  it('is read as it was written', () => {
    expect(updateRootOf(JSON.parse(JSON.stringify(root)))).toEqual(root);
  });
});

describe('a freeze', () => {
  const [fromMs, toMs] = [nowMs, nowMs + 7 * 86_400_000];
  const plan = { validFromMs: fromMs, validToMs: toMs, isInvolved: true } as AgentPlan;
  const minute = 60_000;

  it.each([
    ['long before', fromMs - 16 * minute, false, fromMs - 15 * minute],
    ['a quarter of an hour before', fromMs - 15 * minute, true, null],
    ['in the middle', fromMs + 1, true, null],
    ['in its last millisecond', toMs - 1, true, null],
    ['at its end', toMs, false, null],
  ])('by a plan, %s', (_, atMs, isFrozen, beginsAtMs) => {
    expect(freezeAt(plan, 'prep', atMs)).toEqual({ isFrozen, beginsAtMs });
  });

  it('is not at a site that takes no part, nor without a plan', () => {
    const free = { isFrozen: false, beginsAtMs: null };
    expect(freezeAt({ ...plan, isInvolved: false }, 'prep', fromMs)).toEqual(free);
    expect(freezeAt(undefined, 'prep', fromMs)).toEqual(free);
  });

  it.each(['quiet', 'off'] as const)('is on in mode %s, with a plan or without one', (mode) => {
    expect(freezeAt(undefined, mode, fromMs).isFrozen).toBe(true);
    expect(freezeAt(plan, mode, toMs).isFrozen).toBe(true);
  });
});

describe('versions', () => {
  it.each([
    ['0.2.0', '0.10.0', -1],
    ['1.0.0', '0.99.99', 1],
    ['0.1.0', '0.1.0', 0],
    ['0.1.0-rc.1', '0.1.0', 0],
  ])('%s against %s', (one, other, sign) => {
    expect(Math.sign(compareVersions(one, other))).toBe(sign);
  });
});
