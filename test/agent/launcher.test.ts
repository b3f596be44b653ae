import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseVersion, type Chosen } from '../../agent/src/launcher/choose-version.ts';
import { placesOf, type Places } from '../../agent/src/launcher/places.ts';
import {
  STATE_FILE,
  readVersionState,
  writeVersionState,
} from '../../agent/src/launcher/state-file.ts';
import {
  confirmed,
  failed,
  staged,
  stateAtFirst,
  type VersionState,
} from '../../agent/src/launcher/version-state.ts';
import { VersionStore } from '../../agent/src/update/version-store.ts';
import { readUpdateManifest } from '@ppe-pulse/protocol/update';
import { tempDir } from '../support/temp-dir.ts';
import { installTree, newSigner, rootOf, updateOf, type Signer } from '../support/update-kit.ts';

const nowMs = Date.parse('2024-05-01T00:00:00Z');

interface Installed {
  readonly places: Places;
  readonly signers: readonly Signer[];
  readonly warnings: string[];
  start(part?: { mayTry?: boolean; nowMs?: number }): Chosen | undefined;
  state(): VersionState;
  set(state: VersionState): void;
  /** Lays a signed version out and has it tried. */
  stage(version: string, trial?: { needsWelcome?: boolean; untilMs?: number | null }): void;
}

/** An installation of 0.1.0 on a real disk. */
function installed(version = '0.1.0'): Installed {
  const folder = tempDir();
  const signers = [newSigner(), newSigner(), newSigner()];
  const agent = `agent of ${version}`;
  installTree(folder, { launcher: '', root: rootOf(signers), version, agent });
  const url = new URL(`file://${join(folder, 'launcher.mjs')}`).href;
  const places = placesOf(url, { PPE_PULSE_DATA_DIR: join(folder, 'data') });
  const warnings: string[] = [];
  return {
    places,
    signers,
    warnings,
    start: (part = {}) =>
      chooseVersion(places, { mayTry: true, nowMs, warn: (line) => warnings.push(line), ...part }),
    state: () => readVersionState(places.versionsDir),
    set: (state) => writeVersionState(places.versionsDir, state),
    stage: (wanted, { needsWelcome = true, untilMs = null } = {}) => {
      const update = updateOf(`agent of ${wanted}`, signers.slice(0, 2), { version: wanted });
      const manifest = readUpdateManifest(update.manifest);
      if (!manifest) throw new Error('no manifest');
      const { installDir, versionsDir } = places;
      const place = { installDir, versionsDir, dataDir: '', version, isOnTrial: false };
      const trial = { needsWelcome, untilMs };
      const outcome = new VersionStore(place).stage(
        { offer: update, manifest },
        update.packed,
        trial,
      );
      expect(outcome).toBe('staged');
    },
  };
}

const on = (chosen: Chosen | undefined): string =>
  chosen ? `${chosen.version}${chosen.isOnTrial ? ' on trial' : ''}` : 'nothing';

describe('the launcher', () => {
  it('runs what was installed, and writes nothing for it', () => {
    const pc = installed();
    expect(on(pc.start())).toBe('0.1.0');
    expect(existsSync(join(pc.places.versionsDir, STATE_FILE))).toBe(false);
  });

  it('tries a staged version twice, counted before the start, and then goes back for good', () => {
    const pc = installed();
    pc.stage('0.2.0');
    expect(on(pc.start())).toBe('0.2.0 on trial');
    expect(pc.state().trial?.tries).toBe(1);
    expect(pc.state().standing).toEqual({ version: '0.2.0', state: 'trial', reason: 'ok' });
    expect(on(pc.start())).toBe('0.2.0 on trial');
    expect(on(pc.start())).toBe('0.1.0');
    expect(pc.state()).toMatchObject({ trial: null, current: null });
    expect(pc.state().bad).toEqual([{ version: '0.2.0', reason: 'crashed' }]);
    expect(pc.state().standing).toEqual({
      version: '0.2.0',
      state: 'rolledBack',
      reason: 'crashed',
    });
    expect(on(pc.start())).toBe('0.1.0');
  });

  it.each(['notConnected', 'selfTestFailed'] as const)(
    'remembers what the version on trial said of itself: %s',
    (failure) => {
      const pc = installed();
      pc.stage('0.2.0');
      pc.start();
      pc.start();
      pc.set(failed(pc.state(), failure));
      expect(on(pc.start())).toBe('0.1.0');
      expect(pc.state().bad).toEqual([{ version: '0.2.0', reason: failure }]);
    },
  );

  it('runs a confirmed version, and goes back to it from the next one', () => {
    const pc = installed();
    pc.stage('0.2.0');
    pc.start();
    pc.set(confirmed(pc.state(), null));
    expect(on(pc.start())).toBe('0.2.0');
    pc.stage('0.3.0');
    expect(on(pc.start())).toBe('0.3.0 on trial');
    pc.start();
    expect(on(pc.start())).toBe('0.2.0');
    expect(pc.state().current).toBe('0.2.0');
  });

  it('tries nothing for a question at the command line', () => {
    const pc = installed();
    pc.stage('0.2.0');
    expect(on(pc.start({ mayTry: false }))).toBe('0.1.0');
    expect(pc.state().trial?.tries).toBe(0);
  });

  it('does not begin a try inside a freeze, and keeps it for later', () => {
    const pc = installed();
    pc.stage('0.2.0', { untilMs: nowMs });
    expect(on(pc.start())).toBe('0.1.0');
    expect(pc.state().trial).toMatchObject({ version: '0.2.0', tries: 0 });
    expect(on(pc.start({ nowMs: nowMs - 1 }))).toBe('0.2.0 on trial');
  });

  it('passes over a version whose file on the disk is another one, and says so to the centre', () => {
    const pc = installed();
    pc.stage('0.2.0');
    pc.start();
    pc.set(confirmed(pc.state(), null));
    writeFileSync(join(pc.places.versionsDir, '0.2.0', 'agent.mjs'), 'agent of 0.2.0!');
    expect(on(pc.start())).toBe('0.1.0');
    expect(pc.warnings.join()).toContain('0.2.0');
    expect(pc.state().bad).toEqual([{ version: '0.2.0', reason: 'tampered' }]);
    expect(pc.state().standing).toMatchObject({ state: 'rolledBack', reason: 'tampered' });
  });

  it.each(['agent.mjs', 'manifest.json', 'signatures.json'])(
    'never runs a version on trial whose %s was changed',
    (file) => {
      const pc = installed();
      pc.stage('0.2.0');
      const path = join(pc.places.versionsDir, '0.2.0', file);
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(/[0-9]/, (digit) => `${9 - Number(digit)}`),
      );
      expect(on(pc.start())).toBe('0.1.0');
      expect(pc.state().bad).toEqual([{ version: '0.2.0', reason: 'tampered' }]);
    },
  );

  it('believes nobody where no keys were installed', () => {
    const pc = installed();
    pc.stage('0.2.0');
    rmSync(join(pc.places.installDir, 'update-root.json'));
    expect(on(pc.start())).toBe('0.1.0');
  });

  it('takes what an installer brought over an older update, and what is newer over that', () => {
    const pc = installed();
    pc.stage('0.2.0');
    pc.start();
    pc.set(confirmed(pc.state(), null));
    const root = rootOf(pc.signers);
    const tree = { launcher: '', root, version: '0.3.0', agent: 'agent of 0.3.0' };
    installTree(pc.places.installDir, tree);
    expect(on(pc.start())).toBe('0.3.0');
    expect(pc.state()).toMatchObject({ current: null, previous: null });
    pc.stage('0.4.0');
    expect(on(pc.start())).toBe('0.4.0 on trial');
  });

  it('has nothing to run where everything is damaged', () => {
    const pc = installed();
    writeFileSync(join(pc.places.installedDir, '0.1.0', 'agent.mjs'), 'other');
    expect(on(pc.start())).toBe('nothing');
  });

  it.each(['', '{', '[]', 'null', '{"trial":{"version":"../../x","tries":-1}}', '{"current":7}'])(
    'takes a state file that says %j for none',
    (text) => {
      const pc = installed();
      mkdirSync(pc.places.versionsDir, { recursive: true });
      writeFileSync(join(pc.places.versionsDir, STATE_FILE), text);
      expect(pc.state()).toEqual(stateAtFirst);
      expect(on(pc.start())).toBe('0.1.0');
    },
  );

  it('does not try what it cannot count: a folder in the place of the state', () => {
    const pc = installed();
    pc.stage('0.2.0');
    const state = readFileSync(join(pc.places.versionsDir, STATE_FILE), 'utf8');
    // The rename of the next state fails, as on a disk that takes nothing; the old one is read.
    mkdirSync(join(pc.places.versionsDir, `${STATE_FILE}.new`));
    expect(on(pc.start())).toBe('0.1.0');
    expect(readFileSync(join(pc.places.versionsDir, STATE_FILE), 'utf8')).toBe(state);
    expect(pc.warnings.join()).toContain('cannot be written');
  });

  it('believes new keys once an update of the old ones brought them', () => {
    const pc = installed();
    const next = [newSigner(), newSigner()];
    const { installDir, versionsDir } = pc.places;
    const place = { installDir, versionsDir, dataDir: '', version: '0.1.0', isOnTrial: false };
    const bring = (version: string, signers: readonly Signer[], part: object): string => {
      const update = updateOf(`agent of ${version}`, signers, { version, ...part });
      const manifest = readUpdateManifest(update.manifest);
      if (!manifest) throw new Error('no manifest');
      const trial = { needsWelcome: true, untilMs: null };
      return new VersionStore(place).stage({ offer: update, manifest }, update.packed, trial);
    };
    expect(new VersionStore(place).root?.version).toBe(1);
    bring('0.2.0', [...pc.signers, ...next], { nextRoot: rootOf(next, 2) });
    expect(on(pc.start())).toBe('0.2.0 on trial');
    pc.set(confirmed(pc.state(), null));
    expect(new VersionStore(place).root).toEqual(rootOf(next, 2));
    bring('0.3.0', next, { rootVersion: 2 });
    expect(on(pc.start())).toBe('0.3.0 on trial');
    // Without the way there the new keys are strangers.
    rmSync(join(versionsDir, 'rotations.json'));
    pc.set(staged(pc.state(), { version: '0.3.0', needsWelcome: true, untilMs: null }));
    expect(on(pc.start())).toBe('0.2.0');
  });
});
