import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nextUpdateRoot } from '../../server/src/updates/adopt-root.ts';
import { readUpdateRoot } from '../../server/src/updates/update-root-file.ts';
import { RefusedUpdate } from '../../server/src/updates/update-refusal.ts';
import { api, testCollector } from '../support/collector.ts';
import { runCollector } from '../support/run-collector.ts';
import { signedUpdate } from '../support/rollout-fleet.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, rootOf } from '../support/update-kit.ts';

const [anna, boris, vera, galya] = [newSigner(), newSigner(), newSigner(), newSigner()];
const first = rootOf([anna, boris]);
const second = rootOf([vera, galya], 2);
const third = rootOf([anna, vera], 3);
const everybody = [anna, boris, vera, galya];
const fileOf = (root: unknown): Buffer => Buffer.from(JSON.stringify(root));

function outcome(file: Uint8Array, current: typeof first | null): unknown {
  try {
    return nextUpdateRoot(file, current);
  } catch (error) {
    if (error instanceof RefusedUpdate) return error.reason;
    throw error;
  }
}

describe('the keys that a collector believes updates by', () => {
  it('are followed by those that both sets have signed, and by no others', () => {
    const bringing = { nextRoot: second };
    expect(outcome(signedUpdate(everybody, bringing), first)).toEqual(second);
    expect(outcome(signedUpdate([vera, galya], bringing), first)).toBe('tooFewSignatures');
    expect(outcome(signedUpdate([anna, boris], bringing), first)).toBe('tooFewSignatures');
    expect(outcome(signedUpdate([anna, vera, galya], bringing), first)).toBe('tooFewSignatures');
    const stranger = newSigner();
    expect(outcome(signedUpdate([anna, stranger], bringing), first)).toBe('unknownKey');
    // A step cannot be left out, nor taken twice.
    const later = { rootVersion: 2, nextRoot: third };
    expect(outcome(signedUpdate(everybody, later), first)).toBe('unknownKey');
    expect(outcome(signedUpdate(everybody, bringing), second)).toBe('unknownKey');
    expect(outcome(signedUpdate([vera, galya, anna], later), second)).toEqual(third);
    expect(outcome(signedUpdate([anna, boris]), first)).toBe('bringsNoRoot');
    const old = {
      ...bringing,
      createdAt: '2020-01-01T00:00:00Z',
      expiresAt: '2020-02-01T00:00:00Z',
    };
    expect(outcome(signedUpdate(everybody, old), first)).toEqual(second);
  });

  it('are the first ones as they are handed over, and never again unsigned', () => {
    expect(outcome(fileOf(first), null)).toEqual(first);
    expect(outcome(fileOf(first), first)).toEqual(first);
    expect(outcome(fileOf(second), first)).toBe('unsignedRoot');
    expect(outcome(fileOf(rootOf([vera, galya])), first)).toBe('unsignedRoot');
    expect(outcome(fileOf({ ...first, threshold: 1 }), null)).toBe('notABundle');
    expect(outcome(Buffer.from('keys'), first)).toBe('notABundle');
    expect(outcome(signedUpdate(everybody, { nextRoot: second }), null)).toBe('noUpdateRoot');
  });

  it('change by one command of the collector that runs, which writes it down', async () => {
    const data = tempDir();
    const collector = await testCollector({ dataDir: data });
    const bring = async (file: Uint8Array) => {
      const path = join(data, 'handed-over');
      writeFileSync(path, file);
      const { code, out, err } = await runCollector('update', 'root', path, '--data', data);
      return { code, said: [...out, ...err].join(' ') };
    };
    expect(await bring(fileOf(first))).toEqual({
      code: 0,
      said: 'updates are believed of set 1: 2 of 2 keys',
    });
    expect(await bring(fileOf(second))).toMatchObject({
      code: 78,
      said: expect.stringContaining('nobody signed this set 2') as string,
    });
    const kept = join(data, 'updates.root');
    expect(readUpdateRoot(kept)).toEqual(first);
    expect(await bring(signedUpdate(everybody, { nextRoot: second }))).toEqual({
      code: 0,
      said: 'updates are believed of set 2: 2 of 2 keys',
    });
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual(second);
    const added = join(data, 'next.update');
    writeFileSync(added, signedUpdate([vera, galya], { rootVersion: 2 }));
    expect(await runCollector('update', 'add', added, '--data', data)).toMatchObject({ code: 0 });
    const { body } = await api(collector, '/api/v1/audit');
    const { items } = body as unknown as { items: readonly { action: string; subject: string }[] };
    const entries = items.filter(({ action }) => action.startsWith('update.'));
    expect(entries.map(({ action, subject }) => `${action} ${subject}`).toReversed()).toEqual([
      'update.root 1',
      'update.reject unsignedRoot',
      'update.root 2',
      'update.add 0.2.0',
    ]);
    expect((await runCollector('update', 'root', '--data', data)).err[0]).toContain('needs a file');
  });
});
