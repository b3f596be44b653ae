import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { joinUpdateBundle, splitUpdateBundle } from '@ppe-pulse/protocol/update';
import { ConfigError } from '../../server/src/config-error.ts';
import { checkBundle } from '../../server/src/updates/check-bundle.ts';
import { RefusedUpdate } from '../../server/src/updates/update-refusal.ts';
import { readUpdateRoot } from '../../server/src/updates/update-root-file.ts';
import { signedUpdate } from '../support/rollout-fleet.ts';
import { tempDir } from '../support/temp-dir.ts';
import { manifestOf, newSigner, rootOf, signatureOf } from '../support/update-kit.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const [anna, boris, vera, stranger] = [newSigner(), newSigner(), newSigner(), newSigner()];
const root = rootOf([anna, boris, vera]);
const both = [anna, boris];

function refusalOf(file: Uint8Array, nowMs = NOW): string {
  try {
    checkBundle(file, root, nowMs);
    return 'taken';
  } catch (error) {
    if (error instanceof RefusedUpdate) return error.reason;
    throw error;
  }
}

/** A bundle whose manifest says this, over bytes that are others. */
function lying(part: object, packed = brotliCompressSync(Buffer.from('export {};\n'))): Uint8Array {
  const manifest = manifestOf(Buffer.from('export {};\n'), packed, part);
  const signatures = both.map((signer) => signatureOf(signer, manifest));
  return joinUpdateBundle({ manifest, signatures, packed });
}

describe('a bundle that is given to the collector', () => {
  it('is taken when two of the known keys signed it, whichever two', () => {
    const agent = randomBytes(200_000);
    const checked = checkBundle(signedUpdate([vera, anna], { version: '1.2.3' }, agent), root, NOW);
    expect(checked.parsed).toMatchObject({ version: '1.2.3', size: 200_000 });
    expect(refusalOf(signedUpdate([anna, boris, vera]))).toBe('taken');
  });

  it('is refused by the same words as an agent has', () => {
    expect(refusalOf(signedUpdate([anna]))).toBe('tooFewSignatures');
    expect(refusalOf(signedUpdate([]))).toBe('tooFewSignatures');
    expect(refusalOf(signedUpdate([anna, anna]))).toBe('sameKeyTwice');
    expect(refusalOf(signedUpdate([anna, stranger]))).toBe('unknownKey');
    expect(refusalOf(signedUpdate(both, { product: 'ppe-pulse-collector' }))).toBe('otherProduct');
    expect(refusalOf(signedUpdate(both, { rootVersion: 2 }))).toBe('unknownKey');
    expect(refusalOf(signedUpdate(both, { format: 'v2' }))).toBe('badManifest');
    expect(refusalOf(signedUpdate(both, { expiresAt: '2026-02-01T00:00:00Z' }))).toBe('expired');
    expect(refusalOf(signedUpdate(both, { expiresAt: '2026-03-01T00:00:00Z' }))).toBe('expired');
    for (const file of [Buffer.alloc(0), Buffer.from('{}'), randomBytes(5_000)])
      expect(refusalOf(file)).toBe('notABundle');
  });

  it('is refused when one byte of it is another, wherever', () => {
    const good = signedUpdate(both);
    const tried = new Set<string>();
    for (let at = 0; at < good.length; at += 7) {
      const file = Uint8Array.from(good);
      file[at] = (file[at] ?? 0) ^ 1;
      const refusal = refusalOf(file);
      expect([at, refusal]).not.toEqual([at, 'taken']);
      tried.add(refusal);
    }
    expect([...tried]).toContain('tampered');
  });

  it('is refused when what is inside is not what the signers said it is', () => {
    expect(refusalOf(lying({ sha256: '0'.repeat(64) }))).toBe('tampered');
    expect(refusalOf(lying({ size: 5 }))).toBe('tampered');
    expect(refusalOf(lying({ size: 50 }))).toBe('tampered');
    expect(refusalOf(lying({}, randomBytes(60)))).toBe('tampered');
  });

  it('costs no more memory than its manifest says, whatever it unpacks to', () => {
    const bomb = brotliCompressSync(Buffer.alloc(64_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().rss;
    expect(refusalOf(lying({ size: 1_000 }, bomb))).toBe('tampered');
    expect(process.memoryUsage().rss - before).toBeLessThan(32_000_000);
  });

  it('has its bytes as they were signed, to hand on', () => {
    const file = signedUpdate(both);
    expect(checkBundle(file, root, NOW)).toMatchObject({ ...splitUpdateBundle(file) });
  });
});

describe('the keys that bundles are checked by', () => {
  it('stand in a file, are none where there is no file, and are never guessed at', () => {
    const file = join(tempDir(), 'updates.root');
    expect(readUpdateRoot(file)).toBeNull();
    writeFileSync(file, JSON.stringify(root));
    expect(readUpdateRoot(file)).toEqual(root);
    for (const text of ['', '{}', JSON.stringify({ ...root, threshold: 1 })]) {
      writeFileSync(file, text);
      expect(() => readUpdateRoot(file)).toThrow(ConfigError);
    }
    expect(() => readUpdateRoot(tempDir())).toThrow(/cannot be read/);
  });
});
