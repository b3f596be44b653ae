import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { chooseVersion } from '../../agent/src/launcher/choose-version.ts';
import { placesOf } from '../../agent/src/launcher/places.ts';
import { readVersionState, writeVersionState } from '../../agent/src/launcher/state-file.ts';
import { start, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { installTree, newSigner, rootOf, updateOf } from '../support/update-kit.ts';

const victim = join(import.meta.dirname, '..', 'support', 'update-victim.mjs');
const ROUNDS = 25;
/** Staging and tidying two versions takes about as long here: every step is hit. */
const LONGEST_MS = 60;

describe('an agent that is killed while it stages an update', { timeout: 120_000 }, () => {
  it('leaves a whole version to every start, and condemns none', async () => {
    const folder = tempDir();
    const signers = [newSigner(), newSigner()];
    const root = rootOf(signers);
    installTree(folder, { launcher: '', root, version: '0.1.0', agent: 'agent of 0.1.0' });
    const files = ['0.2.0', '0.3.0'].map((version) => {
      const file = join(folder, `${version}.update`);
      writeFileSync(
        file,
        updateOf(`agent of ${version}`.repeat(50_000), signers, { version }).file,
      );
      return file;
    });
    const url = new URL(`file://${join(folder, 'launcher.mjs')}`).href;
    const places = placesOf(url, { PPE_PULSE_DATA_DIR: join(folder, 'data') });
    const seen = new Map<string, number>();
    // A machine with much to do gets less far in as long: then there are more rounds, and longer ones.
    for (let round = 0; round < ROUNDS || (seen.size < 2 && round < 5 * ROUNDS); round += 1) {
      const longestMs = LONGEST_MS * (1 + 4 * Math.floor(round / ROUNDS));
      const child = start(victim, [folder, places.versionsDir, ...files]);
      await until(() => child.output().includes('begun'), 'it has begun');
      await pause((longestMs * ((round * 7) % ROUNDS)) / ROUNDS);
      child.kill('SIGKILL');
      await child.ended;
      expect(child.errors()).toBe('');
      const warnings: string[] = [];
      const begin = { mayTry: true, nowMs: 0, warn: (line: string) => warnings.push(line) };
      const chosen = chooseVersion(places, begin);
      expect([chosen === undefined, warnings]).toEqual([false, []]);
      seen.set(chosen?.version ?? '', (seen.get(chosen?.version ?? '') ?? 0) + 1);
      const state = readVersionState(places.versionsDir);
      expect(state.bad).toEqual([]);
      // As if the try had never been made: the next round begins anew.
      if (state.trial) writeVersionState(places.versionsDir, { ...state, trial: null });
    }
    // Kills fell before a version was staged, and after.
    expect(seen.size).toBeGreaterThan(1);
    expect(readdirSync(places.versionsDir)).toContain('state.json');
  });
});
